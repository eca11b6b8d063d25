"""The expressions that compute values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provisioning.language import Expression
from provisioning.language.nodes import Attribute, walk
from provisioning.planning.active import COMPUTED
from provisioning.planning.rules.case import Case, Touched, nearest
from provisioning.planning.rules.finding import Finding, picture_of

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_CHARACTERS = 10_000
"""How long an expression may be (Learn: known-issues#expressions)."""

ALWAYS_THERE = COMPUTED | {"objectId", "userPrincipalName", "accountEnabled"}
"""Source attributes that nobody is without (graph: user)."""

SOURCE = ".source"


def unknown_attributes(case: Case) -> Iterator[Finding]:
    """Find source attributes that Entra does not list; their case counts (azure-docs#58604)."""
    for touched, expression in _expressions(case):
        known = {*case.sources(touched.kind)}
        nodes = [node for node in walk(expression.root) if isinstance(node, Attribute)] if known else []
        for node in nodes:
            if node.name not in known | COMPUTED:
                close = nearest(node.name, known)
                yield touched.mistake(
                    f"There is no source attribute {node.name}{f'; the nearest is {close}' if close else ''}.",
                    at=SOURCE,
                    hint=f"Write [{close}]." if close else "",
                    picture=picture_of(str(expression), node.position),
                )


def useless_constants(case: Case) -> Iterator[Finding]:
    """Find constants that their function cannot use, which would fail everybody."""
    for touched, expression in _expressions(case):
        for concern in expression.concerns:
            picture = picture_of(concern.text, concern.position or 0)
            if not _is_about_attribute(expression, concern.position):
                yield touched.mistake(concern.problem, at=SOURCE, hint=concern.hint, picture=picture)


def empty_conditions(case: Case) -> Iterator[Finding]:
    """Find ``IIF`` on what somebody may lack: whoever does is failed (Learn: functions#iif, known limitations)."""
    for touched, expression in _expressions(case):
        asked = [each for each in expression.concerns if _is_about_attribute(expression, each.position)]
        for concern in asked:
            picture = picture_of(concern.text, concern.position or 0)
            yield touched.warning(concern.problem, at=SOURCE, hint=concern.hint, picture=picture)
        sources = case.sources(touched.kind)
        required = {name for name, definition in sources.items() if definition.required}
        lacking = sorted(expression.conditions - ALWAYS_THERE - required)
        if lacking and not asked:
            names = ", ".join(f"[{name}]" for name in lacking)
            yield touched.warning(
                f"IIF fails whoever has no value for {names}.",
                at=SOURCE,
                hint='Use Switch, whose key "" matches an empty value.',
            )


def long_expressions(case: Case) -> Iterator[Finding]:
    """Find expressions that Entra does not save for their length (Learn: known-issues#expressions).

    What is sent is the canonical text, which may be longer than what was written.
    """
    for touched in case.touched():
        length = len(touched.after.written) if touched.after and touched.after.source else 0
        if length > MOST_CHARACTERS:
            yield touched.mistake(
                f"The expression has {length:,} characters, and Entra takes {MOST_CHARACTERS:,}.", at=SOURCE
            )


def unread_sources(case: Case) -> Iterator[Finding]:
    """Find sources at the service that cannot be read here, and so not checked either."""
    for touched in case.touched():
        unread = touched.after.unread if touched.after else None
        if unread:
            yield touched.warning(f"The service holds a source that cannot be read here, and it stays: {unread}")


def expression_of(touched: Touched) -> Expression | None:
    """Read the source anew from its canonical text, so that positions fit what is shown; ``None`` when too long."""
    source = touched.after.source if touched.after else None
    return Expression.parse(str(source)) if source and len(str(source)) <= MOST_CHARACTERS else None


def _expressions(case: Case) -> Iterator[tuple[Touched, Expression]]:
    for touched in case.touched():
        expression = expression_of(touched)
        if expression:
            yield touched, expression


def _is_about_attribute(expression: Expression, position: int | None) -> bool:
    """Tell a concern about an attribute, which fails some people, from one about a constant, which fails everybody."""
    return any(isinstance(node, Attribute) and node.position == position for node in walk(expression.root))

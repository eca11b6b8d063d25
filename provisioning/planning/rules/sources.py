"""The expressions that compute values."""

from __future__ import annotations

from collections.abc import Iterator

from provisioning.language import LONGEST, Expression
from provisioning.language.choices import BY_THE_REFERENCE, EMPTY_CONDITION
from provisioning.language.nodes import Attribute, walk
from provisioning.planning.active import COMPUTED
from provisioning.planning.rules.case import Case, Touched, unknown_source
from provisioning.planning.rules.finding import Finding, picture_of
from provisioning.words import counted

SOURCE = ".source"

FASTER = "Write it so that a text can be taken apart in one way only, without a repetition inside a repetition."


def slow_sentence(pattern: str) -> str:
    """Say that a regular expression can take for ever."""
    return f"the regular expression {pattern} can take for ever on some texts."


def unknown_attributes(case: Case) -> Iterator[Finding]:
    """Find source attributes that Entra does not list; their case counts (azure-docs#58604)."""
    for touched, expression in _expressions(case):
        for node in walk(expression.root):
            if not isinstance(node, Attribute) or node.name in COMPUTED:
                continue
            unknown = unknown_source(case, touched.kind, node.name)
            if unknown:
                hint = f"Write [{unknown.nearest}]." if unknown.nearest else unknown.hint
                picture = picture_of(str(expression), node.position)
                yield touched.mistake(unknown.problem, at=SOURCE, hint=hint, picture=picture)


def useless_constants(case: Case) -> Iterator[Finding]:
    """Find constants that their function cannot use, which would fail everybody."""
    for touched, expression in _expressions(case):
        for concern in expression.concerns:
            picture = picture_of(concern.text, concern.position or 0)
            if not _is_about_attribute(expression, concern.position):
                yield touched.mistake(concern.problem, at=SOURCE, hint=concern.hint, picture=picture)


def empty_conditions(case: Case) -> Iterator[Finding]:
    """Find ``IIF`` on what somebody may lack, of which the documents say several things (Learn: functions#iif)."""
    for touched, expression in _expressions(case):
        asked = [each for each in expression.concerns if _is_about_attribute(expression, each.position)]
        for concern in asked:
            picture = picture_of(concern.text, concern.position or 0)
            yield touched.warning(concern.problem, at=SOURCE, hint=concern.hint, picture=picture)
        lacking = sorted(expression.conditions - case.sure(touched.kind))
        if lacking and not asked:
            names = ", ".join(f"[{name}]" for name in lacking)
            does = EMPTY_CONDITION[BY_THE_REFERENCE.iif_on_empty_attribute]
            yield touched.warning(
                f"IIF {does} {names}, as Microsoft's documents are read here; they can be read otherwise.",
                at=SOURCE,
                hint='Use Switch, whose key "" matches an empty value.',
            )


def slow_patterns(case: Case) -> Iterator[Finding]:
    """Find regular expressions that can take for ever; whether the service has a limit is not documented."""
    for touched, expression in _expressions(case):
        for pattern in expression.slow_patterns:
            yield touched.warning(slow_sentence(pattern), at=SOURCE, hint=FASTER)


def long_expressions(case: Case) -> Iterator[Finding]:
    """Find expressions that Entra does not save for their length (Learn: known-issues#expressions).

    What is sent is the canonical text, which may be longer than what was written.
    """
    for touched in case.touched():
        length = len(touched.after.written) if touched.after and touched.after.source else 0
        if length > LONGEST:
            yield touched.mistake(
                f"The expression has {counted(length, 'character')}, and Entra takes {LONGEST:,}.", at=SOURCE
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
    return Expression.parse(str(source)) if source and len(str(source)) <= LONGEST else None


def _expressions(case: Case) -> Iterator[tuple[Touched, Expression]]:
    for touched in case.touched():
        expression = expression_of(touched)
        if expression:
            yield touched, expression


def _is_about_attribute(expression: Expression, position: int | None) -> bool:
    """Tell a concern about an attribute, which fails some people, from one about a constant, which fails everybody."""
    return any(isinstance(node, Attribute) and node.position == position for node in walk(expression.root))

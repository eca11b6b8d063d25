"""``Replace``: five functions in one, told apart by which arguments are present (Learn: functions#replace)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from provisioning.errors import EvaluationError
from provisioning.language.dotnet.regex import Regex, expanded, regex_of

if TYPE_CHECKING:
    from regex import Match

SOURCE = "source"
OLD = "oldValue"
if TYPE_CHECKING:
    # Only named here: importing it takes as long as the rest of the language.
    from regex import Match

PATTERN = "regexPattern"
GROUP = "regexGroupName"
REPLACEMENT = "replacementValue"
ATTRIBUTE = "replacementAttributeName"
TEMPLATE = "template"

Given: TypeAlias = Mapping[str, str | None]
"""The arguments of one call by name, with the text that each has for the person at hand."""

Way: TypeAlias = Callable[[Given, float], str | None]
"""One of the five functions: of the arguments, and of the seconds that a match may take."""


def _old_value(given: Given, _: float) -> str | None:
    """Replace every occurrence of a text by another."""
    source, old = given[SOURCE], _needed(given, OLD)
    return None if source is None else source.replace(old, given[REPLACEMENT] or "")


def _template(given: Given, _: float) -> str | None:
    """Put the source into a template."""
    source, template = given[SOURCE], given[TEMPLATE]
    return None if source is None or template is None else template.replace(_needed(given, OLD), source)


def _pattern(given: Given, limit: float) -> str | None:
    """Replace what matches; the replacement may name groups, as in ``${phoneNumber}``."""
    source, regex, replacement = given[SOURCE], regex_of(_needed(given, PATTERN)), given[REPLACEMENT] or ""
    if source is None:
        return None
    return regex.replace(source, lambda match: expanded(match, replacement, regex.groups), limit=limit)


def _group(given: Given, limit: float) -> str | None:
    """Replace the text of one group wherever the pattern matches."""
    source, (regex, group), replacement = given[SOURCE], _regex_and_group(given), given[REPLACEMENT] or ""

    def replaced(match: Match[str]) -> str:
        begin, end = match.span(group)
        if begin < 0:
            return match[0]
        return match.string[match.start() : begin] + replacement + match.string[end : match.end()]

    return None if source is None else regex.replace(source, replaced, limit=limit)


def _other_attribute(given: Given, limit: float) -> str | None:
    """Keep the source, unless it is empty: then take a group out of another attribute."""
    source, (regex, group) = given[SOURCE], _regex_and_group(given)
    if source:
        return source
    match = regex.search(given[ATTRIBUTE] or "", limit=limit)
    return match[group] if match else None


WAYS: Mapping[frozenset[str], Way] = {
    frozenset({OLD, REPLACEMENT}): _old_value,
    frozenset({OLD, TEMPLATE}): _template,
    frozenset({PATTERN, REPLACEMENT}): _pattern,
    frozenset({PATTERN, GROUP, REPLACEMENT}): _group,
    frozenset({PATTERN, GROUP, ATTRIBUTE}): _other_attribute,
}
"""What ``Replace`` does, by the arguments that are present besides the source."""


def _needed(given: Mapping[str, str | None], name: str) -> str:
    text = given[name]
    if not text:
        raise EvaluationError(f"The {name} of Replace is empty.")
    return text


def _regex_and_group(given: Given) -> tuple[Regex, int]:
    regex, name = regex_of(_needed(given, PATTERN)), _needed(given, GROUP)
    if name not in regex.groups:
        raise EvaluationError(f"The regular expression of Replace has no group {name}.")
    return regex, regex.groups[name]

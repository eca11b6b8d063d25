"""What Microsoft's documents leave open, or contradict each other in. Each is a choice with a default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from provisioning.language.dotnet.regex import MATCH_LIMIT

EmptyCondition: TypeAlias = Literal["is false", "gives nothing", "fails", "compares"]
"""What ``IIF`` may do when an attribute that its condition looks at is empty."""

EMPTY_CONDITION: Mapping[EmptyCondition, str] = {
    "is false": "takes its last value for whoever has no",
    "gives nothing": "gives nothing to whoever has no",
    "fails": "fails whoever has no",
    "compares": "compares with an empty text for whoever has no",
}
"""The same in words, between ``IIF`` and the names of the attributes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """How the undocumented is decided. The defaults follow the reference wherever it says anything."""

    coalesce_skips_empty_text: bool = False
    """Whether ``Coalesce`` passes over ``""`` as it does over null. The reference says null only; Microsoft's
    SuccessFactors guide of 2025 prints a result in which an empty text is skipped."""

    iif_on_empty_attribute: EmptyCondition = "is false"
    """What ``IIF`` does when an attribute in its condition is empty. The reference says that "the condition check
    fails", which can mean that the condition is false, that this attribute does not flow, or that the person fails;
    the same page recommends an ``IIF`` whose last value stands for everybody else, which only holds for the first.
    The guide for SuccessFactors prints results as if null were an empty text. Argued in decision 17."""

    join_of_nothing: Literal["empty text", "null"] = "empty text"
    """What ``Join`` gives when every source is empty. Not documented; .NET's ``String.Join`` gives an empty text."""

    regex_match: Literal["whole value", "anywhere"] = "whole value"
    """Whether the pattern of ``REGEX MATCH`` must match the whole value. The documents give ``([1-9][0-9])`` as "any
    number between 10 and 99", which only holds for the whole value, and never say it."""

    ampersand: Literal["contained", "bits"] = "contained"
    """What ``&`` and ``!&`` of a scoping filter ask. The documents: whether the attribute "exists in the input string
    value"; the sign, and exports of cloud sync, suggest a test of bits."""

    regex_limit: float = MATCH_LIMIT
    """Seconds that one match of a regular expression may take before it fails the person. Which limit the service
    has, and whether it has one, is not documented."""

    experimental_groups: Literal["decide", "are ignored"] = "decide"
    """Whether ``inputFilterGroups`` and ``categoryFilterGroups`` decide who is provisioned. Graph says how they do,
    and calls them experimental."""

    leaving_the_category: Literal["deprovisions", "leaves alone"] = "deprovisions"
    """What becomes of somebody who no longer satisfies ``categoryFilterGroups``. Graph says that leaving ``groups``
    deprovisions, that leaving ``inputFilterGroups`` does not, and nothing of these: so the worse is expected."""


BY_THE_REFERENCE = Choices()
"""Every choice made as the reference says."""

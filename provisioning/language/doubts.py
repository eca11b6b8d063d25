"""What Microsoft's documents leave open, or contradict each other in. Each is a choice with a default."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubts:
    """How the undocumented is decided. The defaults follow the reference wherever it says anything."""

    coalesce_skips_empty_text: bool = False
    """Whether ``Coalesce`` passes over ``""`` as it does over null. The reference says null only; Microsoft's
    SuccessFactors guide of 2025 prints a result in which an empty text is skipped."""

    iif_on_empty_attribute: Literal["fails", "compares"] = "fails"
    """What ``IIF`` does when an attribute in its condition is empty. The reference calls that unsupported (the check
    fails); the same guide prints results, as if null were an empty text."""

    join_of_nothing: Literal["empty text", "null"] = "empty text"
    """What ``Join`` gives when every source is empty. Not documented; .NET's ``String.Join`` gives an empty text."""

    regex_match: Literal["whole value", "anywhere"] = "whole value"
    """Whether the pattern of ``REGEX MATCH`` must match the whole value. The documents give ``([1-9][0-9])`` as "any
    number between 10 and 99", which only holds for the whole value, and never say it."""

    ampersand: Literal["contained", "bits"] = "contained"
    """What ``&`` and ``!&`` of a scoping filter ask. The documents: whether the attribute "exists in the input string
    value"; the sign, and exports of cloud sync, suggest a test of bits."""


BY_THE_REFERENCE = Doubts()
"""Every doubt decided as the reference says."""

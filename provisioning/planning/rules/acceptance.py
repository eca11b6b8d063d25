"""What somebody has accepted: the numbers that were written, held against the findings that need one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from provisioning.errors import UnsafeChangeError
from provisioning.planning.rules.finding import AcceptingSetting, Finding, Weight

WAS_THERE = "stood there already at the last change, and is spent"


@dataclass(frozen=True, slots=True)
class Acceptance:
    """How many people may be touched, where somebody has said so. It is of one change."""

    leavers: int | None = None
    entrants: int | None = None
    spent: frozenset[str] = frozenset()
    """The inputs whose number stood there already when the last change was made, such as ``acceptLeavers``."""

    def of(self, setting: AcceptingSetting) -> int | None:
        """Give the number that was written."""
        return self.leavers if setting is AcceptingSetting.LEAVERS else self.entrants

    def covers(self, finding: Finding) -> bool:
        """Tell whether a finding is accepted."""
        number = self.of(finding.accepts)
        return number is not None and not self.is_spent(finding.accepts) and number >= (finding.number or 1)

    def is_spent(self, setting: AcceptingSetting) -> bool:
        """Tell whether a number was written that stood there already when the last change was made."""
        return self.of(setting) is not None and setting.value in self.spent


def refusal_of(findings: Iterable[Finding], acceptance: Acceptance) -> UnsafeChangeError | None:
    """Say why a change is not made as long as nobody accepts it; ``None`` when it may be."""
    open_ones = [each for each in findings if each.weight is Weight.ACCEPTABLE and not acceptance.covers(each)]
    if not open_ones:
        return None
    hints = [*_hints(open_ones, acceptance)]
    return UnsafeChangeError("\n".join(str(finding) for finding in open_ones), hint=" ".join(hints))


def accepted(findings: Iterable[Finding], acceptance: Acceptance) -> Iterator[str]:
    """Say what was accepted, and what was written and accepts nothing."""
    acceptable = [finding for finding in findings if finding.weight is Weight.ACCEPTABLE]
    for finding in acceptable:
        if acceptance.covers(finding):
            yield f"{finding} That is accepted by {finding.accepts.value}: {acceptance.of(finding.accepts)}."
    for setting in AcceptingSetting:
        number = acceptance.of(setting)
        if number is not None and not any(finding.accepts is setting for finding in acceptable):
            yield f"{setting.value}: {number} is set and accepts nothing here; take it out again."


def _hints(findings: Sequence[Finding], acceptance: Acceptance) -> Iterator[str]:
    """Give the words that accept findings, and say of a number that was written why it does not."""
    wanted = [setting for setting in AcceptingSetting if any(each.accepts is setting for each in findings)]
    for setting in wanted:
        if acceptance.of(setting) is not None:
            why = WAS_THERE if acceptance.is_spent(setting) else "is not enough"
            yield f"{setting.value}: {acceptance.of(setting)} {why}."
    words = " and ".join(_words(setting, findings, acceptance) for setting in wanted)
    what = "another number" if any(map(acceptance.is_spent, wanted)) else "this"
    yield f"If that is meant, set {what}, spelled as your other settings are: {words}"


def _words(setting: AcceptingSetting, findings: Sequence[Finding], acceptance: Acceptance) -> str:
    number, spent = _number(setting, findings), acceptance.is_spent(setting)
    if number is None:
        other = f", but not {acceptance.of(setting)}" if spent else ""
        return f"{setting.value}: and the highest number that you stand for{other}"
    # The number that was used could not be told from itself, written for another change; nor is it forgotten when it is
    # taken out, as long as this change makes every run fail. One more is another number, and is enough.
    return f"{setting.value}: {number + 1 if spent and number == acceptance.of(setting) else number}"


def _number(setting: AcceptingSetting, findings: Sequence[Finding]) -> int | None:
    numbers = [each.number for each in findings if each.accepts is setting and each.number is not None]
    return max(numbers, default=None)

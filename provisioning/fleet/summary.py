"""Many tenants in few lines: what would be done, what was, and what has to be looked at."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from provisioning.errors import ConfigurationError
from provisioning.fleet.acts import TenantOutcome, TenantPlan, Verdict
from provisioning.words import counted

MANY = 2
"""In so many tenants at once nobody leaves, nor do many come in, without a checksum: a mistake in the defaults looks
like that."""

OTHERWISE = ", or lose or get access uncounted or by a number in their rows,"


@dataclass(frozen=True, slots=True)
class FleetPlan:
    """What would be done, tenant by tenant."""

    plans: tuple[TenantPlan, ...]

    @property
    def changing(self) -> tuple[TenantPlan, ...]:
        """Those for whom something would be done."""
        return tuple(plan for plan in self.plans if plan.verdict is Verdict.CHANGES)

    @property
    def touching(self) -> tuple[TenantPlan, ...]:
        """Those in which people would leave, or lose or get access by a number, or nobody knows how many."""
        return tuple(plan for plan in self.changing if plan.leaving or plan.is_accepted or not plan.is_counted)

    @property
    def is_severe(self) -> bool:
        """Tell whether people would lose access in many tenants at once, or many would get it."""
        return len(self.touching) >= MANY

    @property
    def checksum(self) -> str:
        """What would be done to whom, over all tenants, in one word."""
        done = sorted((plan.tenant, plan.checksum) for plan in self.changing)
        return hashlib.sha256(json.dumps(done).encode()).hexdigest()[:8]

    @property
    def accepted(self) -> Mapping[str, str]:
        """The checksum of each that would change, by name."""
        return {plan.tenant: plan.checksum for plan in self.changing}

    @property
    def lines(self) -> Sequence[str]:
        """What comes of it, a sentence each."""
        return [*self._lines()]

    def _lines(self) -> Iterator[str]:
        yield tally_of(plan.verdict for plan in self.plans)
        leaving, entering = (sum(getattr(plan, what) for plan in self.changing) for what in ("leaving", "entering"))
        if leaving or entering:
            yield f"{leaving:,} would leave, {entering:,} would enter."
        if self.is_severe:
            names = ", ".join(plan.tenant for plan in self.touching)
            otherwise = OTHERWISE if any(not plan.leaving for plan in self.touching) else ""
            yield f"People would leave{otherwise} in {counted(len(self.touching), 'tenant')} at once: {names}."


@dataclass(frozen=True, slots=True)
class NewTokens:
    """Who is going to get a new token."""

    tenants: tuple[str, ...]
    stack: str = ""
    is_severe: bool = False
    checksum: str = ""

    @classmethod
    def of(cls, found: Iterable[TenantOutcome]) -> NewTokens:
        """Take those whose token is another one."""
        return cls(tuple(one.tenant for one in found if one.verdict is Verdict.CHANGES))

    @property
    def lines(self) -> Sequence[str]:
        """What comes of it, a sentence each."""
        names = ", ".join(self.tenants)
        tried = "each is tried before and after it is saved, and one person of each is provisioned as a probe"
        return [f"Entra gets a new token for {names}: {tried}."]


WORDS: Mapping[Verdict, str] = {Verdict.CHANGES: "to be changed"}
"""Verdicts that are called otherwise after a number."""


def tally_of(verdicts: Iterable[Verdict]) -> str:
    """Say how many stand how, such as ``97 unchanged, 3 to be changed``."""
    counts = Counter(verdicts)
    told = (f"{counts[each]:,} {WORDS.get(each, each.value)}" for each in Verdict if counts[each])
    return f"{', '.join(told)}."


def worst(outcomes: Iterable[TenantOutcome | TenantPlan]) -> Verdict | None:
    """Give the verdict that a pipeline has to hear of; ``None`` when all are well.

    A stack without a row is told and stops no pipeline: nothing that is declared depends on it.
    """
    found = {one.verdict for one in outcomes if not one.is_well}
    order = (Verdict.FAILED, Verdict.UNWELL, Verdict.REFUSED, Verdict.MOVED, Verdict.LEFT_OUT, Verdict.WAITING)
    return next((verdict for verdict in order if verdict in found), None)


def write_accepted(path: Path, plan: FleetPlan) -> None:
    """Keep what was shown, so that exactly this is applied later: checksums, and no names of people."""
    write_checksums(path, plan.checksum, plan.accepted)


def write_checksums(path: Path, checksum: str, tenants: Mapping[str, str]) -> None:
    """Write the checksum over all of them, and that of each by name."""
    path.write_text(json.dumps({"checksum": checksum, "tenants": tenants}, indent=2) + "\n", "utf-8")


def read_accepted(path: Path) -> Mapping[str, str]:
    """Read what :func:`write_accepted` kept.

    :raises ConfigurationError: when it is not that.
    """
    try:
        tenants: Any = json.loads(path.read_text(encoding="utf-8"))["tenants"]
        return {str(name): str(checksum) for name, checksum in tenants.items()}
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise ConfigurationError(
            f"{path} is not what elium fleet plan --out wrote.", hint="Write it anew: elium fleet plan --out FILE"
        ) from error

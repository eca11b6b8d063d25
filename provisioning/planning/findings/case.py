"""What a checker looks at: a schema as it is, what is declared about it, and as it would be."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING

from provisioning.planning.findings.finding import Finding, Severity, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from provisioning.model.attribute import AttributeDefinition
    from provisioning.model.declaration import DeclaredSchema
    from provisioning.model.mapping import AttributeMapping, ObjectKind
    from provisioning.model.schema import SynchronizationSchema
    from provisioning.model.connection import Scope


@dataclass(frozen=True, slots=True)
class Touched:
    """A declared mapping, as it is and as it would be."""

    kind: ObjectKind
    target: str
    before: AttributeMapping | None
    after: AttributeMapping | None
    definition: AttributeDefinition | None
    """What Elium says about the target attribute; ``None`` when it says nothing."""

    @property
    def place(self) -> str:
        """Where it was written."""
        return f"mappings.{self.kind.value}.{self.target}"

    def finding(self, sentence: str, *, at: str = "", hint: str = "", picture: str = "") -> Finding:
        """Make a finding: an error, or a warning when the service has the mapping like that already."""
        severity = Severity.WARNING if self.before == self.after else Severity.ERROR
        return Finding(severity, self.place + at, sentence, hint, picture)

    def warning(self, sentence: str, *, at: str = "", hint: str = "", picture: str = "") -> Finding:
        """Make a finding that refuses nothing."""
        return Finding(Severity.WARNING, self.place + at, sentence, hint, picture)


@dataclass(frozen=True, slots=True)
class Case:
    """What is to be checked."""

    observed: SynchronizationSchema
    declared: DeclaredSchema
    scope: Scope | None = None
    """Who is considered afterwards; ``None`` when nobody says."""
    surroundings: Surroundings = field(default_factory=Surroundings)

    @property
    def kinds(self) -> list[ObjectKind]:
        """The kinds whose mappings are declared and that the app has."""
        return [kind for kind, mappings in self.declared.mappings.items() if mappings and self.observed.has(kind)]

    def before(self, kind: ObjectKind) -> Mapping[str, AttributeMapping]:
        """Give the mappings as they are."""
        return self.observed.mappings(kind)

    def after(self, kind: ObjectKind) -> Mapping[str, AttributeMapping]:
        """Give the mappings as they would be."""
        after = dict(self.before(kind))
        for target, wanted in self.declared.mappings.get(kind, {}).items():
            if wanted is None:
                after.pop(target, None)
            else:
                after[target] = wanted.applied_to(after.get(target))
        return after

    def targets(self, kind: ObjectKind) -> Mapping[str, AttributeDefinition]:
        """Give the attributes that Elium would have."""
        return {**self.declared.attributes.get(kind, {}), **self.observed.target_attributes(kind)}

    def touched(self) -> Iterator[Touched]:
        """List the declared mappings in a stable order."""
        for kind in self.kinds:
            before, after, targets = self.before(kind), self.after(kind), self.targets(kind)
            for target in sorted(self.declared.mappings[kind]):
                yield Touched(kind, target, before.get(target), after.get(target), targets.get(target))


def nearest(name: str, known: Iterable[str]) -> str:
    """Find the one of *known* that *name* was probably meant to be, whatever the case; empty when none is near."""
    by_folded = {candidate.casefold(): candidate for candidate in known}
    close = get_close_matches(name.casefold(), by_folded, n=1)
    return by_folded[close[0]] if close else ""

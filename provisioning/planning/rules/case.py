"""What a rule looks at: a job as it is configured, what is declared about it, as it would be, and whom that touches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from provisioning.language.checking import nearest_to
from provisioning.model.declaration import DeclaredSchema
from provisioning.model.mapping import AttributeDefinition, AttributeMapping, ObjectKind
from provisioning.model.person import People
from provisioning.model.sources import (
    GROUP_SOURCE_ATTRIBUTES,
    SOURCE_ATTRIBUTES,
    SourceAttribute,
    is_extension,
)
from provisioning.planning.active import COMPUTED
from provisioning.planning.changes import Change
from provisioning.planning.configuration import Configuration
from provisioning.planning.rules.finding import Finding, Weight
from provisioning.planning.touched import Impact
from provisioning.planning.wording import THE_APP

SOURCES: Mapping[ObjectKind, Mapping[str, SourceAttribute]] = {
    ObjectKind.USERS: SOURCE_ATTRIBUTES,
    ObjectKind.GROUPS: GROUP_SOURCE_ATTRIBUTES,
}
"""What every tenant has, by kind and name."""

USERS = ObjectKind.USERS
GROUPS = ObjectKind.GROUPS


@dataclass(frozen=True, slots=True)
class Touched:
    """A declared mapping, as it is and as it would be."""

    kind: ObjectKind
    target: str
    before: AttributeMapping | None
    after: AttributeMapping | None
    definition: AttributeDefinition | None
    """What the app says about the target attribute; ``None`` when it says nothing."""

    @property
    def place(self) -> str:
        """Where it was written."""
        return f"mappings.{self.kind.value}.{self.target}"

    def mistake(self, sentence: str, *, at: str = "", hint: str = "", picture: str = "") -> Finding:
        """Make a finding that refuses; a warning when the service has the mapping like that already."""
        weight = Weight.WARNING if self.before == self.after else Weight.REFUSED
        return Finding(weight, sentence, self.place + at, hint, picture)

    def warning(self, sentence: str, *, at: str = "", hint: str = "", picture: str = "") -> Finding:
        """Make a finding that refuses nothing."""
        return Finding(Weight.WARNING, sentence, self.place + at, hint, picture)


@dataclass(frozen=True, slots=True)
class Case:
    """What is to be judged."""

    before: Configuration
    after: Configuration
    changes: tuple[Change, ...] = ()
    declared: DeclaredSchema = field(default_factory=DeclaredSchema)
    """What was written, for the places. Only what is declared is judged as a mistake."""
    impact: Impact | None = None
    """Whom it touches; ``None`` when nobody was judged."""
    people: People | None = None
    """Those who were read; ``None`` when nobody was."""
    why_uncounted: str = ""
    """Why nobody could be judged, where somebody should have been."""
    has_run: bool = True
    """False while the job has provisioned nobody yet."""
    may_have_lost_its_job: bool = False
    """Whether the app may have had a job, and none is found."""
    is_partial: bool = False
    """Whether the app's own schema is not known yet, so that nothing can be concluded from what is absent."""
    holds_back: bool = False
    """Whether the job holds disables back, because they were more than the deletion threshold allows."""
    is_in_quarantine: bool = False
    """Whether the job is in a quarantine, be it this one or another."""
    app: str = THE_APP
    """What the app is called in a sentence."""

    @property
    def kinds(self) -> list[ObjectKind]:
        """The kinds whose mappings are declared and that the app has."""
        return [
            kind
            for kind, mappings in self.declared.mappings.items()
            if mappings and self.before.schema.of(kind).is_there
        ]

    def targets(self, kind: ObjectKind) -> Mapping[str, AttributeDefinition]:
        """Give the attributes that the app would have; none when it does not say which."""
        held = self.before.schema.of(kind).targets
        return {**self.declared.attributes.get(kind, {}), **held} if held else {}

    def sources(self, kind: ObjectKind) -> Mapping[str, AttributeDefinition]:
        """Give the attributes that Entra offers, with those that the tenant added; none when Entra does not say.

        Before there is a schema they are those that every tenant has.
        """
        held = self.before.schema.of(kind).sources or (_offered(kind) if self.is_partial else {})
        return {**self.declared.sources.get(kind, {}), **held} if held else {}

    def sure(self, kind: ObjectKind) -> frozenset[str]:
        """Give the source attributes that nobody in scope is without."""
        required = {name for name, definition in self.before.schema.of(kind).sources.items() if definition.required}
        return COMPUTED | required | {row.name for row in SOURCES[kind].values() if row.everybody_has_one}

    def touched(self) -> Iterator[Touched]:
        """List the declared mappings in a stable order, as they were written: what is too long reads back otherwise."""
        for kind in self.kinds:
            held, targets = self.before.schema.of(kind).mappings, self.targets(kind)
            for target, wanted in sorted(self.declared.mappings[kind].items()):
                before = held.get(target)
                after = wanted.applied_to(before) if wanted else None
                yield Touched(kind, target, before, after, targets.get(target))

    def sides(self, target: str) -> tuple[AttributeMapping | None, AttributeMapping | None]:
        """Give what maps users to a target attribute, before and after."""
        before, after = (side.schema.of(USERS).mappings.get(target) for side in (self.before, self.after))
        return before, after

    @property
    def changes_schema(self) -> bool:
        """Tell whether a schema is saved."""
        return self.before.schema != self.after.schema


class Unknown(NamedTuple):
    """A source attribute that Entra does not have."""

    problem: str
    nearest: str = ""
    """What was probably meant; may be empty."""
    hint: str = ""


def unknown_source(case: Case, kind: ObjectKind, name: str) -> Unknown | None:
    """Say that Entra has no such source attribute, and what was probably meant; ``None`` when it has, or may have.

    The case of names counts (azure-docs#58604).
    """
    known = case.sources(kind)
    if not known or name in known or (is_extension(name) and case.is_partial):
        return None
    if is_extension(name):
        hint = f"Declare it: attributes.{kind.value}.{name}."
        return Unknown(f"{name} is a directory extension that is not declared.", hint=hint)
    close = nearest_to(name, known)
    return Unknown(f"There is no source attribute {name}{f'; the nearest is {close}' if close else ''}.", close)


def _offered(kind: ObjectKind) -> dict[str, AttributeDefinition]:
    return {
        row.name: AttributeDefinition(row.name, type=row.type or "String", multivalued=row.has_several)
        for row in SOURCES[kind].values()
    }


def listed(names: Iterable[str], *, most: int = 10) -> str:
    """Name the first of many, and count the others."""
    known = list(names)
    more = f", and {len(known) - most:,} more" if len(known) > most else ""
    return ", ".join(known[:most]) + more

"""Carries out at the target what was decided for one object, and tells the log how it went."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from emulator.engine.entry import Action
from emulator.engine.job import Link
from emulator.engine.scim import ExportError

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulator.company.store import JsonObject
    from emulator.engine.dialect import Scribe
    from emulator.engine.entry import Entry
    from emulator.engine.flow import Flows
    from emulator.engine.job import Job
    from emulator.engine.plan import ObjectPlan
    from emulator.engine.scim import ScimClient
    from provisioning.language import Value


@dataclass(slots=True)
class Case:
    """One object on its way to the target."""

    plan: ObjectPlan
    attributes: dict[str, Value]
    entry: Entry
    is_new: bool = False
    """Whether this cycle created the target object."""
    found: JsonObject | None = None
    """The target object as it was before, when there was one."""
    is_told: bool = True
    """Whether the log has a line for it."""

    @property
    def source_id(self) -> str:
        """The object's id in the directory."""
        return self.entry.source_id


@dataclass(frozen=True, slots=True)
class Exporter:
    """Provisions one object after the other."""

    job: Job
    client: ScimClient
    scribe: Scribe
    flows: Flows
    is_living: Callable[[str], bool]
    """Tells whether an object of the directory is there and not in the recycle bin."""

    async def provision(self, case: Case) -> None:
        """Match an object in scope, then create or update it (Learn: how-provisioning-works#initial-cycle).

        :raises ExportError: when the target refuses.
        :raises FlowError: when a value cannot flow.
        """
        # Told first: what fails on the way is logged as what it would have been.
        case.entry.tell(Action.UPDATE if case.source_id in self.job.links else Action.CREATE)
        found = await self._known(case) or await self._matching(case)
        case.entry.matched, case.found = found is not None, found
        if found is not None:
            await self._update(case, found)
        elif case.plan.adds:
            await self._create(case)
        else:
            case.entry.skipped("EntrySynchronizationSkipped")

    async def disable(self, case: Case) -> None:
        """Update what depends on the scope, and nothing else (Learn: customize-application-attributes).

        :raises ExportError: when the target refuses.
        :raises FlowError: when a value cannot flow.
        """
        link = self.job.links[case.source_id]
        case.entry.target_id = link.target_id
        case.entry.tell(Action.DISABLE)
        found = case.found = await self.client.read(case.plan.kind, link.target_id)
        if found is None:
            # Who is gone at the target needs no disabling; should they come back, they are matched again.
            self.job.unlink(case.source_id)
            case.entry.skipped("EntrySynchronizationSkipped")
            return
        case.entry.matched = True
        changes = self.flows.changed(case.plan.leaving or case.plan.switched, case.attributes, found)
        if changes:
            case.entry.changed(changes)
            await self.client.change(case.plan.kind, link.target_id, self.scribe.update(changes))
        else:
            case.entry.skipped("RedundantExport")
        link.in_scope = False
        link.unassigned = case.entry.verdict is not None and case.entry.verdict.left_by_choice

    async def delete(self, case: Case) -> None:
        """Delete the target object and drop the link. :raises ExportError: when the target refuses."""
        link = self.job.links[case.source_id]
        case.entry.target_id = link.target_id
        case.entry.tell(Action.DELETE)
        await self.client.remove(case.plan.kind, link.target_id)
        self.job.unlink(case.source_id)

    async def _known(self, case: Case) -> JsonObject | None:
        """Read the linked object; a link whose object is gone is dropped (observed: Microsoft's answer, 76516141)."""
        link = self.job.links.get(case.source_id)
        if link is None:
            return None
        found = await self.client.read(case.plan.kind, link.target_id)
        if found is None and self.flows.knobs.vanished_account == "invalid-anchor":
            case.entry.target_id = link.target_id
            raise ExportError("InvalidAnchor", f"The object {link.target_id} does not exist any more.")
        if found is None:
            self.job.unlink(case.source_id)
        return found

    async def _matching(self, case: Case) -> JsonObject | None:
        """Ask for one matching attribute after the other, until one is found.

        (Learn: customize-application-attributes#matching-users-in-the-source-and-target-systems.)

        :raises ExportError: ``DuplicateTargetEntries`` when several objects match.
        """
        for flow in case.plan.matching:
            value = self.flows.value_of(flow, case.attributes)
            if not isinstance(value, str):
                continue
            self._check_characters(value)
            found = await self.client.find(case.plan.kind, flow.target.text, value)
            if len(found) > 1:
                reason = f"{len(found)} objects have the {flow.target.text} '{value}'."
                raise ExportError("DuplicateTargetEntries", reason)
            if found:
                self._link(case, found[0])
                return found[0]
        return None

    def _check_characters(self, value: str) -> None:
        if self.flows.knobs.matching_special_characters_fail and any(one in value for one in "\"'\\"):
            reason = "The matching value has a character that filters do not take."
            raise ExportError("EntrySynchronizationError", reason)

    async def _create(self, case: Case) -> None:
        case.entry.tell(Action.CREATE)
        changes = self.flows.created(case.plan.values, case.attributes)
        write = self.scribe.new_user if case.plan.kind == "User" else self.scribe.new_group
        case.entry.changed(changes)
        self._link(case, await self.client.create(case.plan.kind, write(changes)))
        case.is_new = True

    async def _update(self, case: Case, found: JsonObject) -> None:
        link = self.job.links[case.source_id]
        case.entry.target_id = link.target_id
        case.entry.tell(Action.UPDATE)
        changes = self.flows.changed(case.plan.values, case.attributes, found)
        if not changes:
            case.entry.skipped("RedundantExport")
        elif not case.plan.updates:
            case.entry.skipped("EntrySynchronizationSkipped")
        else:
            case.entry.changed(changes)
            await self.client.change(case.plan.kind, link.target_id, self.scribe.update(changes))
        link.in_scope, link.withheld, link.unassigned, link.name = True, False, False, case.entry.name

    def _link(self, case: Case, found: JsonObject) -> None:
        target_id = str(found.get("id") or "")
        owner = self.job.sources.get(target_id)
        if owner is not None and self.flows.knobs.rehired_takes_over and not self.is_living(owner):
            self.job.unlink(owner)
            owner = None
        if owner not in {None, case.source_id} and self.flows.knobs.duplicate_sources == "fail":
            reason = f"The object {target_id} is already linked to another object of the directory."
            raise ExportError("DuplicateSourceEntries", reason)
        self.job.link(Link(case.source_id, case.plan.kind, target_id, case.entry.name))
        case.entry.target_id = target_id

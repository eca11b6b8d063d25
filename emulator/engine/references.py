"""The second pass: managers and members, once both ends exist at the target (Learn: how-provisioning-works).

A reference to someone who is not in scope is left out with a warning, and is not made up for until a restart
(Learn: known-issues). One to someone whose own export failed goes to escrow with the object that refers.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from emulator.engine.dialect import Verb
from emulator.engine.scim import ExportError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from emulator.company.store import Directory
    from emulator.engine.dialect import Scribe
    from emulator.engine.entry import Entry
    from emulator.engine.export import Case
    from emulator.engine.job import Job, Link
    from emulator.engine.plan import Flow
    from emulator.engine.scim import ScimClient
    from emulator.moods.knobs import Knobs

_T = TypeVar("_T")

UNRESOLVED = "UnableToResolveReferenceAttributeValue"
"""Log code of a reference whose object is not linked (Learn: application-provisioning-log-analytics)."""


class Reach(Enum):
    """Which members of a group a cycle looks at."""

    CHANGED = "changed"
    """Those that joined or left since the watermark."""
    ALL = "all"
    """Everyone, as an initial cycle and a retry do."""


@dataclass(frozen=True, slots=True)
class References:
    """Sets references of objects that were provisioned in this cycle."""

    job: Job
    directory: Directory
    client: ScimClient
    scribe: Scribe
    knobs: Knobs

    async def settle(self, case: Case, reach: Reach, joined_or_left: Iterable[str]) -> None:
        """Bring the references of one object up to date.

        :raises ExportError: when the target refuses, or when one of them waits for an object that failed.
        """
        link = self.job.links.get(case.source_id)
        if link is None:
            return
        for flow in case.plan.references:
            if flow.attribute == "members":
                await self._members(case, link, flow, reach, joined_or_left)
            elif flow.attribute == "manager":
                await self._manager(case, link, flow)
        self._wait_for_failed(case.entry)

    async def _manager(self, case: Case, link: Link, flow: Flow) -> None:
        manager = self.directory.manager_of(case.source_id)
        if manager is None:
            await self._no_manager(case, link, flow)
            return
        target_id = self._resolved(case, "manager", manager.id)
        if target_id is None:
            return
        name = flow.target.steps[-1]
        if not self._asks(case) or not await self.client.refers("User", link.target_id, name, target_id):
            body = self.scribe.manager(flow, target_id, self.client.base)
            await self.client.change("User", link.target_id, body)
            case.entry.refers(flow.target.text, [target_id])
        link.manager = manager.id

    async def _no_manager(self, case: Case, link: Link, flow: Flow) -> None:
        before = self.job.links.get(link.manager) if link.manager else None
        link.manager = None
        if before is not None and self.knobs.remove_references:
            await self.client.change("User", link.target_id, self.scribe.without_manager(flow, before.target_id))
            case.entry.refers(flow.target.text, [""])

    async def _members(self, case: Case, link: Link, flow: Flow, reach: Reach, joined_or_left: Iterable[str]) -> None:
        sent = link.members = link.members if link.members is not None else {}
        group = case.source_id
        looked_at = list(joined_or_left)
        if reach is Reach.ALL:
            looked_at = [*dict.fromkeys([*sent, *(member.id for member in self.directory.members_of(group))])]
        leaving = [one for one in looked_at if one in sent and not self.directory.is_member(group, one)]
        joining = [one for one in looked_at if self._joins(group, one, sent, reach)]
        await self._remove(case, link, flow, leaving)
        await self._add(case, link, flow, joining)

    def _joins(self, group: str, member: str, sent: dict[str, None], reach: Reach) -> bool:
        is_living = member in self.directory.objects and self.directory.is_member(group, member)
        return is_living and (reach is Reach.ALL or member not in sent)

    async def _remove(self, case: Case, link: Link, flow: Flow, members: Sequence[str]) -> None:
        for batch in _batches(members, self.knobs.members_per_patch):
            gone = [self.job.links[one].target_id for one in batch if one in self.job.links]
            if gone:
                await self.client.change("Group", link.target_id, self.scribe.members(Verb.REMOVE, gone))
                case.entry.refers(flow.target.text, gone)
            for one in batch:
                (link.members or {}).pop(one, None)

    async def _add(self, case: Case, link: Link, flow: Flow, members: Sequence[str]) -> None:
        sent = link.members if link.members is not None else {}
        missing: list[tuple[str, str]] = []
        for one in members:
            target_id = self._resolved(case, "members", one)
            if target_id is None:
                continue
            if await self._is_in(case, link, target_id):
                sent[one] = None
            else:
                missing.append((one, target_id))
        for batch in _batches(missing, self.knobs.members_per_patch):
            targets = [target_id for _, target_id in batch]
            await self.client.change("Group", link.target_id, self.scribe.members(Verb.ADD, targets))
            case.entry.refers(flow.target.text, targets)
            sent.update(dict.fromkeys(one for one, _ in batch))

    async def _is_in(self, case: Case, link: Link, target_id: str) -> bool:
        return self._asks(case) and await self.client.refers("Group", link.target_id, "members", target_id)

    def _asks(self, case: Case) -> bool:
        """Tell whether the target is asked before a reference is written."""
        return self.knobs.check_references_of_new or (self.knobs.check_references and not case.is_new)

    def _resolved(self, case: Case, attribute: str, source_id: str) -> str | None:
        """Find the target id that a reference stands for; ``None``, with a warning, when there is none."""
        link = self.job.links.get(source_id)
        if link is not None and link.in_scope:
            return link.target_id
        case.entry.misses(attribute, source_id, UNRESOLVED)
        return None

    def _wait_for_failed(self, entry: Entry) -> None:
        if not self.knobs.escrow_unresolved_references:
            return
        for attribute, source_id in entry.unresolved or ():
            if (source_id, False) in self.job.escrows:
                reason = f"We were unable to assign {source_id} as the {attribute} of {entry.name}."
                raise ExportError(UNRESOLVED, reason)


def _batches(items: Sequence[_T], size: int) -> Iterator[list[_T]]:
    rest = iter(items)
    while batch := list(islice(rest, max(size, 1))):
        yield batch

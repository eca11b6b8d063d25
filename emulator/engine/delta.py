"""Which objects a cycle looks at: all of them, or what the directory's journal tells since the watermark."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from emulator.company.store import Aspect, Change, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from emulator.company.store import Directory
    from emulator.engine.job import Job
    from emulator.engine.scope import Scope

KINDS = {Kind.USER: "User", Kind.GROUP: "Group"}
"""Directory objects that are provisioned, by the name that schemas give them."""

_GATES = {Aspect.CREATED, Aspect.ASSIGNMENTS, Aspect.DELETED, Aspect.RESTORED}
"""Changes of a group that may let its members in or out."""


@dataclass(slots=True)
class Delta:
    """What a cycle looks at, in the order of reading; ``None`` is the only value of the dictionaries."""

    full: bool
    users: dict[str, None] = field(default_factory=dict)
    groups: dict[str, None] = field(default_factory=dict)
    memberships: dict[str, dict[str, None]] = field(default_factory=dict)
    """Of each group: the members that were added or removed."""
    purged_at_once: frozenset[str] = frozenset()
    """Objects that went to the recycle bin and out of it since the watermark."""

    def look_at(self, object_id: str, kind: str | None) -> None:
        """Add an object."""
        if kind == "User":
            self.users[object_id] = None
        elif kind == "Group":
            self.groups[object_id] = None

    @property
    def count(self) -> int:
        """How many objects there are to look at."""
        return len(self.users) + len(self.groups)


def everything(job: Job, directory: Directory) -> Delta:
    """List what an initial cycle reads: every user and group, and whatever is linked (documented)."""
    delta = Delta(full=True)
    for object_id, living in directory.objects.items():
        delta.look_at(object_id, KINDS.get(living.kind))
    for link in job.links.values():
        delta.look_at(link.source_id, link.kind)
    return delta


def since_watermark(job: Job, directory: Directory, scope: Scope, *, reads_roles: bool) -> Delta:
    """List what changed since the watermark, assignments included (Learn: how-provisioning-works#incremental-cycles).

    With *reads_roles* a changed assignment matters even to someone who stays in scope.
    """
    news = directory.journal[job.watermark or 0 :]
    deleted = {one.object_id for one in news if one.aspect is Aspect.DELETED}
    purged = {one.object_id for one in news if one.aspect is Aspect.PURGED}
    delta = Delta(full=False, purged_at_once=frozenset(deleted & purged))
    reader = _Reader(job, directory, scope, delta, reads_roles=reads_roles)
    for change in _with_memberships(news, delta):
        reader.read(change)
    return delta


def _with_memberships(news: Sequence[Change], delta: Delta) -> Iterator[Change]:
    """Yield every change; a membership is two entries of the journal in a row, the group's and the member's."""
    waiting: Change | None = None
    for change in news:
        if change.aspect is Aspect.MEMBERS:
            if waiting is None:
                waiting = change
                continue
            delta.memberships.setdefault(waiting.object_id, {})[change.object_id] = None
            yield waiting
            waiting = None
        yield change


@dataclass(frozen=True, slots=True)
class _Reader:
    job: Job
    directory: Directory
    scope: Scope
    delta: Delta
    reads_roles: bool

    def read(self, change: Change) -> None:
        kind = self._kind_of(change.object_id)
        if kind == "User" and change.aspect is Aspect.ASSIGNMENTS:
            self._admit([change.object_id])
            return
        self.delta.look_at(change.object_id, kind)
        if kind != "Group" or self.scope.sync_all:
            return
        if change.aspect in _GATES or change.aspect is Aspect.PROPERTIES:
            members = [member.id for member in self.directory.members_of(change.object_id) if member.kind is Kind.USER]
            self._admit(members)

    def _admit(self, user_ids: Iterable[str]) -> None:
        """Look at those for whom an assignment means something new."""
        for user_id in user_ids:
            link = self.job.links.get(user_id)
            living = self.directory.objects.get(user_id)
            was = link is not None and link.in_scope and not link.withheld
            now = living is not None and bool(self.scope.roles_held(living))
            if was != now or (now and self.reads_roles) or self.scope.knobs.assignment_lag:
                self.delta.look_at(user_id, "User")

    def _kind_of(self, object_id: str) -> str | None:
        found = self.directory.objects.get(object_id) or self.directory.deleted.get(object_id)
        if found is not None:
            return KINDS.get(found.kind)
        link = self.job.links.get(object_id)
        return link.kind if link else None

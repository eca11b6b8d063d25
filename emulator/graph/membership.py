"""Who is in a group through other groups. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.company.store import Kind

if TYPE_CHECKING:
    from emulator.company.store import Directory, DirectoryObject


def members_below(directory: Directory, group_id: str) -> list[DirectoryObject]:
    """List direct and nested members, each once; the nested groups are members too."""
    found: dict[str, DirectoryObject] = {}
    waiting = [group_id]
    while waiting:
        for member in directory.members_of(waiting.pop()):
            if member.id not in found and member.id != group_id:
                found[member.id] = member
                if member.kind is Kind.GROUP:
                    waiting.append(member.id)
    return list(found.values())


def groups_above(directory: Directory, member_id: str) -> list[DirectoryObject]:
    """List the groups that an object is in, directly or through other groups, each once."""
    found: dict[str, DirectoryObject] = {}
    waiting = [member_id]
    while waiting:
        for group in directory.groups_of(waiting.pop()):
            if group.id not in found:
                found[group.id] = group
                waiting.append(group.id)
    return list(found.values())

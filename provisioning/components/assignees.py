"""Who is assigned: groups and users that were found by their names, and those that the same program makes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from provisioning.errors import ConfigurationError
from provisioning.model.assignment import PrincipalKind
from provisioning.operations.lookups import Principal


@dataclass(frozen=True, slots=True)
class Made:
    """A group or user whose object id is an output of another resource."""

    key: str
    """What its assignment is known by in the state, whatever the id turns out to be."""
    id: pulumi.Output[str]
    name: pulumi.Input[str] = ""
    """What an administrator knows it by; its object id if there is none."""


@dataclass(frozen=True, slots=True)
class Assignee:
    """A group or user who is assigned."""

    key: str
    """What its assignment is named by: its object id; or the name of the resource that makes it."""
    inputs: Mapping[str, pulumi.Input[str]]
    """What the plan and the job are told of it: ``principalId``, ``kind``, ``name``."""


def found(principals: Sequence[Principal]) -> list[Assignee]:
    """Give those who were found by their names."""
    return [Assignee(each.id, each.inputs) for each in principals]


def made(kind: PrincipalKind, several: Sequence[Made]) -> list[Assignee]:
    """Give those whom the program makes."""
    return [
        Assignee(each.key, {"principalId": each.id, "kind": kind.value, "name": each.name or each.id})
        for each in several
    ]


def made_by(place: str, written: object) -> Made:
    """Take a group or user that was written as the resource that makes it, such as an ``azuread.Group``.

    :raises ConfigurationError: when *written* is something else. An output alone is refused, too: nothing would be
        there to name its assignment by.
    """
    if isinstance(written, Made):
        return written
    # Asked first: an output has whatever attribute it is asked for.
    if isinstance(written, pulumi.Resource):
        identifier, name = (getattr(written, attribute, None) for attribute in ("object_id", "display_name"))
        if isinstance(identifier, pulumi.Output):
            return Made(written.pulumi_resource_name, identifier, name if isinstance(name, pulumi.Output) else "")
    raise ConfigurationError(
        f"{place}: is neither a name, an object id nor a resource that makes a group or user.",
        hint="Write the resource itself, such as the azuread.Group, in place of its output.",
    )

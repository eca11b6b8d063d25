"""A stack with a plan: what it declares, and how it comes up."""

from __future__ import annotations

from typing import Any

from builders import a_closing_schema, some_people
from pulumi_engine import Pulumi
from recording import RecordingService

from provisioning.model.person import People
from provisioning.provider.properties import UNKNOWN

STAFF = {"principalId": "staff", "kind": "group", "name": "Staff"}
GUESTS = {"principalId": "guests", "kind": "group", "name": "Guests"}
APP: dict[str, Any] = {"galleryTemplateId": "gallery", "displayName": "Elium", "role": "User"}
DECLARED: dict[str, Any] = {**APP, "assignments": [STAFF]}
TITLE: dict[str, Any] = {"mappings": {"users": {"title": "[mail]"}}}
SALES: dict[str, Any] = {"filters": {"users": ["department EQUALS Sales"]}}
NO_APP_YET: dict[str, Any] = {"servicePrincipalId": UNKNOWN}


def a_stack(**differences: Any) -> Pulumi:
    """Give a stack with a plan, in front of a group of three."""
    usual: dict[str, Any] = {
        "people_held": People(some_people(3)),
        "template_schema": a_closing_schema(),
        "schema_held": a_closing_schema(),
    }
    return Pulumi(RecordingService(**(usual | differences)), is_planned=True)


async def up_and_running(**written: Any) -> Pulumi:
    """Give a stack with a plan that is up and has run, in front of a group of three."""
    return await Pulumi.running(a_stack().service, is_planned=True, **(DECLARED | written))

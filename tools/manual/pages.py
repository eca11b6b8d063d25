"""The generated parts of pages: what the models already say of settings, inputs and ways to sign in.

They stand between ``<!-- generated: name -->`` and ``<!-- end -->``; everything else on the page is written by hand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from provisioning.graph.identity import FIELDS
from provisioning.graph.ways import SOURCES
from provisioning.provider.package import OUTPUTS, PLAN_OUTPUTS
from provisioning.settings.job import JobInputs
from provisioning.settings.mappings import MappingSettings
from provisioning.settings.plan import PlanInputs
from provisioning.settings.stack import FROM_ENVIRONMENT, Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from pydantic import BaseModel

JsonObject = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """What in Microsoft's tutorial a setting stands for, how it is written, and what else is to know."""

    tutorial: str
    example: str
    """Lines of YAML under ``config:``."""
    note: str = ""


STEPS: Mapping[str, Step] = {
    "tenantUrl": Step(
        "*Configuring*, step 5: the address before `/scim/v2`",
        "elium:tenantUrl: https://acme.elium.com",
        "A slash at the end, `/scim` or `/scim/v2` itself does no harm.\n"
        "`?aadOptscim062020` is kept, because Entra reads that flag; nothing else can stand in the query.\n"
        "`http`, and another path, are taken on this machine only.\n"
        "What cannot be an address is refused with the part that is wrong, and never repeated.",
    ),
    "secretToken": Step(
        "*Set up Elium*, step 3, and *Configuring*, step 5: **Secret Token**",
        "elium:secretToken:\n  secure: v1:…   # what `pulumi config set --secret` writes",
        "`pulumi config set --secret elium:secretToken` asks for it and keeps it encrypted; "
        "as plain text it is refused, because it would stand in the backend's history.\n"
        "In its place may stand where it lies, which is not a secret: `env:NAME`, or `file:` and a whole path. "
        "The plugin reads it there, and the engine never sees it.\n"
        "`kept` leaves the one that Entra has, which nobody here needs to know; what is saved together with it cannot "
        "be changed then ([Adopt](../how-to/adopt-from-the-portal.md#a-token-that-is-kept)).\n"
        "The state gets [a fingerprint of it](../decisions/0006-fingerprint-of-the-token.md), never the token.",
    ),
    "notificationEmail": Step(
        "*Configuring*, step 6: **Notification Email**", "elium:notificationEmail: identity-team@acme.example"
    ),
    "notifyOnFailure": Step(
        "*Configuring*, step 6: the check box",
        "elium:notifyOnFailure: false",
        "It says something only beside `elium:notificationEmail`.",
    ),
    "groups": Step(
        "*Assigning users to Elium*",
        "elium:groups:\n  - Elium users",
        "Each is looked up, and must exist exactly once.\n"
        "Entra provisions the direct members of an assigned group, not those of groups inside it.",
    ),
    "users": Step(
        "*Assigning users to Elium*; its tips begin with a single user",
        "elium:users:\n  - ada@acme.example",
        "A display name is looked for among all users of the directory; the others are asked for directly.\n"
        "A guest is found by the address of the mailbox, or by a user principal name like "
        "`ada_fabrikam.com#EXT#@acme.onmicrosoft.com`.",
    ),
    "role": Step(
        "*Important tips*: a role that is not **Default Access**",
        "elium:role: User",
        "One role for all who are named. Default Access is refused, because its holders are not provisioned.",
    ),
    "scope": Step(
        "*Configuring*, step 13: **Scope**",
        "elium:scope: assigned",
        "A change restarts the job, because Entra does not look at everybody again by itself.",
    ),
    "status": Step(
        "*Configuring*, step 12: **Provisioning Status**",
        'elium:status: "off"',
        "Some readers of YAML turn a bare `on` or `off` into a truth value; that is understood as well.",
    ),
    "mappings": Step(
        "*Configuring*, steps 8 and 9: **Mappings**",
        'elium:mappings:\n  users:\n    userName: { source: "[userPrincipalName]", match: 1 }\n    title: "[jobTitle]"',
    ),
    "filters": Step(
        "*Configuring*, step 11: scoping filters", "elium:filters:\n  users:\n    - department EQUALS Sales"
    ),
    "objects": Step(
        "*Configuring*, step 8: which mappings are switched on",
        "elium:objects:\n  users: { actions: [create, update] }\n  groups: false",
        "Users are always provisioned. The actions are those that the portal calls target object actions;\n"
        "without `update` nobody who leaves would be disabled, because disabling is an update.\n"
        "`groups: false` is short for `groups: { enabled: false }`.",
    ),
    "attributes": Step(
        "not there: the portal has it under *Show advanced options*, *Edit attribute list*",
        "elium:attributes:\n  users:\n"
        "    urn:ietf:params:scim:schemas:extension:Elium:2.0:User:badge: { type: String }\n"
        "    extension_7a1d5f0c5c0e4d118a5b6c7d8e9f0a1b_costCenter: String",
        "A name that is a URN is an attribute of Elium's own, which mappings write: only texts of one value can be "
        "added.\nA name like `extension_<app id>_<name>` is a directory extension, which mappings and filters read.\n"
        "An attribute that was added is not removed again.",
    ),
    "displayName": Step(
        "*Add Elium from the gallery*, step 4: the name of the new application",
        "elium:displayName: Elium (prod)",
        "A change renames the application.",
    ),
    "galleryApp": Step(
        "*Add Elium from the gallery*, step 4: what is searched for",
        "elium:galleryApp: Elium",
        "A change replaces the application and everything below it.",
    ),
    "templateId": Step(
        "not there: the portal takes the app's own template",
        "elium:templateId: elium",
        "Saying it saves the look-up. Another template than the job has replaces the job.",
    ),
    "deleteThreshold": Step(
        "not there: the portal has it as accidental deletion prevention",
        "elium:deleteThreshold: 50\nelium:notificationEmail: identity-team@acme.example",
        "Above it, Entra holds them back and puts the job in quarantine until somebody decides.\n"
        "Without `elium:notificationEmail`, to which the question is sent, it is refused: "
        "[Microsoft](https://learn.microsoft.com/entra/identity/app-provisioning/accidental-deletions) asks for one.",
    ),
    "skipOutOfScopeDeletions": Step(
        "not there: only Graph has it",
        "elium:skipOutOfScopeDeletions: true",
        "Once they are not to keep them any more, those accounts are closed: "
        "[that must be accepted](provisioning-plan.md#what-happens-when).",
    ),
    "acceptLeavers": Step(
        "not there: our own guard",
        "elium:acceptLeavers: 12",
        "It repeats the number that [the guard](errors.md#unsafechangeerror) names, and accepts no more than that.",
    ),
    "acceptEntrants": Step(
        "not there: our own guard",
        "elium:acceptEntrants: 240",
        "It repeats the number that [the guard](errors.md#unsafechangeerror) names, and accepts no more than that.",
    ),
    "onDestroy": Step(
        "not there: our own guard",
        "elium:onDestroy: retain",
        "Deleting a job closes no account at Elium; so `destroy` is refused while it would leave active ones behind.",
    ),
    "impactLimit": Step(
        "not there: our own guard",
        "elium:impactLimit: 20000",
        "Those who are assigned are read first.\nWith 0, a change that may take people away has to be accepted unseen.",
    ),
}
"""By setting."""

UNSAID: Mapping[str, str] = {
    "assignments": "not said",
    "role": "not said",
    "galleryTemplateId": "not said",
    "templateId": "the app's default one",
    "acceptLeavers": "none",
    "acceptEntrants": "none",
}
"""What it means to leave a name out, where nothing at the service is meant."""

SHAPES: Mapping[str, str] = {
    "PrincipalSettings": "tables with `principalId`, `kind` and `name`",
    "MappingsByKind": "table, see [Mappings](settings.md#mappings)",
    "FiltersByKind": "table, see [Filters](settings.md#filters)",
    "ObjectsByKind": "table, as in the example",
    "AttributesByKind": "table of names and types, as in the example",
    "NotificationSettings": "table with `email` and `enabled`",
    "AssignmentSettings": "tables with `principalId`, `kind`, `name` and `role`",
}
"""What is said of a structured type."""


def settings() -> Iterator[str]:
    """Give one chapter for each setting."""
    document = Settings.model_json_schema(by_alias=True)
    for name in _needed_first(document):
        if name not in STEPS:
            raise LookupError(f"elium:{name} has no row in STEPS: add its step of the tutorial and an example.")
    for name, step in STEPS.items():
        node = document["properties"][name]
        yield f"### `elium:{name}`\n\n{node['description']}"
        if step.note:
            yield step.note
        yield f"\n- Type: {_kind(node, document)}"
        yield f"- Default: {_default(name, node, document)}"
        if name in FROM_ENVIRONMENT:
            yield f"- From the environment, when the stack does not say it: `{FROM_ENVIRONMENT[name]}`"
        yield f"- In the tutorial: {step.tutorial}"
        yield f"\n```yaml\nconfig:\n{_indented(step.example)}\n```\n"


def mapping_fields() -> Iterator[str]:
    """Give the table of what one mapping may say."""
    yield from _table(("Field", "Meaning", "Type"), (row[:3] for row in _rows(MappingSettings)))


def job_inputs() -> Iterator[str]:
    """Give the table of the job's inputs."""
    yield from _table(("Input", "Meaning", "Type", "Default"), _rows(JobInputs))


def plan_inputs() -> Iterator[str]:
    """Give the table of those inputs of the plan that the job does not have."""
    of_job = set(_needed_first(JobInputs.model_json_schema(by_alias=True))) - {"assignments", "servicePrincipalId"}
    rows = (row for row in _rows(PlanInputs) if row[0].strip("`") not in of_job)
    yield from _table(("Input", "Meaning", "Type", "Default"), rows)


def plan_outputs() -> Iterator[str]:
    """Give the table of the plan's outputs."""
    yield from _outputs(PLAN_OUTPUTS)


def provider_inputs() -> Iterator[str]:
    """Give the table of what a provider instance may be told."""
    rows = (
        (f"`{name}`", field.meaning, f"`{field.setting}`" if field.setting else "") for name, field in FIELDS.items()
    )
    yield from _table(("Input", "Meaning", "In place of"), rows)


def job_outputs() -> Iterator[str]:
    """Give the table of the resource's outputs."""
    yield from _outputs(OUTPUTS)


def _outputs(told: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    yield from _table(("Output", "Meaning"), ((f"`{name}`", said["description"]) for name, said in told.items()))


def sign_in() -> Iterator[str]:
    """Give the table of the ways to sign in, in the order they are looked for."""
    rows = ((str(turn), source.name, _variables(source.needs)) for turn, source in enumerate(SOURCES, 1))
    yield from _table(("", "Way", "Variables that must be there"), rows)


def _variables(needs: tuple[str, ...]) -> str:
    return ", ".join(" or ".join(f"`{name}`" for name in need.split("|")) for need in needs)


PARTS: Mapping[str, Mapping[str, Callable[[], Iterator[str]]]] = {
    "reference/settings.md": {"settings": settings, "mapping-fields": mapping_fields, "sign-in": sign_in},
    "reference/synchronization-job.md": {"inputs": job_inputs, "outputs": job_outputs},
    "reference/provisioning-plan.md": {"inputs": plan_inputs, "outputs": plan_outputs},
    "reference/provider.md": {"provider": provider_inputs},
}
"""By page and name of the generated part."""


def pages(docs: Path) -> Iterator[tuple[Path, str]]:
    """Give every page in the folder *docs* that has a generated part, and what should stand in it."""
    for name, parts in PARTS.items():
        yield docs / name, _filled((docs / name).read_text(encoding="utf-8"), parts)


def _filled(page: str, parts: Mapping[str, Callable[[], Iterator[str]]]) -> str:
    for name, part in parts.items():
        start, end = f"<!-- generated: {name} -->", "<!-- end -->"
        place = re.compile(f"{re.escape(start)}.*?{re.escape(end)}", re.DOTALL)
        content = "\n".join(part()).strip()
        written = f"{start}\n\n{content}\n\n{end}".replace("\\", "\\\\")
        page, found = place.subn(written, page)
        if found != 1:
            raise ValueError(f"The part {name!r} is there {found} times; it must be there once.")
    return page


def _rows(model: type[BaseModel]) -> Iterator[tuple[str, str, str, str]]:
    """Give name, meaning, type and default of each field."""
    document = model.model_json_schema(by_alias=True)
    for name in _needed_first(document):
        node = document["properties"][name]
        meaning = node.get("description", "")
        yield f"`{name}`", meaning, _kind(node, document), _default(name, node, document)


def _needed_first(document: JsonObject) -> list[str]:
    needed: list[str] = document.get("required", [])
    return [*needed, *(name for name in document["properties"] if name not in needed)]


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{' --- |' * len(head)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)


def _default(name: str, node: JsonObject, document: JsonObject) -> str:
    if name in document.get("required", ()):
        return "needed"
    match node.get("default"):
        case None | dict():
            return UNSAID.get(name, "as the service has it")
        case []:
            return "none"
        case bool() as switch:
            return f"`{str(switch).lower()}`"
        case value:
            return f"`{value}`"


def _kind(node: JsonObject, document: JsonObject) -> str:
    """Say a JSON schema's type in words."""
    if "$ref" in node:
        name = node["$ref"].rpartition("/")[2]
        named = document["$defs"][name]
        return SHAPES[name] if name in SHAPES else _choice(named["enum"])
    if "anyOf" in node:
        return " or ".join(_kind(inner, document) for inner in node["anyOf"] if inner.get("type") != "null")
    if "enum" in node:
        return _choice(node["enum"])
    if node["type"] == "array" and "$ref" in node["items"]:
        return f"list of {_kind(node['items'], document)}"
    if node["type"] == "array":
        return f"{_kind(node['items'], document)}, or a list of them"
    kinds = {"boolean": "`true` or `false`", "integer": "whole number", "string": "text"}
    return "e-mail address" if node.get("format") == "email" else kinds[node["type"]]


def _choice(values: list[str]) -> str:
    *others, last = (f"`{value}`" for value in values)
    return f"{', '.join(others)} or {last}"


def _indented(lines: str) -> str:
    return "\n".join(f"  {line}" for line in lines.splitlines())

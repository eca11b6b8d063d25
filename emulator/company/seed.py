"""A made-up company as a file: who works there, which groups, which applications may sign in, what the gallery has.

:func:`read` checks the file and reports every mistake at once, each with its place; :func:`populate` builds the world.
What is not given is derived from what is, so that a short file makes a whole company, with the same ids every time.
"""

from __future__ import annotations

import json
import secrets
from importlib import resources
from typing import TYPE_CHECKING, Any

import yaml
from pydantic import ValidationError

from emulator.company.membership_rules import RuleError
from emulator.company.membership_rules import parse as parse_rule
from emulator.company.permissions import ROLE_IDS
from emulator.company.seed_parts import ClientSeed, FederationSeed, Seed
from emulator.company.store import DEFAULT_ACCESS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["CONTOSO", "ClientSeed", "FederationSeed", "Seed", "SeedError", "parse", "read", "written_in"]

CONTOSO = "contoso.yaml"


class SeedError(ValueError):
    """The seed file is wrong. Every reason is listed."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = reasons


def read(path: Path | None = None) -> Seed:
    """Read a seed file, or the made-up company Contoso. Secrets that it leaves out are made.

    :raises SeedError: with every mistake and where it was made.
    """
    file = path or resources.files("emulator.company.seeds").joinpath(CONTOSO)
    text = file.read_text("utf-8")
    return parse(written_in(text))


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's, where it is: ten times as fast, and every emulator reads a seed as it starts."""


def written_in(text: str) -> Any:  # noqa: ANN401 - whatever the file holds
    """Read YAML. JSON, which is YAML as well, is read a hundred times as fast: ten thousand people in no time.

    :raises SeedError: when it is neither.
    """
    if text.lstrip().startswith("{"):
        try:
            return json.loads(text)
        except ValueError:
            pass
    try:
        return yaml.load(text, Loader=_LOADER)  # noqa: S506 - a safe one
    except yaml.YAMLError as error:
        raise SeedError([f"The file is not YAML: {' '.join(str(error).split())}"]) from None


def parse(written: Any) -> Seed:  # noqa: ANN401 - whatever the file held
    """Check what a file says and make the secrets that it leaves out. :raises SeedError: with every mistake."""
    reasons: list[str] = []
    seed: Seed | None = None
    try:
        seed = Seed.model_validate(written)
    except ValidationError as error:
        reasons += [f"{_place(problem['loc'])}: {problem['msg']}." for problem in error.errors()]
    if isinstance(written, dict):
        reasons += _dangling(written)
    if reasons or seed is None:
        raise SeedError(reasons)
    for client in seed.clients:
        client.secret = client.secret or secrets.token_urlsafe(30)
    for tenant in seed.elium:
        tenant.token = tenant.token or secrets.token_urlsafe(30)
    return seed


def _place(location: tuple[str | int, ...]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location).lstrip(".") or "file"


def _dangling(written: dict[str, Any]) -> list[str]:
    """Find references to nobody, in a file whose other mistakes are told as well."""
    people = {str(person.get("userPrincipalName")).lower() for person in _rows(written, "people")}
    groups = {str(group.get("key") or group.get("displayName")) for group in _rows(written, "groups")}
    reasons = []
    for number, person in enumerate(_rows(written, "people")):
        manager = person.get("manager")
        if manager is not None and str(manager).lower() not in people:
            reasons.append(f"people[{number}].manager: there is no {manager} in people.")
    for number, group in enumerate(_rows(written, "groups")):
        reasons += [
            f"groups[{number}].{relation}: there is no {name} in people or groups."
            for relation in ("members", "owners")
            for name in group.get(relation) or ()
            if str(name).lower() not in people and name not in groups
        ]
    reasons += [*_wrong_rules(written), *_dangling_applications(written, people, groups)]
    for number, client in enumerate(_rows(written, "clients")):
        reasons += [
            f"clients[{number}].roles: {role} is not a permission that is known here."
            for role in client.get("roles") or ()
            if role not in ROLE_IDS
        ]
    return reasons


def _dangling_applications(written: dict[str, Any], people: set[str], groups: set[str]) -> Iterator[str]:
    gallery = {str(entry.get("id")): entry for entry in _rows(written, "gallery")}
    for number, application in enumerate(_rows(written, "applications")):
        entry = gallery.get(str(application.get("gallery")))
        if entry is None:
            yield f"applications[{number}].gallery: there is no {application.get('gallery')} in gallery."
            continue
        declared = _rows(application, "appRoles") if "appRoles" in application else _rows(entry, "appRoles")
        roles = {DEFAULT_ACCESS, *(str(role.get("id")) for role in declared)}
        told = entry.get("synchronizationTemplate") or []
        templates = [told] if isinstance(told, str) else told
        for place, held in enumerate(_rows(application, "assignments")):
            at, principal = f"applications[{number}].assignments[{place}]", str(held.get("principal"))
            if principal.lower() not in people and principal not in groups:
                yield f"{at}.principal: there is no {principal} in people or groups."
            if str(held.get("role")) not in roles:
                yield f"{at}.role: the application declares no role {held.get('role')}."
        for place, job in enumerate(_rows(application, "jobs")):
            if job.get("templateId") not in templates:
                yield f"applications[{number}].jobs[{place}].templateId: the entry has no {job.get('templateId')}."


def _wrong_rules(written: dict[str, Any]) -> list[str]:
    reasons = []
    for number, group in enumerate(_rows(written, "groups")):
        rule = group.get("membershipRule")
        if rule is not None and group.get("members"):
            reasons.append(f"groups[{number}].members: they follow from the rule, and are not given.")
        try:
            parse_rule(str(rule)) if rule is not None else None
        except RuleError as error:
            reasons.append(f"groups[{number}].membershipRule: {error}")
    return reasons


def _rows(written: dict[str, Any], name: str) -> list[dict[str, Any]]:
    rows = written.get(name)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []

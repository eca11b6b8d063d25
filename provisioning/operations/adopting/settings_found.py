"""What was found, as the settings of a stack: only what a new deployment would do otherwise. Pure.

What no setting can say is told by name and stays as the service has it: undeclared stays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from provisioning.errors import ConfigurationError
from provisioning.model.assignment import AppRole, Assignment, PrincipalKind
from provisioning.model.base_address import base_address_of, shown_address
from provisioning.model.connection import (
    ADDRESS_KEY,
    KEEPS_KEY,
    MASK,
    NOTIFICATION_KEY,
    SCOPE_KEY,
    SETTINGS,
    TOKEN_KEY,
    Connection,
    Scope,
)
from provisioning.operations.adopting.finding import Found
from provisioning.operations.roles import role_id
from provisioning.planning.written_schema import WrittenSchema, written_schema
from provisioning.settings.gallery_app import DEFAULT_ACCESS
from provisioning.settings.job import DeclaredJob
from provisioning.settings.mistakes import parsed
from provisioning.settings.stack import Settings

USUAL: Mapping[str, Any] = {
    name: Settings.model_fields[name].default for name in ("role", "display_name", "gallery_app")
}
"""What a stack that says nothing has."""

OUR_KEYS = frozenset({ADDRESS_KEY, TOKEN_KEY, SCOPE_KEY, KEEPS_KEY, NOTIFICATION_KEY})


@dataclass(frozen=True, slots=True)
class SettingsFound:
    """What is to be declared, and what cannot be."""

    settings: dict[str, Any] = field(default_factory=dict)
    """By name in a stack's file, without the namespace."""
    kept: tuple[str, ...] = ()
    """What stays as it is, undeclared, a sentence each."""
    role: str = ""
    """The id of the role that the program gives; empty where the app has none that it could give."""


def settings_found(found: Found, *, gallery_app: str, role: str, scim_path: str) -> SettingsFound:
    """Write what was found. *role* is what the stack's file says already; empty where it says nothing.

    :raises ConfigurationError: when there is no address or token yet, or an address that cannot be declared.
    """
    address, connection, of_connection = _connection(found, scim_path)
    chosen = _role(found, role)
    assigned, others = _assigned(found, chosen)
    schema = _schema(found)
    settings: dict[str, Any] = {"tenantUrl": address}
    settings |= {"galleryApp": gallery_app} if gallery_app != USUAL["gallery_app"] else {}
    settings |= {"displayName": found.app.name} if found.app.name != USUAL["display_name"] else {}
    settings |= connection | assigned
    if chosen is not None and not role and (name := _name_of(chosen, found.app.roles)) != USUAL["role"]:
        settings["role"] = name
    settings |= {"templateId": found.job.template} if not found.is_default_template else {}
    settings |= {} if found.job.is_switched_on else {"status": "off"}
    settings |= schema.settings
    kept = (*others, *found.names.notes, *of_connection, *schema.kept)
    return SettingsFound(settings, kept, chosen.id if chosen else "")


# Who is assigned


def _role(found: Found, written: str) -> AppRole | None:
    """Take the role of the file, or the one that most are assigned; of an app that nobody is, the usual one."""
    usable = [role for role in found.app.roles if role.is_enabled and role.is_for_people]
    by_id = {role.id: role for role in usable}
    if written:
        return by_id[role_id(found.app.roles, written)]
    held = Counter(each.role for each in found.observed.assignments if each.role in by_id)
    # Of two that are held alike, the usual one; and then the first that the app declares.
    return max(usable, key=lambda role: (held[role.id], role.name == USUAL["role"]), default=None)


def _name_of(role: AppRole, roles: tuple[AppRole, ...]) -> str:
    """Give the name by which the program finds a role, and no other."""
    for name in filter(None, (role.name, role.value)):
        try:
            if role_id(roles, name) == role.id:
                return name
        except ConfigurationError:
            continue
    return role.id


def _assigned(found: Found, chosen: AppRole | None) -> tuple[dict[str, Any], list[str]]:
    """Write groups and users who have the role, and tell of the others."""
    names, held = found.names.written, found.observed.assignments
    ours = [each for each in held if chosen is not None and each.role == chosen.id]
    by_kind = {
        f"{kind.value}s": [names[each.principal] for each in ours if each.kind is kind] for kind in PrincipalKind
    }
    others = [_other(each, found) for each in held if each not in ours]
    return {name: listed for name, listed in by_kind.items() if listed}, others


def _other(each: Assignment, found: Found) -> str:
    who = f"{each.kind.value} {each.name}"
    if each.role == DEFAULT_ACCESS[1]:
        return f"{who} has Default Access, by which nobody is provisioned: that assignment stays, undeclared."
    role = next((role.name for role in found.app.roles if role.id == each.role), each.role)
    return f"{who} has the role {role}, and a stack gives one role to all: that assignment stays, undeclared."


# What is saved with address and token


def _connection(found: Found, scim_path: str) -> tuple[str, dict[str, Any], list[str]]:
    connection = found.observed.connection
    address = _address(found, scim_path)
    settings: dict[str, Any] = {}
    kept: list[str] = []
    notification = connection.notification
    if notification is not None:
        table = {"email": notification.email, "enabled": notification.enabled}
        if why := _why_not(connection, notification=table):
            kept.append(f"Failures are told to {notification.email}, which cannot be declared: {why} It stays.")
        else:
            settings["notificationEmail"] = notification.email
            settings |= {} if notification.enabled else {"notifyOnFailure": False}
    if connection.delete_threshold:
        if "notificationEmail" in settings:
            settings["deleteThreshold"] = connection.delete_threshold
        else:
            kept.append(
                f"The deletion threshold is {connection.delete_threshold:,}, and nobody who can be declared is told "
                "when it is reached: it stays, undeclared."
            )
    settings |= {"skipOutOfScopeDeletions": True} if connection.keeps_leavers else {}
    settings |= {"scope": Scope.ALL.value} if connection.scope is Scope.ALL else {}
    return address, settings, [*kept, *_unknown_keys(connection)]


def _address(found: Found, scim_path: str) -> str:
    """Write the address as the app shows it, where that leads to the same.

    :raises ConfigurationError: when there is none, or it cannot be declared.
    """
    connection = found.observed.connection
    if not (connection.address and connection.has_token):
        raise ConfigurationError(
            f"The job of {found.app.name!r} has no address and token yet, so that there is nothing to adopt but the "
            "app.",
            hint="Save both in the portal's provisioning page (Admin Credentials), and repeat the command.",
        )
    reasons = []
    for written in (connection.address.removesuffix("/").removesuffix(scim_path), connection.address):
        try:
            why = _why_not(connection, baseAddress=base_address_of(written, scim_path))
        except ConfigurationError as error:
            why = error.message
        if not why:
            return written
        reasons.append(why)
    raise ConfigurationError(
        f"The job sends to {shown_address(connection.address)}, which cannot be declared: {reasons[-1]}",
        hint="Correct it in the portal's provisioning page, and repeat the command.",
    )


def _why_not(connection: Connection, **inputs: object) -> str:
    """Say why something cannot be declared as it is held; empty when the program reads it as the same."""
    stand_ins = {"baseAddress": "https://stand-in.example.com", "secretToken": "env:STAND_IN"}
    try:
        declared = parsed(DeclaredJob, {**stand_ins, **inputs}, place="").declared(None, None).connection
    except ConfigurationError as error:
        return error.message
    after = connection.edited(declared)
    compared = [setting for setting in SETTINGS if setting.place in inputs]
    differs = any(setting.shown(connection) != setting.shown(after) for setting in compared)
    return "the program would write it otherwise." if differs else ""


def _unknown_keys(connection: Connection) -> Iterator[str]:
    unknown = {key: value for key, value in connection.held.items() if key not in OUR_KEYS}
    plain, masked = (
        ", ".join(sorted(key for key in unknown if (unknown[key] == MASK) is hidden)) for hidden in (False, True)
    )
    if plain:
        yield f"The connection has {plain} besides, which no setting is about: it stays, and every save sends it back."
    if masked:
        yield (
            f"The connection has {masked} besides, which Graph does not show: it stays, and every change that saves "
            "the connection is refused until it is removed in the portal."
        )


# Mappings, filters and the rest of the schema


def _schema(found: Found) -> WrittenSchema:
    held, template = found.observed.schema, found.template.schema
    if held is None or template is None:
        why = f"Graph does not show the schema of the template {found.job.template}, so that nobody can tell what"
        return WrittenSchema(kept=(f"{why} is special about this job's: mappings and filters stay, undeclared.",))
    return written_schema(held, template=template)

"""Looking things up in Entra, by the names that people write; every name that is not found is told at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import pulumi
import pulumi_azuread as azuread

from provisioning.components.failures import Kind, LookUpError, failure_of
from provisioning.errors import ConfigurationError
from provisioning.model.assignment import PrincipalKind
from provisioning.model.person import GUEST
from provisioning.settings.stack import PLACE

_Answer = TypeVar("_Answer")

OBJECT_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Principal:
    """A group or user that was found by the name that somebody wrote."""

    id: str
    """The object id."""
    kind: PrincipalKind
    name: str
    """As it was written: a display name, an address or an object id."""


def gallery_template_id(name: str, options: pulumi.InvokeOptions) -> str:
    """Find an app in the gallery by its name.

    :raises ConfigurationError: when it is absent, there twice, or cannot be provisioned.
    :raises ProvisioningError: when nothing can be looked up at all: no sign-in, no network.
    """
    template = _found(
        f"{PLACE}galleryApp",
        name,
        lambda: azuread.get_application_template(name, opts=options),
        missing_hint="Write the name as the gallery shows it: Enterprise applications > New application.",
    )
    if "sync" not in template.supported_provisioning_types:
        raise ConfigurationError(
            f"{PLACE}galleryApp: {name!r} is in the gallery, but has no provisioning connector.",
            hint="Name an app that supports automatic provisioning.",
        )
    return template.template_id


def principals(groups: Sequence[str], users: Sequence[str], options: pulumi.InvokeOptions) -> list[Principal]:
    """Find groups and users, each once, in the order in which they were written.

    :raises ConfigurationError: with a sentence for every name that does not exist, or exists twice.
    :raises ProvisioningError: when nothing can be looked up at all: no sign-in, no network.
    """
    found: dict[str, Principal] = {}
    failures: list[LookUpError] = []
    look_ups = [(f"{PLACE}groups.{place}", name, PrincipalKind.GROUP) for place, name in enumerate(groups)]
    look_ups += [(f"{PLACE}users.{place}", name, PrincipalKind.USER) for place, name in enumerate(users)]
    for place, name, kind in look_ups:
        try:
            principal = Principal(_LOOK_UPS[kind](place, name, options), kind, name)
        except LookUpError as error:
            failures.append(error)
        else:
            found.setdefault(principal.id, principal)
    if failures:
        raise ConfigurationError([reason for error in failures for reason in error.reasons], hint=_hint(failures))
    return list(found.values())


def _hint(failures: Sequence[LookUpError]) -> str:
    by_names = {Kind.MISSING, Kind.AMBIGUOUS} & {error.kind for error in failures}
    correct = ["Correct the names, or write the object ids of those that are meant."] if by_names else []
    return " ".join(dict.fromkeys([*correct, *(error.hint for error in failures if error.hint)]))


def _group(place: str, name: str, options: pulumi.InvokeOptions) -> str:
    """Find a group. azuread's function for many groups is asked, since the one for a single group reads all members."""
    if OBJECT_ID.fullmatch(name):
        return _found(place, name, lambda: azuread.get_groups(object_ids=[name], opts=options)).object_ids[0]
    return _found(place, name, lambda: azuread.get_groups(display_names=[name], opts=options)).object_ids[0]


def _user(place: str, name: str, options: pulumi.InvokeOptions) -> str:
    if OBJECT_ID.fullmatch(name):
        return _found(place, name, lambda: azuread.get_user(object_id=name, opts=options)).object_id
    if "@" in name:
        return _user_by_address(place, name, options)
    return _user_by_display_name(place, name, options)


def _user_by_address(place: str, name: str, options: pulumi.InvokeOptions) -> str:
    """Ask for the user principal name, and then for the mailbox: a guest's own address is only that."""
    try:
        return _found(place, name, lambda: azuread.get_user(user_principal_name=name, opts=options)).object_id
    except LookUpError as error:
        if error.kind is not Kind.MISSING or GUEST in name.upper():
            raise
    try:
        return _found(place, name, lambda: azuread.get_user(mail=name, opts=options)).object_id
    except LookUpError as error:
        if error.kind is not Kind.MISSING:
            raise
        guest = f"{name.replace('@', '_')}{GUEST}@<tenant>.onmicrosoft.com"
        raise LookUpError(error.kind, f"{error.message} A guest is written {guest}.") from error


def _user_by_display_name(place: str, name: str, options: pulumi.InvokeOptions) -> str:
    """Search everybody, because azuread cannot ask for a display name; which is why the manual prefers the others."""
    everybody = _found(place, name, lambda: azuread.get_users(return_all=True, opts=options)).users
    named = [user for user in everybody if user.display_name == name]
    match named:
        case [one]:
            return one.object_id
        case []:
            raise LookUpError(Kind.MISSING, f"{place}: there is no user {name!r}.")
        case _:
            names = ", ".join(sorted(user.user_principal_name for user in named))
            several = f"{place}: {len(named)} users are called {name!r}; write one of {names}."
            raise LookUpError(Kind.AMBIGUOUS, several)


_LOOK_UPS: Mapping[PrincipalKind, Callable[[str, str, pulumi.InvokeOptions], str]] = {
    PrincipalKind.GROUP: _group,
    PrincipalKind.USER: _user,
}


def _found(place: str, name: str, look_up: Callable[[], _Answer], missing_hint: str = "") -> _Answer:
    """Look something up, and say in a sentence why it was not found.

    :raises ProvisioningError: when azuread's function fails; a :class:`LookUpError` when that is about the name.
    """
    try:
        return look_up()
    except Exception as error:
        failed = str(error)
        if not failed.startswith("invoke of "):
            raise
        raise failure_of(place, name, failed, missing_hint=missing_hint) from error

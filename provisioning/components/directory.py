"""Looking things up in Entra, by the names that people write; every name that is not found is told at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

import pulumi_azuread as azuread

from provisioning.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pulumi

_Answer = TypeVar("_Answer")

OBJECT_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def gallery_template_id(name: str, options: pulumi.InvokeOptions) -> str:
    """Find an app in the gallery by its name.

    :raises ConfigurationError: when it is absent, there twice, or cannot be provisioned.
    """
    template = _found(
        "elium:galleryApp",
        name,
        lambda: azuread.get_application_template(name, opts=options),
        hint="Write the name as the gallery shows it: Enterprise applications > New application.",
    )
    if "sync" not in template.supported_provisioning_types:
        raise ConfigurationError(
            f"elium:galleryApp: {name!r} is in the gallery, but has no provisioning connector.",
            hint="Name an app that supports automatic provisioning.",
        )
    return template.template_id


def principals(groups: Sequence[str], users: Sequence[str], options: pulumi.InvokeOptions) -> list[str]:
    """Find the object ids of groups and users.

    :raises ConfigurationError: with a sentence for every name that does not exist, or exists twice.
    """
    found: list[str] = []
    reasons: list[str] = []
    look_ups = [(f"elium:groups.{place}", name, _group) for place, name in enumerate(groups)]
    look_ups += [(f"elium:users.{place}", name, _user) for place, name in enumerate(users)]
    for place, name, look_up in look_ups:
        try:
            found.append(look_up(place, name, options))
        except ConfigurationError as error:
            reasons += error.reasons
    if reasons:
        raise ConfigurationError(reasons, hint="Correct the names, or write the object ids of those that are meant.")
    return list(dict.fromkeys(found))


def role_id(roles: Sequence[azuread.outputs.GetServicePrincipalAppRoleResult], name: str) -> str:
    """Find an app role by its display name.

    :raises ConfigurationError: when the app has no such enabled role that people can hold.
    """
    usable = {role.display_name: role.id for role in roles if role.enabled and "User" in role.allowed_member_types}
    if name not in usable:
        raise ConfigurationError(
            f"elium:role: the app has no role {name!r}; it has {', '.join(sorted(usable)) or 'none'}.",
            hint="Write one of these.",
        )
    return usable[name]


def _group(place: str, name: str, options: pulumi.InvokeOptions) -> str:
    """Find a group. azuread's function for many groups is asked, since the one for a single group reads all members."""
    if OBJECT_ID.fullmatch(name):
        return _found(place, name, lambda: azuread.get_groups(object_ids=[name], opts=options)).object_ids[0]
    return _found(place, name, lambda: azuread.get_groups(display_names=[name], opts=options)).object_ids[0]


def _user(place: str, name: str, options: pulumi.InvokeOptions) -> str:
    if OBJECT_ID.fullmatch(name):
        return _found(place, name, lambda: azuread.get_user(object_id=name, opts=options)).object_id
    if "@" in name:
        return _found(place, name, lambda: azuread.get_user(user_principal_name=name, opts=options)).object_id
    return _user_by_display_name(place, name, options)


def _user_by_display_name(place: str, name: str, options: pulumi.InvokeOptions) -> str:
    """Search everybody, because azuread cannot ask for a display name; which is why the manual prefers the others."""
    everybody = _found(place, name, lambda: azuread.get_users(return_all=True, opts=options)).users
    named = [user for user in everybody if user.display_name == name]
    match named:
        case [one]:
            return one.object_id
        case []:
            raise ConfigurationError(f"{place}: there is no user {name!r}.")
        case _:
            names = ", ".join(sorted(user.user_principal_name for user in named))
            raise ConfigurationError(f"{place}: {len(named)} users are called {name!r}; write one of {names}.")


def _found(place: str, name: str, look_up: Callable[[], _Answer], hint: str = "") -> _Answer:
    """Look something up, and say in a sentence why it was not found.

    :raises ConfigurationError: when azuread's function fails.
    """
    try:
        return look_up()
    except Exception as error:
        told = str(error)
        if not told.startswith("invoke of "):
            raise
        raise ConfigurationError(f"{place}: {_sentence(name, told)}", hint=hint) from error


def _sentence(name: str, told: str) -> str:
    """Say what azuread's error means for somebody who wrote a name (terraform-provider-azuread: data sources)."""
    problem = re.split(r" failed: |returned an error: |\* ", told)[-1].removesuffix(" ()").strip().rstrip(".")
    if "unexpected status" in problem:
        return f"{name!r} could not be looked up: {problem}."
    if re.search(r"more than one|multiple|duplicate", problem, re.IGNORECASE):
        return f"{name!r} exists more than once."
    if re.search(r"no .*found|not found|was not found|does not exist", problem, re.IGNORECASE):
        return f"{name!r} does not exist."
    return f"{name!r} could not be looked up: {problem}."

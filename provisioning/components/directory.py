"""Looking things up in Entra with azuread's functions; every name that is not found is told at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import pulumi
import pulumi_azuread as azuread

from provisioning.components.failures import failure_of
from provisioning.model.assignment import PrincipalKind
from provisioning.operations.lookups import (
    GALLERY_APP,
    IN_THE_GALLERY,
    By,
    Kind,
    LookUpError,
    Named,
    Principal,
    named,
    principals_of,
    refuse_without_connector,
)

_Answer = TypeVar("_Answer")


def gallery_template_id(name: str, options: pulumi.InvokeOptions, *, before: str) -> str:
    """Find an app in the gallery by its name. *before* stands before the setting that has it, such as ``elium:``.

    :raises ConfigurationError: when it is absent, there twice, or cannot be provisioned.
    :raises ProvisioningError: when nothing can be looked up at all: no sign-in, no network.
    """
    template = _found(
        f"{before}{GALLERY_APP}",
        name,
        lambda: azuread.get_application_template(name, opts=options),
        hints=IN_THE_GALLERY,
    )
    refuse_without_connector(name, template.supported_provisioning_types, before=before)
    return template.template_id


def principals(
    groups: Sequence[str], users: Sequence[str], options: pulumi.InvokeOptions, *, before: str
) -> list[Principal]:
    """Find groups and users, each once, in the order in which they were written.

    :raises ConfigurationError: with a sentence for every name that does not exist, or exists twice.
    :raises ProvisioningError: when nothing can be looked up at all: no sign-in, no network.
    """
    return principals_of((each, _looked_up(each, options)) for each in named(groups, users, before=before))


def _looked_up(each: Named, options: pulumi.InvokeOptions) -> str | LookUpError:
    """Ask in one way after the other, as long as nobody is found."""
    for by in each.ways:
        try:
            return _ASKED[each.kind, by](each, options)
        except LookUpError as error:
            if error.kind is not Kind.MISSING:
                return error
    return each.missing()


def _group_by_id(each: Named, options: pulumi.InvokeOptions) -> str:
    """Find a group. azuread's function for many groups is asked, since the one for a single group reads all members."""
    return _found(
        each.place, each.written, lambda: azuread.get_groups(object_ids=[each.written], opts=options)
    ).object_ids[0]


def _group_by_display_name(each: Named, options: pulumi.InvokeOptions) -> str:
    return _found(
        each.place, each.written, lambda: azuread.get_groups(display_names=[each.written], opts=options)
    ).object_ids[0]


def _user_by_id(each: Named, options: pulumi.InvokeOptions) -> str:
    return _found(each.place, each.written, lambda: azuread.get_user(object_id=each.written, opts=options)).object_id


def _user_by_principal_name(each: Named, options: pulumi.InvokeOptions) -> str:
    return _found(
        each.place, each.written, lambda: azuread.get_user(user_principal_name=each.written, opts=options)
    ).object_id


def _user_by_mail(each: Named, options: pulumi.InvokeOptions) -> str:
    return _found(each.place, each.written, lambda: azuread.get_user(mail=each.written, opts=options)).object_id


def _user_by_display_name(each: Named, options: pulumi.InvokeOptions) -> str:
    """Search everybody, because azuread cannot ask for a display name; which is why the manual prefers the others."""
    everybody = _found(each.place, each.written, lambda: azuread.get_users(return_all=True, opts=options)).users
    found = [user for user in everybody if user.display_name == each.written]
    match found:
        case [one]:
            return one.object_id
        case []:
            raise each.missing()
        case _:
            raise each.several(user.user_principal_name for user in found)


_ASKED: Mapping[tuple[PrincipalKind, By], Callable[[Named, pulumi.InvokeOptions], str]] = {
    (PrincipalKind.GROUP, By.OBJECT_ID): _group_by_id,
    (PrincipalKind.GROUP, By.DISPLAY_NAME): _group_by_display_name,
    (PrincipalKind.USER, By.OBJECT_ID): _user_by_id,
    (PrincipalKind.USER, By.PRINCIPAL_NAME): _user_by_principal_name,
    (PrincipalKind.USER, By.MAIL): _user_by_mail,
    (PrincipalKind.USER, By.DISPLAY_NAME): _user_by_display_name,
}


def _found(place: str, name: str, look_up: Callable[[], _Answer], hints: Mapping[Kind, str] | None = None) -> _Answer:
    """Look something up, and say in a sentence why it was not found.

    :raises ProvisioningError: when azuread's function fails; a :class:`LookUpError` when that is about the name.
    """
    try:
        return look_up()
    except Exception as error:
        failed = str(error)
        if not failed.startswith("invoke of "):
            raise
        raise failure_of(place, name, failed, hints=hints) from error

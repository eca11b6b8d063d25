"""People join, move and leave, as the directory's own administrators would do it; and what comes of each."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from provisioning.errors import ConfigurationError, NotFoundError
from provisioning.panel.company.directory import Assigned, Directory, Group, Person

PASSWORD_BYTES = 24

MOST_OF_A_NAME = 64
"""Letters that Graph takes of a given name, a surname, and what stands before the @ (Graph: resources/user)."""

DIGITS = 4
"""How many are left free for those of the same name."""

HIRES = (
    ("Nia Okafor", "Engineering", "Engineer"),
    ("Mateusz Żbik", "Sales", "Account Manager"),
    ("田中 由紀", "Marketing", "Designer"),
    ("ליאת אבני", "Knowledge", "Analyst"),
    ("Aoife Ní Dhomhnaill", "Finance", "Controller"),
    ("Σοφία Παππά", "Engineering", "Senior Engineer"),
    ("مريم الصباغ", "Human Resources", "HR Manager"),
    ("Priya Iyengar", "Knowledge", "Editor"),
)
"""Made-up people who are still to be hired: name, department, title. Nobody of them exists."""

NO_GROUP = "Nobody is assigned to the app by a group, so there is none to join."


@dataclass(frozen=True, slots=True)
class Hire:
    """Somebody who is to join; what is empty is made up."""

    name: str = ""
    department: str = ""
    title: str = ""
    group: str = ""
    """Id of one of the assigned groups; the first, when empty."""


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, and what will come of it."""

    what: str
    """Such as ``Nia Okafor joins Elium users.``"""
    then: str
    """What the next cycle makes of it, or that it makes nothing."""
    name: str
    """The sign-in name of whom it was about; empty when they are gone."""


async def join(directory: Directory, assigned: Assigned, hire: Hire, *, turn: int) -> Done:
    """Hire somebody into an assigned group. *turn* chooses among the made-up ones.

    :raises ConfigurationError: when no group is assigned, or it is another one.
    """
    group = _group(assigned, hire.group)
    name, department, title = HIRES[turn % len(HIRES)]
    shown = hire.name or name
    at = await _free_name(directory, shown)
    made = await directory.hire(
        {
            "accountEnabled": True,
            "displayName": shown,
            "givenName": shown.partition(" ")[0][:MOST_OF_A_NAME],
            "surname": shown.rpartition(" ")[2][:MOST_OF_A_NAME] if " " in shown else None,
            "mailNickname": at.partition("@")[0],
            "mail": at,
            "userPrincipalName": at,
            "department": hire.department or department,
            "jobTitle": hire.title or title,
            "passwordProfile": {"password": f"{secrets.token_urlsafe(PASSWORD_BYTES)}aA1!"},
        }
    )
    await directory.add(group.id, made)
    return Done(
        f"{shown} joins the company and {group.name}.",
        f"Entra asks Elium whether it knows {at}; it does not, so an account is made.",
        at,
    )


async def move(directory: Directory, person: Person, *, department: str, title: str) -> Done:
    """Give somebody another department and title; what is empty stays."""
    changes = {"department": department or person.department, "jobTitle": title or person.title}
    await directory.change(person.id, {name: value or None for name, value in changes.items()})
    return Done(
        f"{person.name} is now {changes['jobTitle'] or 'without a title'}, {changes['department'] or 'nowhere'}.",
        "If the mappings take title or department from there, Elium is sent the new values; if none does, nothing.",
        person.principal_name,
    )


async def leave(directory: Directory, assigned: Assigned, person: Person) -> Done:
    """Take somebody out of every assigned group."""
    left = [group for group in person.groups if group in assigned.groups]
    for group in left:
        await directory.take_out(group.id, person.id)
    names = ", ".join(group.name for group in left)
    if person.id in assigned.users:
        then = "They are assigned themselves as well, so nothing comes of it."
    else:
        then = "The account at Elium is disabled, not deleted: whoever comes back finds everything."
    return Done(f"{person.name} leaves {names or 'no group: they were in none that is assigned'}.", then, _name(person))


async def enter(directory: Directory, assigned: Assigned, person: Person, group: str) -> Done:
    """Put somebody into an assigned group. :raises ConfigurationError: when there is none."""
    found = _group(assigned, group)
    await directory.add(found.id, person.id)
    then = "An account is made at Elium, or the old one is opened again."
    if not person.is_enabled:
        then = "Nothing comes of it while the account here is disabled."
    return Done(f"{person.name} joins {found.name}.", then, _name(person))


async def switch(directory: Directory, person: Person, *, enabled: bool) -> Done:
    """Disable somebody's account in the directory, or enable it again."""
    await directory.change(person.id, {"accountEnabled": enabled})
    if enabled:
        then = "The account at Elium is opened again, if they are assigned."
        return Done(f"The account of {person.name} is enabled again.", then, _name(person))
    then = "The account at Elium is disabled as well, if there is one."
    return Done(f"The account of {person.name} is disabled.", then, _name(person))


async def delete(directory: Directory, person: Person) -> Done:
    """Delete somebody: they lie in the recycle bin for thirty days."""
    await directory.delete(person.id)
    then = (
        "The account at Elium is disabled. When the recycle bin lets go of them after thirty days, the account is "
        "deleted at Elium, too."
    )
    return Done(f"{person.name} is deleted from the directory.", then, "")


async def found(directory: Directory, person: str) -> Person:
    """Read somebody by id. :raises NotFoundError: when they are gone."""
    one = next(iter(await directory.among([person])), None)
    if one is None:
        raise NotFoundError("They are not in the directory any more.", status=404, asked="GET /users")
    return one


def hire_of(form: Mapping[str, str]) -> Hire:
    """Read the form by which somebody joins."""
    return Hire(*(form.get(name, "").strip() for name in ("name", "department", "title", "group")))


def _name(person: Person) -> str:
    return person.principal_name


def _group(assigned: Assigned, wanted: str) -> Group:
    if not assigned.groups:
        raise ConfigurationError(NO_GROUP, hint="Declare one: elium:groups.")
    for group in assigned.groups:
        if group.id == wanted or not wanted:
            return group
    raise ConfigurationError("That group is not assigned to the app.", hint="Choose one that is.")


async def _free_name(directory: Directory, shown: str) -> str:
    """Make a sign-in name that nobody has, of what a name has in common with ASCII."""
    plain = unicodedata.normalize("NFKD", shown).encode("ascii", "ignore").decode().casefold()
    words = ("".join(letter for letter in word if letter.isalnum()) for word in plain.split())
    local = ".".join(word for word in words if word)[: MOST_OF_A_NAME - DIGITS].strip(".") or "somebody"
    known, domain = await directory.names_like(local), await directory.domain()
    turn = 1
    while (at := f"{local}{turn if turn > 1 else ''}@{domain}") in known:
        turn += 1
    return at

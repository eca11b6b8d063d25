"""Finding whom people name: the rule by which a group, a user or the gallery's app is looked up, whoever asks.

A program asks azuread's functions, a command asks Graph; what is asked for, in which order, and what is said of a name
that is not found, is said here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from provisioning.errors import ConfigurationError
from provisioning.model.assignment import PrincipalKind
from provisioning.model.person import GUEST
from provisioning.words import counted

OBJECT_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)

GALLERY_APP = "galleryApp"
"""The setting that names the app of the gallery."""


class Kind(Enum):
    """Why something was not found."""

    MISSING = "missing"
    AMBIGUOUS = "ambiguous"
    FORBIDDEN = "forbidden"
    """The identity may not look."""
    NO_IDENTITY = "no identity"
    REFUSED = "refused"
    """Entra was asked to sign the identity in, and said no."""
    NOT_TRUSTED = "not trusted"
    UNREACHABLE = "unreachable"
    OTHER = "other"


ABOUT_NAMES: Mapping[Kind, tuple[str, str]] = {
    Kind.MISSING: ("does not exist.", ""),
    Kind.AMBIGUOUS: ("exists more than once.", ""),
    Kind.FORBIDDEN: (
        "may not be looked up by this identity.",
        "Give it the permissions Group.Read.All and User.Read.All.",
    ),
}
"""What is said of the name, and what to do."""

IN_THE_GALLERY: Mapping[Kind, str] = {
    Kind.MISSING: "Write the name as the gallery shows it: Enterprise applications > New application.",
    Kind.AMBIGUOUS: "Make the app by its template's id, as azuread's ApplicationFromTemplate does, and declare its job "
    "alone, a SynchronizationJob.",
}
"""What to do where it is the name of an app of the gallery."""


class LookUpError(ConfigurationError):
    """A name was not found; the others may be."""

    def __init__(self, kind: Kind, reason: str, *, hint: str = "") -> None:
        super().__init__(reason, hint=hint)
        self.kind = kind

    @classmethod
    def about(cls, kind: Kind, place: str, written: str, *, hints: Mapping[Kind, str] | None = None) -> LookUpError:
        """Say it of what was *written* at a *place*; *hints* say what to do where it is not a group or user."""
        sentence, hint = ABOUT_NAMES[kind]
        return cls(kind, f"{place}: {written!r} {sentence}", hint=(hints or {}).get(kind, hint))


class By(Enum):
    """What a group or user is asked for by: properties of Graph's (graph: group, user)."""

    OBJECT_ID = "id"
    DISPLAY_NAME = "displayName"
    PRINCIPAL_NAME = "userPrincipalName"
    MAIL = "mail"


@dataclass(frozen=True, slots=True)
class Named:
    """A group or user whom somebody wrote down."""

    place: str
    """Where, such as ``elium:groups.0``."""
    written: str
    """A display name, an address or an object id."""
    kind: PrincipalKind

    @property
    def ways(self) -> tuple[By, ...]:
        """By what it is asked for, one after the other, until something is found.

        An address is a user principal name, or else that of a mailbox: a guest's own address is only that.
        """
        if OBJECT_ID.fullmatch(self.written):
            return (By.OBJECT_ID,)
        if self.kind is PrincipalKind.GROUP or "@" not in self.written:
            return (By.DISPLAY_NAME,)
        return (By.PRINCIPAL_NAME,) if GUEST in self.written.upper() else (By.PRINCIPAL_NAME, By.MAIL)

    @property
    def is_called_so(self) -> bool:
        """Tell whether it is a user's display name, which several may have."""
        return self.kind is PrincipalKind.USER and self.ways == (By.DISPLAY_NAME,)

    def missing(self) -> LookUpError:
        """Say that nothing was found in any way."""
        if self.is_called_so:
            return LookUpError(Kind.MISSING, f"{self.place}: there is no user {self.written!r}.")
        error = LookUpError.about(Kind.MISSING, self.place, self.written)
        if By.MAIL not in self.ways:
            return error
        guest = f"{self.written.replace('@', '_')}{GUEST}@<tenant>.onmicrosoft.com"
        return LookUpError(Kind.MISSING, f"{error.message} A guest is written {guest}.")

    def several(self, principal_names: Iterable[str] = ()) -> LookUpError:
        """Say that more than one was found; of users, by which names they can be told apart."""
        names = sorted(principal_names)
        if not names:
            return LookUpError.about(Kind.AMBIGUOUS, self.place, self.written)
        who = counted(len(names), "user is", "users are")
        said = f"{self.place}: {who} called {self.written!r}; write one of {', '.join(names)}."
        return LookUpError(Kind.AMBIGUOUS, said)


@dataclass(frozen=True, slots=True)
class Principal:
    """A group or user that was found by the name that somebody wrote."""

    id: str
    """The object id."""
    kind: PrincipalKind
    name: str
    """As it was written: a display name, an address or an object id."""

    @property
    def inputs(self) -> dict[str, Any]:
        """What the resources are told of it."""
        return {"principalId": self.id, "kind": self.kind.value, "name": self.name}


def named(groups: Sequence[str], users: Sequence[str], *, before: str) -> tuple[Named, ...]:
    """Give groups and users, each with its place in the settings. *before* stands before each, such as ``elium:``."""
    return (
        *(Named(f"{before}groups.{place}", name, PrincipalKind.GROUP) for place, name in enumerate(groups)),
        *(Named(f"{before}users.{place}", name, PrincipalKind.USER) for place, name in enumerate(users)),
    )


def principals_of(answers: Iterable[tuple[Named, str | LookUpError]]) -> list[Principal]:
    """Give those who were found, each once, in the order in which they were written.

    :raises ConfigurationError: with a sentence for every name that does not exist, or exists twice.
    """
    found: dict[str, Principal] = {}
    failures: list[LookUpError] = []
    for each, answer in answers:
        if isinstance(answer, LookUpError):
            failures.append(answer)
        else:
            found.setdefault(answer, Principal(answer, each.kind, each.written))
    if failures:
        raise ConfigurationError([reason for error in failures for reason in error.reasons], hint=_hint(failures))
    return list(found.values())


def refuse_without_connector(written: str, provisioning_types: Iterable[str], *, before: str) -> None:
    """Refuse an app of the gallery that cannot be provisioned (graph: applicationtemplate).

    :raises ConfigurationError: naming it.
    """
    if "sync" not in provisioning_types:
        raise ConfigurationError(
            f"{before}{GALLERY_APP}: {written!r} is in the gallery, but has no provisioning connector.",
            hint="Name an app that supports automatic provisioning.",
        )


def _hint(failures: Sequence[LookUpError]) -> str:
    by_names = {Kind.MISSING, Kind.AMBIGUOUS} & {error.kind for error in failures}
    correct = ["Correct the names, or write the object ids of those that are meant."] if by_names else []
    return " ".join(dict.fromkeys([*correct, *(error.hint for error in failures if error.hint)]))

"""``tenants.yaml``: what all tenants share, and a row for each; every mistake is told with its line and column."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from provisioning.errors import ConfigurationError
from provisioning.fleet import positions
from provisioning.fleet.positions import Document, Mistake
from provisioning.fleet.tenant import TOKENS_VARIABLE, Tenant
from provisioning.graph.identity import FIELDS, identity_of
from provisioning.model.base_address import target_of
from provisioning.operations.token_reference import TokenReference
from provisioning.settings.mistakes import TABLE
from provisioning.settings.other_words import advice
from provisioning.settings.stack import PLACE, Settings

DEFAULTS, TENANTS = "defaults", "tenants"

NAME, LABELS, ENTRA = "name", "labels", "entra"

DEFAULT_OF = {field.alias or name: field.default for name, field in Settings.model_fields.items()}

OF_A_ROW = (NAME, LABELS, ENTRA)
"""What a row has besides the settings of a stack."""

SETTINGS = tuple(field.alias or name for name, field in Settings.model_fields.items())

NAME_FORM = "[A-Za-z0-9][A-Za-z0-9_.-]{0,99}"
"""What Pulumi takes for a stack's name (pulumi: sdk/go/common/tokens, ValidateStackName), and can be a folder's."""

_UNSAID = {TOKENS_VARIABLE: "not-looked-at-here"}
"""Where a token lies while a row is checked: what is in it is read when it is needed, and by who needs it."""


@dataclass(frozen=True, slots=True)
class Fleet:
    """The tenants of a file, in its order."""

    tenants: tuple[Tenant, ...]
    names: frozenset[str]
    """Of every row, chosen or not."""
    doubles: Mapping[str, str]
    """Those whose app would be that of a row before, by its name: no two can be called alike in one Entra tenant."""

    @classmethod
    def of(cls, tenants: tuple[Tenant, ...]) -> Fleet:
        """Take all rows of a file."""
        first: dict[object, str] = {}
        owners = {tenant.name: first.setdefault(_app(tenant), tenant.name) for tenant in tenants}
        doubles = {name: owner for name, owner in owners.items() if name != owner}
        return cls(tenants, frozenset(owners), doubles)

    def only(self, labels: Mapping[str, str], names: Collection[str] = ()) -> Fleet:
        """Choose tenants that have every label, and are named, where names are given.

        :raises ConfigurationError: when a name is none of them, or nobody is left.
        """
        unknown = [name for name in names if name not in {tenant.name for tenant in self.tenants}]
        if unknown:
            raise ConfigurationError(f"There is no tenant {', '.join(unknown)}.", hint="Look: elium fleet plan")
        chosen = tuple(
            tenant
            for tenant in self.tenants
            if (not names or tenant.name in names) and labels.items() <= tenant.labels.items()
        )
        if not chosen:
            said = ", ".join(f"{name}={value}" for name, value in labels.items())
            raise ConfigurationError(f"No tenant has {said or 'a row'}.", hint="Look at the labels in the file.")
        return replace(self, tenants=chosen)


def fleet_of(document: Document, *, name: str = "tenants.yaml") -> Fleet:
    """Read what stands in a file that is called *name*.

    :raises ConfigurationError: with every mistake, as ``file:line:column: tenant: sentence``.
    """
    reading = _Reading(document)
    tenants = reading.tenants()
    mistakes = sorted({*document.mistakes, *reading.mistakes})
    if mistakes:
        raise ConfigurationError([f"{name}:{mistake.position}: {mistake.sentence}" for mistake in mistakes])
    return Fleet.of(tenants)


class _Reading:
    """Reads a document, and collects what is wrong with it."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self.mistakes: list[Mistake] = []

    def tenants(self) -> tuple[Tenant, ...]:
        whole = self._table(self._document.value, ())
        self._unknown(whole, (), (DEFAULTS, TENANTS))
        shared = self._table(whole.get(DEFAULTS), (DEFAULTS,))
        self._unknown(shared, (DEFAULTS,), (*SETTINGS, LABELS, ENTRA))
        rows = whole.get(TENANTS)
        if not isinstance(rows, list) or not rows:
            self._tell((TENANTS,), f"{TENANTS}: must be a list, a row for each tenant, such as `- name: acme`.")
            return ()
        read = [self._tenant(self._table(row, (TENANTS, number)), shared, number) for number, row in enumerate(rows)]
        self._tell_of_doubles(read)
        return tuple(tenant for _, tenant in read)

    def _tenant(self, row: Mapping[str, Any], shared: Mapping[str, Any], number: int) -> tuple[int, Tenant]:
        path = (TENANTS, number)
        called = str(row.get(NAME) or "")
        self._unknown(row, path, (*OF_A_ROW, *SETTINGS), called)
        if not re.fullmatch(NAME_FORM, called):
            self._tell((*path, NAME), f"{NAME}: {called!r} cannot be a stack's name. Write letters, digits, -, _ and .")
        written = {name: value for name, value in {**shared, **row}.items() if name in SETTINGS and value is not None}
        labels, entra = (
            {**self._texts(shared, name, (DEFAULTS,)), **self._texts(row, name, path)} for name in (LABELS, ENTRA)
        )
        tenant = Tenant(called, written, labels, entra)
        self._check(tenant, path)
        return number, tenant

    def _check(self, tenant: Tenant, path: positions.Path) -> None:
        """Check what a row declares as its stack would, and that no secret stands in it."""
        for name in ("secretToken", *(name for name in tenant.entra if name in FIELDS and FIELDS[name].is_secret)):
            table, where = (tenant.written, ()) if name == "secretToken" else (tenant.entra, (ENTRA,))
            self._check_secret(tenant, table.get(name), path, (*where, name))
        try:
            identity_of(tenant.entra, {})
        except ConfigurationError as error:
            for reason in error.reasons:
                self._tell_of(tenant, path, (ENTRA,), f"{ENTRA}: {reason} {error.hint}")
        try:
            tenant.settings(_UNSAID)
        except ConfigurationError as error:
            for reason in error.reasons:
                self._tell_of(tenant, path, self._place_in(reason, path), reason.replace(PLACE, ""))

    def _check_secret(self, tenant: Tenant, written: object, path: positions.Path, name: positions.Path) -> None:
        """Refuse a secret itself, which everybody would have who has the file; it is not repeated."""
        said = ".".join(map(str, name))
        if written is None:
            self._tell_of(tenant, path, name, f"{said}: is needed, such as env:ACME_ELIUM_TOKEN.")
            return
        try:
            TokenReference.parse(str(written), written=said)
        except ConfigurationError as error:
            self._tell_of(tenant, path, name, f"{said}: {_without_place(error.message, said)} {error.hint}")

    def _place_in(self, reason: str, path: positions.Path) -> positions.Path:
        """Find what a sentence about a setting is about: the longest place that it begins with."""
        said = reason.removeprefix(PLACE)
        known = [
            where[len(base) :]
            for base in (path, (DEFAULTS,))
            for where in self._document.positions
            if where[: len(base)] == base
        ]
        fitting = [where for where in known if where and said.startswith(".".join(map(str, where)))]
        return max(fitting, key=len, default=())

    def _tell_of(self, tenant: Tenant, path: positions.Path, where: positions.Path, sentence: str) -> None:
        """Tell a mistake where it was written: in the row, or in the defaults, of which it is told once."""
        is_shared = (*path, *where[:1]) not in self._document.positions and (
            DEFAULTS,
            *where[:1],
        ) in self._document.positions
        if where and is_shared:
            self._tell((DEFAULTS, *where), f"{DEFAULTS}: {sentence}")
        else:
            self._tell((*path, *where), f"{tenant.name}: {sentence}")

    def _tell_of_doubles(self, read: Sequence[tuple[int, Tenant]]) -> None:
        """Tell of rows that would act on one another: two jobs at one Elium undo each other's work."""
        for name, said, what in (
            (NAME, "is the name of another row", lambda tenant: tenant.name.lower()),
            ("tenantUrl", "is another row's as well; two jobs would undo each other's work", elium_of),
            (
                "secretToken",
                "is another row's as well, and a token opens one Elium",
                _token,
            ),
        ):
            rows: dict[object, list[int]] = defaultdict(list)
            for number, tenant in read:
                if what(tenant):
                    rows[what(tenant)].append(number)
            for first, *others in rows.values():
                at = self._document.position((TENANTS, first, name))
                for number in others:
                    called = read[number][1].name
                    self._tell((TENANTS, number, name), f"{called}: {name}: {said}, at {at}.")

    def _texts(self, table: Mapping[str, Any], name: str, path: positions.Path) -> dict[str, str]:
        read = self._table(table.get(name), (*path, name))
        wrong = [key for key, value in read.items() if isinstance(value, dict | list) or value is None]
        for key in wrong:
            self._tell((*path, name, key), f"{name}.{key}: must be a text.")
        return {str(key): _as_text(value) for key, value in read.items() if key not in wrong}

    def _table(self, value: object, path: positions.Path) -> Mapping[str, Any]:
        if value is None:
            return {}
        if isinstance(value, dict):
            return value
        within = path[2:] if path[:1] == (TENANTS,) else path
        what = ".".join(map(str, within)) or ("a row" if path else "the file")
        self._tell(path, f"{what}: {TABLE}.")
        return {}

    def _unknown(self, table: Mapping[str, Any], path: positions.Path, names: Sequence[str], called: str = "") -> None:
        for name in table:
            if name not in names:
                meant = advice(str(name), names)
                prefix = f"{called}: " if called else ""
                self._tell(
                    (*path, str(name)), f"{prefix}{name}: there is no such name here{f'; {meant}' if meant else ''}."
                )

    def _tell(self, path: positions.Path, sentence: str) -> None:
        self.mistakes.append(Mistake(self._document.position(path), sentence))


def _without_place(sentence: str, place: str) -> str:
    return sentence.removeprefix(place).lstrip(": ")


def _app(tenant: Tenant) -> tuple[str, str, str]:
    """Tell apps apart: whose Entra tenant it is, as far as the row says it, what it is made from and called."""
    kind, name = (str(tenant.written.get(each) or DEFAULT_OF[each]) for each in ("galleryApp", "displayName"))
    return tenant.entra.get("tenantId", "").lower(), kind, name.lower()


def elium_of(tenant: Tenant) -> str:
    """Tell Eliums apart; empty where a row names none."""
    return target_of(str(tenant.written.get("tenantUrl") or ""))


def _token(tenant: Tenant) -> str:
    place, mark, name = str(tenant.written.get("secretToken") or "").partition(":")
    return f"{place.strip().lower()}{mark}{name.strip()}"


def _as_text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def labels_of(written: Iterable[str]) -> Mapping[str, str]:
    """Read labels as they stand on a command line, such as ``region=eu``.

    :raises ConfigurationError: when one has no value.
    """
    return dict(_labels(written))


def _labels(written: Iterable[str]) -> Iterator[tuple[str, str]]:
    for each in written:
        name, mark, value = each.partition("=")
        if not (name and mark and value):
            raise ConfigurationError(f"{each!r} is not a label.", hint="Write label=value, such as --only region=eu.")
        yield name, value

"""Made-up names for a twin that leaves this machine: the same for the same value each time, and of its shape.

Each word of a text is replaced by one that a secret key makes of it (HMAC-SHA256), whatever its case. So values that
people share stay shared, a name stays the join of its parts, and whoever lacks a value still does. What a filter or an
expression compares with stays as it is, or else both would behave otherwise.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from provisioning.errors import ConfigurationError
from provisioning.language.clauses import Clause
from provisioning.model.person import GUEST
from provisioning.model.sources import ON_PREMISES, source_attribute

KEPT = frozenset(
    {
        *("accountEnabled", "ageGroup", "consentProvidedForMinor", "creationType", "externalUserState", "groupTypes"),
        *("legalAgeGroupClassification", "passwordPolicies", "preferredDataLocation", "preferredLanguage"),
        *("usageLocation", "userType", "visibility"),
    }
)
"""Properties that Graph has a list of words for, so that they name nobody."""

ADDRESSES = frozenset({"mail", "otherMails", "proxyAddresses", "userPrincipalName", "originalUserPrincipalName"})

IDENTIFYING = ADDRESSES | {"displayName", "givenName", "surname", "mailNickname", "employeeId"}
"""Attributes that are not kept as they are, whatever reads them."""

COMPARING = frozenset({"EQUALS", "NOT EQUALS", "&", "!&", "IS TRUE", "IS FALSE", "IS NULL", "IS NOT NULL"})
"""Operators by which a value counts as a whole, so that it is enough to keep what they compare with."""

ENDING = frozenset({"ENDS_WITH", "INCLUDES"})

_WORD = re.compile(r"[^\W_]+")
_DATE = re.compile(r"\d{4}-\d\d-\d\d(T.*)?")
_DOMAIN = re.compile(r"@?([\w-]+(?:\.[\w-]+)+)")
_ADDRESS = re.compile(r"(?P<scheme>\w+:)?(?P<local>[^@\s:]+)@(?P<domain>[^@\s]+)")

_CONSONANTS, _VOWELS, _ACCENTED = "bdfgklmnprstvz", "aeiou", "áéíóú"
SYLLABLES = 6
"""Of 70 syllables each, so that of a hundred thousand words no two become the same, but for one time in twenty."""

_OF_BYTE = tuple(
    _CONSONANTS[byte % len(_CONSONANTS)] + _VOWELS[byte // len(_CONSONANTS) % len(_VOWELS)] for byte in range(256)
)
"""The syllable that stands for each byte."""

DIGITS = 10


@dataclass(frozen=True)
class MadeUpNames:
    """Replaces values. What it gives depends on the key alone, and not on who else is there. It remembers: no slots."""

    key: bytes
    literals: frozenset[str] = frozenset()
    """Whole values that stay, in small letters."""
    domains: frozenset[str] = frozenset()
    """Domains that stay, with those below them."""
    attributes: frozenset[str] = frozenset()
    """Attributes that stay as they are."""

    def id(self, identifier: str) -> str:
        """Replace an object id by another one."""
        return str(UUID(bytes=self._digest("id", identifier)[:16], version=5))

    def node(self, node: Mapping[str, Any]) -> dict[str, Any]:
        """Replace what a user or group is known by."""
        return {name: self.id(value) if name == "id" else self._of(name, value) for name, value in node.items()}

    def text(self, text: str) -> str:
        """Replace a text: an address part by part, anything else word by word."""
        if not text or text.casefold() in self.literals or _DATE.fullmatch(text):
            return text
        address = _ADDRESS.fullmatch(text)
        if address is None:
            return _WORD.sub(lambda match: self._word(match[0]), text)
        local, mark, _ = address["local"].partition(GUEST)
        if mark:
            home, _, domain = local.rpartition("_")
            local = f"{self.text(home)}_{self._domain(domain)}" if home else self.text(local)
        else:
            local = self.text(local)
        return f"{address['scheme'] or ''}{local}{mark}@{self._domain(address['domain'])}"

    def _of(self, name: str, value: Any) -> Any:  # noqa: ANN401 - a JSON value
        if name in KEPT or name in self.attributes:
            return value
        match value:
            case str():
                return self.text(value)
            case list():
                return [self._of(name, one) for one in value]
            case dict():
                return {key: self._of(key, one) for key, one in value.items()}
            case _:
                return value

    def _domain(self, domain: str) -> str:
        if any(domain.casefold() == kept or domain.casefold().endswith(f".{kept}") for kept in self.domains):
            return domain
        return f"d{self._digest('domain', domain).hex()[:8]}.example"

    def _word(self, word: str) -> str:
        return _word(self.key, word)

    def _digest(self, kind: str, value: str) -> bytes:
        return _digest(self.key, kind, value.casefold())


@lru_cache(maxsize=200_000)
def _word(key: bytes, word: str) -> str:
    digest = _digest(key, "word", word.casefold())
    if word.isdecimal():
        return str(int.from_bytes(digest[:8]) % 10**DIGITS).zfill(DIGITS)
    made = "".join(map(_OF_BYTE.__getitem__, digest[:SYLLABLES]))
    if not word.isascii():
        made = made[0] + _ACCENTED[_VOWELS.index(made[1])] + made[2:]
    return made.upper() if word.isupper() else made if word.islower() else made.capitalize()


def _digest(key: bytes, kind: str, value: str) -> bytes:
    return hmac.digest(key, f"{kind}\0{value}".encode(), "sha256")


def names_keeping(key: bytes, clauses: Iterable[Clause], literals: Iterable[str]) -> MadeUpNames:
    """Make names that leave alone what *clauses* of filters and *literals* of expressions compare with.

    :raises ConfigurationError: naming every clause by which a name or an address must stay as it is.
    """
    listed = list(clauses)
    refused = [f"{clause} looks into {clause.attribute}, which is to be replaced." for clause in _unkept(listed)]
    if refused:
        raise ConfigurationError(refused, hint="Save it with --names kept, and keep the file to yourselves.")
    looking = [clause for clause in listed if clause.operator.name not in COMPARING]
    compared = {*literals, *(value for clause in listed for value in clause.values)}
    return MadeUpNames(
        key,
        literals=frozenset(text.casefold() for text in compared),
        # An expression may cut one off, or put another in its place.
        domains=frozenset(match[1].casefold() for match in map(_DOMAIN.fullmatch, compared) if match),
        attributes=frozenset(name for clause in looking for name in _names_of(clause.attribute)) - IDENTIFYING,
    )


def _unkept(clauses: Iterable[Clause]) -> Iterator[Clause]:
    for clause in clauses:
        is_free = clause.operator.name in COMPARING or clause.attribute not in IDENTIFYING
        if not is_free and len([*_domains_of(clause)]) < max(1, len(clause.values)):
            yield clause


def _domains_of(clause: Clause) -> Iterator[str]:
    """Give the domains that a clause looks for at the end of an address, or in it."""
    if clause.attribute in ADDRESSES and clause.operator.name in ENDING:
        yield from (value for value in clause.values if _DOMAIN.fullmatch(value))


def _names_of(attribute: str) -> tuple[str, ...]:
    """Give what an attribute is called in mappings and in Graph."""
    known = source_attribute(attribute)
    return (attribute, known.property) if known and known.property != ON_PREMISES else (attribute,)

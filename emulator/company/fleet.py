"""Many Elium platforms, in one Entra tenant or spread over several: companies that are made from a number.

The same number makes the same names, people, groups and ids at every start; tokens and client secrets are made by
chance each time, as a seed's are. The first company is the one of a seed, with its own people; others are made up.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import chain, product
from random import Random
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import yaml

from emulator.company import seed as seeds
from emulator.company.seed_parts import EliumSeed, GroupSeed, PersonSeed, Seed

_PEOPLE = (30, 90)
"""How many people a made-up company has, at least and at most."""


class FleetError(ValueError):
    """That so many platforms, or companies, cannot be made."""


@dataclass(frozen=True, slots=True)
class Platform:
    """An Elium platform, and who of its company is to use it."""

    name: str
    """Such as ``acme``: the tenant's name at Elium."""
    group: str
    """The display name of the group in Entra whose members use it."""
    labels: Mapping[str, str]
    """By which it is chosen, such as ``region: eu``."""


@dataclass(frozen=True, slots=True)
class Company:
    """One Entra tenant, and the platforms that its people use."""

    seed: Seed
    platforms: tuple[Platform, ...]


def companies(
    platforms: int, *, entra_tenants: int = 1, number: int = 1, company: Seed | None = None
) -> tuple[Company, ...]:
    """Make as many platforms, spread evenly over as many Entra tenants, from a number.

    *company* is the first Entra tenant, Contoso unless told otherwise; its own tenants at Elium give way.

    :raises FleetError: when there would be an Entra tenant without a platform, or the names run out.
    """
    words = _words()
    first = company or seeds.read()
    chance = Random(number)  # noqa: S311 - it has to come back the same, and keeps no secret
    names = _names(words, platforms, chance)
    hosts = [first, *_others(words, first, entra_tenants, chance)]
    if len(hosts) > len(names):
        too_few = "1 platform" if len(names) == 1 else f"{len(names)} platforms"
        raise FleetError(f"{too_few} cannot be spread over {len(hosts)} Entra tenants.")
    sizes = _sizes(words["sizes"], [len(hosts[place % len(hosts)].people) for place in range(len(names))], chance)
    labels = [_labels(words["labels"], place, chance) for place in range(len(names))]
    made = [
        (Platform(name, f"Elium users of {name}", label), size)
        for name, label, size in zip(names, labels, sizes, strict=True)
    ]
    return tuple(_with_platforms(host, made[place :: len(hosts)], chance) for place, host in enumerate(hosts))


def platforms_of(made: Sequence[Company]) -> list[tuple[Platform, int]]:
    """List the platforms by name, each with the place of its company."""
    pairs = chain.from_iterable(((each, place) for each in company.platforms) for place, company in enumerate(made))
    return sorted(pairs, key=lambda pair: pair[0].name)


def token_variable(platform: str) -> str:
    """Name the variable that has a platform's token, such as ``ACME_ELIUM_TOKEN``."""
    return f"{_as_variable(platform)}_ELIUM_TOKEN"


def secret_variable(seed: Seed) -> str:
    """Name the variable that has the client secret of an Entra tenant, such as ``ENTRA_CONTOSO_SECRET``."""
    return f"ENTRA_{_as_variable(_place_of(seed.tenant.domain))}_SECRET"


def _words() -> Mapping[str, Any]:
    text = resources.files("emulator.company.seeds").joinpath("fleet.yaml").read_text("utf-8")
    read: Mapping[str, Any] = yaml.safe_load(text)
    return read


def _names(words: Mapping[str, Any], count: int, chance: Random) -> list[str]:
    """Draw names, plain words first. The first is always there, so that a manual can name it."""
    first, *plain = words["words"]
    joined = [f"{word}-{ending}" for ending, word in product(words["endings"], words["words"])]
    known = [first, *chance.sample(plain, len(plain)), *chance.sample(joined, len(joined))]
    if not 0 < count <= len(known):
        raise FleetError(f"{count} platforms cannot be made; there are names for 1 to {len(known):,}.")
    return known[:count]


def _others(words: Mapping[str, Any], first: Seed, count: int, chance: Random) -> list[Seed]:
    """Make the companies beside the first."""
    taken = _place_of(first.tenant.domain)
    known = [(name, domain) for name, domain in words["companies"].items() if _place_of(domain) != taken]
    if not 0 < count <= len(known) + 1:
        raise FleetError(f"{count} Entra tenants cannot be made; there are names for 1 to {len(known) + 1}.")
    return [_made(words, first, name, domain, chance) for name, domain in known[: count - 1]]


def _made(words: Mapping[str, Any], first: Seed, name: str, domain: str, chance: Random) -> Seed:
    """Make up a company: its people by chance, its applications named and entitled like those of the first."""
    tenant_id = str(uuid5(NAMESPACE_URL, f"urn:emulator:{domain}"))
    clients = [
        {
            "displayName": client.display_name,
            "appId": str(uuid5(NAMESPACE_URL, f"urn:emulator:{domain}:{client.app_id}")),
            "roles": client.roles,
        }
        for client in first.clients
    ]
    made = seeds.parse(
        {
            "tenant": {"id": tenant_id, "displayName": name, "domain": domain},
            "people": _people(words, domain, chance),
            "clients": clients,
        }
    )
    return made.model_copy(update={"gallery": first.gallery})


def _people(words: Mapping[str, Any], domain: str, chance: Random) -> list[dict[str, Any]]:
    pairs = chance.sample(list(product(words["givenNames"], words["surnames"])), chance.randint(*_PEOPLE))
    return [_person(words, f"{given} {surname}", domain, place, chance) for place, (given, surname) in enumerate(pairs)]


def _person(words: Mapping[str, Any], name: str, domain: str, place: int, chance: Random) -> dict[str, Any]:
    department, titles = chance.choice(list(words["departments"].items()))
    city, there = chance.choice(list(words["cities"].items()))
    return {
        "userPrincipalName": f"{name.replace(' ', '.').lower()}@{domain}",
        "displayName": name,
        "jobTitle": chance.choice(titles),
        "department": department,
        "employeeId": str(1001 + place),
        "city": city,
        **there,
    }


def _sizes(classes: Sequence[Mapping[str, Any]], people: Sequence[int], chance: Random) -> list[int]:
    """Draw how many people use each platform, of as many as its company has; one of several has a single person."""
    weights = [each["weight"] for each in classes]
    drawn = chance.choices(classes, weights, k=len(people))
    sizes = [_size(each, there, chance) for each, there in zip(drawn, people, strict=True)]
    # Who begins with the first one wants to see somebody arrive.
    sizes[0] = _size(classes[1], people[0], chance)
    if len(sizes) > 1:
        sizes[-1] = _size(classes[0], people[-1], chance)
    return sizes


def _size(drawn: Mapping[str, Any], people: int, chance: Random) -> int:
    least = drawn["least"] if "least" in drawn else int(people * drawn["leastShare"])
    most = drawn["most"] if "most" in drawn else int(people * drawn["mostShare"])
    return min(chance.randint(least, most), people)


def _labels(known: Mapping[str, Sequence[str]], place: int, chance: Random) -> dict[str, str]:
    """Draw labels; the first platform is the canary, later ones are mostly of the last ring."""
    rings = known["ring"]
    ring = rings[0] if place == 0 else chance.choices(rings, [1, 4, 15])[0]
    return {"region": chance.choice(known["region"]), "ring": ring}


def _with_platforms(seed: Seed, made: Sequence[tuple[Platform, int]], chance: Random) -> Company:
    """Give a company its platforms, each with a token and a group of as many of its people."""
    groups = [
        GroupSeed(
            display_name=platform.group,
            description=f"Those who may use Elium at {platform.name}",
            members=_members(seed.people, size, chance),
        )
        for platform, size in made
    ]
    platforms = tuple(platform for platform, _ in made)
    elium = [EliumSeed(name=platform.name, token=secrets.token_urlsafe(30)) for platform in platforms]
    return Company(seed.model_copy(update={"groups": [*seed.groups, *groups], "elium": elium}), platforms)


def _members(people: Sequence[PersonSeed], size: int, chance: Random) -> list[str]:
    """Draw people. Not only guests and disabled accounts, which may be nobody to provision."""
    drawn = chance.sample(people, size)
    usual = [person for person in people if _is_usual(person)]
    if drawn and usual and not any(_is_usual(person) for person in drawn):
        drawn[0] = chance.choice(usual)
    return [person.user_principal_name for person in drawn]


def _is_usual(person: PersonSeed) -> bool:
    return person.account_enabled and person.user_type == "Member"


def _place_of(domain: str) -> str:
    return domain.partition(".")[0]


def _as_variable(text: str) -> str:
    return text.replace("-", "_").upper()

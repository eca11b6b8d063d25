from __future__ import annotations

import re
from collections import Counter

import pytest

from emulator import Seed
from emulator.company import seed as seeds
from emulator.company.fleet import Company, FleetError, companies, platforms_of


def sizes(made: tuple[Company, ...]) -> dict[str, int]:
    """Give how many people use each platform, by name."""
    groups = {group.display_name: group.members for company in made for group in company.seed.groups}
    return {platform.name: len(groups[platform.group]) for platform, _ in platforms_of(made)}


def test_there_are_as_many_platforms_as_were_asked_for_and_acme_is_one_of_them() -> None:
    (company,) = companies(100)
    names = [elium.name for elium in company.seed.elium]

    assert (len(set(names)), names[0]) == (100, "acme")
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)?", name) for name in names)


def test_one_number_makes_the_same_fleet_again_with_other_secrets_and_another_number_another() -> None:
    first, again, other = companies(40, entra_tenants=3), companies(40, entra_tenants=3), companies(40, number=2)
    tokens = [{elium.token for company in made for elium in company.seed.elium} for made in (first, again)]

    assert platforms_of(first) == platforms_of(again)
    assert [company.seed.people for company in first] == [company.seed.people for company in again]
    assert sizes(first) == sizes(again)
    assert platforms_of(first) != platforms_of(other)
    assert (len(tokens[0] | tokens[1]), None in tokens[0]) == (80, False)


def test_most_platforms_are_small_some_have_one_person_and_few_have_nearly_everybody(seed: Seed) -> None:
    found = Counter(
        "one" if size == 1 else "large" if size >= len(seed.people) * 0.6 else "some"
        for size in sizes(companies(100)).values()
    )

    assert 0 < found["large"] < 20 < found["some"]
    assert found["one"] > 0


@pytest.mark.parametrize("number", range(20))
def test_a_fleet_of_two_has_somebody_at_the_first_and_one_person_at_the_other(number: int) -> None:
    first, second = sizes(companies(2, number=number)).items()

    assert (first[0], first[1] > 1, second[1]) == ("acme", True, 1)


@pytest.mark.parametrize("number", range(5))
def test_every_platform_has_somebody_who_can_be_provisioned(number: int) -> None:
    (company,) = companies(100, number=number)
    usual = {
        person.user_principal_name
        for person in company.seed.people
        if person.account_enabled and person.user_type == "Member"
    }

    assert [
        group.display_name
        for group in company.seed.groups
        if group.display_name.startswith("Elium users of") and not usual & set(group.members)
    ] == []


def test_platforms_are_spread_over_companies_that_share_nothing() -> None:
    made = companies(100, entra_tenants=10)

    assert [len(company.platforms) for company in made] == [10] * 10
    for what in (
        {company.seed.tenant.id for company in made},
        {company.seed.tenant.domain for company in made},
        {company.seed.clients[0].app_id for company in made},
        {company.seed.clients[0].secret for company in made},
    ):
        assert len(what) == 10
    people = [person.user_principal_name for company in made for person in company.seed.people]
    assert len(people) == len(set(people))


def test_the_first_company_is_that_of_the_seed_and_the_others_have_its_gallery_and_its_permissions(seed: Seed) -> None:
    first, second = companies(3, entra_tenants=2, company=seed)

    assert (first.seed.tenant, first.seed.people) == (seed.tenant, seed.people)
    assert second.seed.gallery == seed.gallery
    assert [client.roles for client in second.seed.clients] == [client.roles for client in seed.clients]


def test_a_seed_that_is_one_of_the_made_up_companies_is_not_made_twice() -> None:
    fabrikam = seeds.parse(
        {
            "tenant": {"id": "c0ffee00-1234-4abc-8def-0123456789ac", "displayName": "F", "domain": "fabrikam.com"},
            "clients": [{"displayName": "deployer", "appId": "1"}],
        }
    )
    made = companies(2, entra_tenants=2, company=fabrikam)

    assert [company.seed.tenant.domain for company in made] == ["fabrikam.com", "northwindtraders.com"]
    assert sizes(made)["acme"] == 0


@pytest.mark.parametrize(
    ("platforms", "entra_tenants", "sentence"),
    [
        (0, 1, "0 platforms cannot be made; there are names for 1 to 1,080."),
        (5000, 1, "5000 platforms cannot be made; there are names for 1 to 1,080."),
        (3, 4, "3 platforms cannot be spread over 4 Entra tenants."),
        (100, 26, "26 Entra tenants cannot be made; there are names for 1 to 25."),
        (100, 0, "0 Entra tenants cannot be made; there are names for 1 to 25."),
    ],
)
def test_what_cannot_be_made_is_told(platforms: int, entra_tenants: int, sentence: str) -> None:
    with pytest.raises(FleetError) as refused:
        companies(platforms, entra_tenants=entra_tenants)

    assert str(refused.value) == sentence

"""The target's accounts beside what Entra knows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from builders import a_mapping

from provisioning.errors import ConfigurationError
from provisioning.model.account import Account
from provisioning.model.connection import Scope
from provisioning.model.mapping import AttributeMapping
from provisioning.model.person import Person
from provisioning.operations.comparing import Comparison
from provisioning.operations.standing import AccountState, PersonStanding, Standing
from provisioning.planning.configuration import Rules

NOW = datetime(2026, 1, 15, 9, tzinfo=UTC)
BY_NAME = a_mapping(match=1)
ADA = Person("0a", "Ada", {"userPrincipalName": "Ada@Contoso.com"}, through=frozenset())


def comparing(*accounts: Account, matching: tuple[AttributeMapping, ...] = (BY_NAME,)) -> Comparison:
    comparison = Comparison.by(Rules(Scope.ASSIGNED, None, {one.target: one for one in matching}, {}, held={}), NOW)
    for account in accounts:
        comparison.add(account)
    return comparison


def account(identifier: str = "t1", name: str = "ada@contoso.com", *, is_active: bool = True) -> Account:
    return Account(identifier, name, is_active, {"userName": name})


def standing(of: Standing, target_id: str = "") -> PersonStanding:
    return PersonStanding("0a", "Ada", of, "", None, "", "", target_id)


@pytest.mark.parametrize(
    ("by_entra", "active", "inactive", "none"),
    [
        (Standing.PROVISIONED, Standing.PROVISIONED, Standing.PROVISIONED, Standing.NO_ACCOUNT),
        (Standing.QUIET, Standing.QUIET, Standing.QUIET, Standing.NO_ACCOUNT),
        (Standing.WAITING, Standing.WAITING, Standing.WAITING, Standing.WAITING),
        (Standing.FAILING, Standing.FAILING, Standing.FAILING, Standing.FAILING),
        (Standing.EXCLUDED, Standing.UNMANAGED, Standing.EXCLUDED, Standing.EXCLUDED),
        (Standing.LEAVING, Standing.LEAVING, Standing.LEFT, Standing.LEFT),
        (Standing.LEFT, Standing.UNMANAGED, Standing.LEFT, Standing.LEFT),
    ],
)
def test_what_the_target_has_decides_where_the_log_says_otherwise(
    by_entra: Standing, active: Standing, inactive: Standing, none: Standing
) -> None:
    one = standing(by_entra)

    assert comparing(account()).told(one, ADA).standing is active
    assert comparing(account(is_active=False)).told(one, ADA).standing is inactive
    assert comparing().told(one, ADA).standing is none


def test_an_account_is_found_by_its_id_and_else_by_what_people_are_matched_by() -> None:
    renamed = comparing(account("t1", "ada.lovelace@contoso.com"), account("t2", "alan@contoso.com"))

    assert renamed.told(standing(Standing.PROVISIONED, "t1"), ADA).account is AccountState.ACTIVE
    assert comparing(account()).told(standing(Standing.PROVISIONED, "t0"), ADA).target_id == "t1"


def test_of_two_accounts_with_one_value_the_active_one_is_told() -> None:
    for several in ([account("t1", is_active=False), account("t2")], [account("t2"), account("t1", is_active=False)]):
        assert comparing(*several).told(standing(Standing.LEFT), ADA).target_id == "t2"


def test_an_active_account_that_is_nobody_s_is_told_and_a_closed_one_is_not() -> None:
    comparison = comparing(account(), account("t2", "root"), account("t3", "gone", is_active=False))
    comparison.told(standing(Standing.PROVISIONED), ADA)

    assert [(one.person, one.target_id, one.standing) for one in comparison.unmanaged()] == [
        ("root", "t2", Standing.UNMANAGED)
    ]


def test_of_somebody_who_cannot_be_asked_about_nothing_is_said() -> None:
    nameless = replace(ADA, attributes={"userPrincipalName": None})

    assert comparing(account()).told(standing(Standing.PROVISIONED), nameless) == standing(Standing.PROVISIONED)
    assert comparing(account()).told(standing(Standing.LEFT), None) == standing(Standing.LEFT)


@pytest.mark.parametrize("matching", [(), (replace(BY_NAME, source=None),)])
def test_without_a_matching_value_every_account_would_be_nobody_s_so_nothing_is_compared(
    matching: tuple[AttributeMapping, ...],
) -> None:
    with pytest.raises(ConfigurationError, match="By what people are matched cannot be computed here"):
        comparing(matching=matching)

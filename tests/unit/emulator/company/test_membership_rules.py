"""Rules of dynamic groups, mostly those of Microsoft's page (Learn: groups-dynamic-membership)."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.company.membership_rules import LONGEST, Person, RuleError, parse

ADA: dict[str, Any] = {
    "id": "7",
    "displayName": "Ada Byron",
    "department": "Sales",
    "jobTitle": "SDE II",
    "accountEnabled": True,
    "mail": "ada@contoso.com",
    "city": None,
    "employeeId": "1002",
    "businessPhones": ["+32 2 1"],
    "proxyAddresses": ["SMTP:ada@contoso.com", "smtp:a.byron@fabrikam.com"],
    "otherMails": [],
    "onPremisesExtensionAttributes": {"extensionAttribute1": "Marketing"},
    "extension_c272a57b722d4eb29bfe327874ae79cb_OfficeNumber": "123",
    "assignedPlans": [
        {"servicePlanId": "efb87545-963c-4e0d-99df-69c6916d9eb0", "capabilityStatus": "Enabled"},
        {"servicePlanId": "x", "capabilityStatus": "Deleted"},
    ],
}
PERSON = Person(ADA, "62e19b97-8b3d-4d4a-a106-4ce66896a863", frozenset({"g1"}))


@pytest.mark.parametrize(
    ("rule", "admits"),
    [
        ('user.department -eq "Sales"', True),
        ('user.department -EQ "sales"', True),
        ('(user.department -eq "Sales")', True),
        ('user.department -ne "Sales"', False),
        ('user.city -ne "Ghent"', True),
        ("user.city -eq null", True),
        ("user.mail -ne $null", True),
        ("user.objectId -ne null", True),
        ("user.accountEnabled -eq true", True),
        ('user.accountEnabled -eq "true"', True),
        ("user.accountEnabled -eq false", False),
        ('user.displayName -startsWith "ada"', True),
        ('user.displayName -notStartsWith "B"', True),
        ('user.jobTitle -contains "sde"', True),
        ('user.jobTitle -notContains "SDE"', False),
        ('user.department -in ["50001","sales"]', True),
        ('user.department -notIn ["50001","50002"]', True),
        ("user.department -in []", False),
        ('user.displayName -match "^Ada.*"', True),
        ('user.displayName -match "by"', True),
        ('user.displayName -notMatch "^By"', True),
        ('user.displayName -match "(("', False),
        ("user.employeeId -eq 1002", True),
        ('user.extensionAttribute1 -eq "Marketing"', True),
        ('user.extension_c272a57b722d4eb29bfe327874ae79cb_OfficeNumber -eq "123"', True),
        ('user.telephoneNumber -startsWith "+32"', True),
        ('user.proxyAddresses -startsWith "smtp:ada@"', True),
        ('user.proxyAddresses -any (_ -contains "fabrikam")', True),
        ('user.proxyAddresses -all (_ -contains "contoso")', False),
        ('user.otherMails -any (_ -contains "x")', False),
        ("user.otherMails -eq null", True),
        (
            (
                'user.assignedPlans -any (assignedPlan.servicePlanId -eq "efb87545-963c-4e0d-99df-69c6916d9eb0" '
                '-and assignedPlan.capabilityStatus -eq "Enabled")'
            ),
            True,
        ),
        (
            'user.assignedPlans -any (assignedPlan.servicePlanId -eq "x" -and assignedPlan.capabilityStatus -eq "On")',
            False,
        ),
        ('Direct Reports for "62e19b97-8b3d-4d4a-a106-4ce66896a863"', True),
        ('Direct Reports for "other"', False),
        ("user.memberof -any (group.objectId -in ['g1', 'g2'])", True),
        ("user.memberof -any (group.objectId -in ['g3'])", False),
        ('user.department -eq "Sales" -or user.department -eq "IT"', True),
        ('user.department -eq "Sales" -and user.city -eq "Ghent"', False),
        ('user.city -eq "x" -and user.city -eq "y" -or user.department -eq "Sales"', True),
        ('user.city -eq "x" -and (user.city -eq "y" -or user.department -eq "Sales")', False),
        ('(user.department -eq "Sales") -and -not (user.jobTitle -contains "SDE")', False),
        ('-not user.department -eq "IT" -and user.accountEnabled -eq true', True),
        ('user.displayName -eq "Ada `"Byron`""', False),
        ('device.deviceOSType -eq "Windows"', False),
    ],
)
def test_a_rule_admits_whom_the_page_says(rule: str, *, admits: bool) -> None:
    assert parse(rule).admits(PERSON) is admits


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        ("", "position 0"),
        ("user.department", "position 15"),
        ('user.department -equals "x"', "position 16"),
        ('user.department -eq "x', "position 20"),
        ('user.department -eq "x" -and', "position 28"),
        ('(user.department -eq "x"', "position 24"),
        ('user.department "x"', "position 16"),
        ('user.shoeSize -eq "42"', "user.shoeSize"),
        ('user.manager.name -eq "x"', "user.manager.name"),
        ("-not " * 200 + 'user.department -eq "x"', "inside each other"),
        ('user.department -eq "' + "x" * LONGEST + '"', "3,072 characters"),
    ],
)
def test_a_rule_that_makes_no_sense_is_told_with_its_place(rule: str, place: str) -> None:
    with pytest.raises(RuleError, match=place):
        parse(rule)


def test_a_backtick_escapes_a_quote() -> None:
    assert parse('user.displayName -eq "Ada `"Byron`""').admits(
        Person({"displayName": 'Ada "Byron"'}, None, frozenset())
    )


@pytest.mark.parametrize(("operator", "admits"), [("-match", False), ("-notMatch", True)])
def test_a_pattern_that_takes_for_ever_is_given_up(operator: str, *, admits: bool) -> None:
    endless = Person({"department": "a" * 100 + "!"}, None, frozenset())

    assert parse(f'user.department {operator} "^(a|aa)+$"').admits(endless) is admits
    assert parse(f'user.department {operator} "^(a|aa)+$"').admits(PERSON) is admits


@pytest.mark.parametrize("pattern", ["(", "[z-a]", "(?<x", "a{2,1}"])
def test_a_pattern_that_cannot_be_used_matches_nobody(pattern: str) -> None:
    assert parse(f'user.department -match "{pattern}"').admits(PERSON) is False

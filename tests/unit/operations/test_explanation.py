"""What is worked out about a person, where a served emulator would not show it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from provisioning.language import Expression, ScopingFilter
from provisioning.model.assignment import Assignment, PrincipalKind
from provisioning.model.connection import Scope
from provisioning.model.identifiers import JobId, TemplateId
from provisioning.model.job import Job
from provisioning.model.mapping import AttributeMapping
from provisioning.model.person import Person
from provisioning.model.provisioning_log import LogEntry
from provisioning.model.synchronization_status import SynchronizationStatus
from provisioning.operations.explanation import Case, Explanation, Membership, explained
from provisioning.operations.log_codes import CODES, words_of
from provisioning.planning.configuration import Rules

NOW = datetime(2026, 1, 15, 9, tzinfo=UTC)
ADA = Person("0a", "Ada", {"userPrincipalName": "ada@contoso.com", "mail": None}, through=frozenset({"0a"}))
DIRECTLY = Membership((Assignment("0a", PrincipalKind.USER, "Ada", role="18d1"),))
USER_NAME = AttributeMapping("userName", Expression.parse("[userPrincipalName]"), match=1)
JOB = SynchronizationStatus(Job(JobId("elium.7a"), TemplateId("elium"), is_on=True, status="Active"))


def of(
    person: Person = ADA, *, log: tuple[LogEntry, ...] = (), mappings: Any = (USER_NAME,), **rules: Any
) -> Explanation:
    told = {"scope": Scope.ASSIGNED, "filter": None, "definitions": {}, "held": {"0a": ({"id": "18d1"},)}, **rules}
    known = Rules(mappings={mapping.target: mapping for mapping in mappings}, **told)
    return explained(Case("dev", JOB, known, person, DIRECTLY, log, NOW), ())


def entry(result: str, code: str = "") -> LogEntry:
    return LogEntry("1", NOW, "create", result, "0a", "Ada", "User", code=code)


@pytest.mark.parametrize(
    ("log", "said"),
    [
        ((), "Ada: In scope, and nothing is in the log yet: the next cycle, or its log entry, is still to come."),
        ((entry("success"),), "Ada: In scope; last in the log: create, success."),
        (
            (entry("skipped", "RedundantExport"),),
            "Ada: In scope; last in the log: create, skipped (the target is up to date already).",
        ),
        ((entry("failure", "LicenseLimitExceeded"),), "Ada: In scope, and failing (the target has no seat left)."),
        ((entry("failure", "Brand.New"),), "Ada: In scope, and failing (Brand.New)."),
    ],
)
def test_the_log_has_the_last_word_about_whoever_is_in_scope(log: tuple[LogEntry, ...], said: str) -> None:
    assert of(log=log).conclusion == said


def test_a_log_that_does_not_reach_back_to_the_first_cycles_says_nothing_of_whoever_is_long_there() -> None:
    known = Rules(
        mappings={USER_NAME.target: USER_NAME},
        scope=Scope.ASSIGNED,
        filter=None,
        definitions={},
        held={"0a": ({"id": "18d1"},)},
    )
    long_ago = replace(JOB, steady_since=NOW - timedelta(days=60))

    told = explained(Case("dev", long_ago, known, ADA, DIRECTLY, (), NOW), ())

    assert "most likely provisioned long ago" in told.conclusion


def test_nobody_is_provisioned_without_a_value_to_match_by() -> None:
    told = of(mappings=[AttributeMapping("userName", Expression.parse("[mail]"), match=1)])

    assert told.conclusion == "Ada: Not in scope. There is nothing to match by: userName = [mail] is empty."


def test_an_expression_that_has_no_value_for_somebody_is_told() -> None:
    told = of(mappings=[USER_NAME, AttributeMapping("title", Expression.parse('Mid([userPrincipalName], "x", "y")'))])

    assert [(sent.target, sent.fails) for sent in told.sends] == [("userName", False), ("title", True)]


def test_a_filter_that_cannot_be_asked_leaves_the_scope_open() -> None:
    clause = {"sourceOperandName": "userPrincipalName", "operatorName": "REGEX MATCH"}
    broken = ScopingFilter.from_graph({"groups": [{"clauses": [{**clause, "targetOperand": {"values": ["(?<!a"]}}]}]})
    told = of(filter=broken)

    assert told.is_in_scope is None
    assert "It is not known whether they are in scope" in told.conclusion


def test_users_may_not_be_provisioned_at_all() -> None:
    assert "Users are not provisioned by this job." in of(is_enabled=False).conclusion


def test_codes_are_found_with_and_without_their_prefix_in_any_case() -> None:
    assert words_of("systemForCrossDomain") is None
    assert words_of("SystemForCrossDomainIdentityManagementServiceIncompatible") == CODES["serviceincompatible"]
    assert words_of("NOTEFFECTIVELYENTITLED") == CODES["noteffectivelyentitled"]


def test_every_code_has_a_meaning() -> None:
    assert all(words.meaning and code == code.lower() for code, words in CODES.items())

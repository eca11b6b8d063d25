"""A plan below a pull request."""

from __future__ import annotations

from builders import a_declared_schema, a_job, a_schema

from provisioning.language import Expression, ScopingFilter
from provisioning.model.declaration import Declaration
from provisioning.model.mapping import DeclaredMapping, ObjectKind
from provisioning.model.observed import Observed
from provisioning.planning.markdown import as_markdown
from provisioning.planning.plan import Plan, plan_of
from provisioning.planning.rendering import as_text

OBSERVED = Observed(a_job(on=True, status="Active"), schema=a_schema())


def a_plan(source: str = "[otherMails]", *, filtered: bool = False) -> Plan:
    title = {"title": DeclaredMapping("title", {"source": Expression.parse(source)})}
    filters = {ObjectKind.USERS: ScopingFilter.parse(["department EQUALS Sales"])} if filtered else {}
    schema = a_declared_schema(mappings={ObjectKind.USERS: title}, filters=filters)
    return plan_of(OBSERVED, Declaration(schema=schema))


def written(plan: Plan, *more: str) -> list[str]:
    return as_markdown(plan, as_text(plan), stack="dev", checksum=plan.checksum if plan else "", more=more).splitlines()


def test_the_headline_counts_and_the_changes_are_a_diff() -> None:
    lines = written(a_plan())

    assert lines[0] == "### `dev`: 1 change"
    assert lines[lines.index("```diff") + 1].startswith(("+ users.title", "~ users.title"))


def test_a_refusal_comes_first_and_says_what_accepts_it() -> None:
    lines = written(a_plan(filtered=True).uncounted("Nobody may be read."))

    assert lines[0] == "### `dev`: 2 changes, nobody was counted"
    assert lines[2] == "**Refused**, until the file says otherwise or accepts it:"
    assert any("acceptLeavers" in line for line in lines)


def test_nothing_in_a_value_ends_the_fence() -> None:
    lines = written(a_plan('"```"'))

    assert [line for line in lines if line.startswith("````")] == ["````diff", "````", "````text", "````"]


def test_nothing_to_do_is_one_line_and_what_else_is_to_be_known() -> None:
    plan = plan_of(OBSERVED, Declaration())

    assert written(plan, "The app would be renamed.") == ["### `dev`: nothing to do", "", "The app would be renamed."]


def test_where_only_the_app_would_become_another_it_is_accepted_by_its_checksum_all_the_same() -> None:
    text = as_markdown(plan_of(OBSERVED, Declaration()), "Nothing to do.", stack="dev", checksum="1a2b3c4d")

    assert "Checksum `1a2b3c4d`." in text.splitlines()

"""``elium adopt``: what was made in the portal is found, declared and put into the state, and nothing is changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from adopting import Adopter, adopting
from json_schema import mistakes
from operating import READER, Ran
from portal import filtered, made_in_the_portal, mapped, notifying, without

SCHEMA = Path(__file__).parents[2] / "schemas" / "elium-adopt.schema.json"

READS = ("Application.Read.All", "Synchronization.Read.All", "GroupMember.Read.All", "User.Read.All")


@pytest.fixture
def adopter() -> Iterator[Adopter]:
    with adopting() as found:
        yield found


def adopted(adopter: Adopter, *arguments: str) -> Ran:
    """Adopt, and hold that Graph was only read, and that the plan is empty then."""
    ran = adopter.elium("adopt", "dev", "--yes", *arguments)
    assert ran.code == 0, ran.shown
    assert {call.partition(" ")[0] for call in ran.calls} == {"GET"}
    plan = adopter.elium("plan", "dev", "--json")
    assert (plan.code, plan.document["hasChanges"], plan.document["plan"]["changes"]) == (0, False, []), plan.shown
    return ran


def test_what_is_as_a_new_deployment_would_be_needs_three_lines(adopter: Adopter) -> None:
    adopted(adopter)

    assert adopter.settings == {"groups": ["Elium users"]}
    assert adopter.verbs == ["stack init", "import", "stack import"]


def test_it_costs_eight_reads_and_one_for_fifteen_names(adopter: Adopter) -> None:
    for number in range(15):
        adopter.portal.assign(adopter.make_group(f"Team {number}"))

    assert adopted(adopter).calls == [
        "GET applicationTemplates",
        "GET servicePrincipals",
        f"GET applications(appId='{adopter.portal.app['appId']}')",
        "GET jobs",
        "GET appRoleAssignedTo",
        "GET secrets",
        "GET jobs/{job}/schema",
        "GET templates",
        "GET groups",
        "GET groups",
    ]


def test_mappings_filters_and_switches_of_its_own_are_written_in_the_readable_form(adopter: Adopter) -> None:
    portal = adopter.portal
    portal.edit(mapped("title", "[department]"))
    portal.edit(mapped("displayName", "[mail]", defaultValue="nobody", flowType="ObjectAddOnly"))
    portal.edit(without("preferredLanguage"))
    portal.edit(filtered(("department", "EQUALS", "Sales"), ("mail", "IS NOT NULL", None)))
    portal.edit(lambda node: node.update(enabled=False), kind="Group")
    portal.edit(lambda node: node.update(flowTypes="Add, Update"))
    portal.save(SyncAll="true", SyncNotificationSettings=notifying(5, enabled=False), SkipOutOfScopeDeletions="True")

    adopted(adopter)

    assert adopter.settings == {
        "groups": ["Elium users"],
        "notificationEmail": "it@contoso.com",
        "notifyOnFailure": "false",
        "deleteThreshold": "5",
        "skipOutOfScopeDeletions": "true",
        "scope": "all",
        "objects": {"users": {"actions": ["create", "update"]}, "groups": {"enabled": False}},
        "mappings": {
            "users": {
                "title": "[department]",
                "displayName": {"source": "[mail]", "default": "nobody", "flowType": "ObjectAddOnly"},
                "preferredLanguage": None,
            }
        },
        "filters": {"users": {"Scoping Filter Group": ["department EQUALS Sales", "mail IS NOT NULL"]}},
    }


def test_what_no_setting_can_say_is_told_by_name_and_stays(adopter: Adopter) -> None:
    portal = adopter.portal
    portal.edit(filtered(("country", "EQUALS", "FR"), among="inputFilterGroups"))
    portal.save(
        SyncNotificationSettings=notifying(4, "it@contoso.com; hr@contoso.com"), Domain="acme", ClientSecret="x"
    )

    said = adopted(adopter).shown

    assert adopter.settings == {"groups": ["Elium users"]}
    for sentence in (
        "= Failures are told to it@contoso.com; hr@contoso.com, which cannot be declared:",
        "= The deletion threshold is 4, and nobody who can be declared is told when it is reached",
        "= The connection has Domain besides",
        "= filters.users: country EQUALS FR stands in Graph's inputFilterGroups",
    ):
        assert sentence in said


def test_who_is_assigned_otherwise_is_told_and_not_declared(adopter: Adopter) -> None:
    ada, grace = (adopter.id_of(f"{name}@contoso.com") for name in ("ada.byron", "grace.hopper"))
    adopter.portal.assign(ada)
    adopter.portal.assign(grace, "Default Access")

    said = adopted(adopter).shown

    assert adopter.settings == {"groups": ["Elium users"], "users": ["ada.byron@contoso.com"]}
    assert "has Default Access, by which nobody is provisioned: that assignment stays, undeclared." in said
    (job,) = adopter.held("SynchronizationJob")
    assert [one["name"] for one in job["inputs"]["assignments"]] == ["ada.byron@contoso.com", "Elium users"]


def test_a_group_that_was_renamed_or_shares_its_name_is_written_so_that_it_is_found(adopter: Adopter) -> None:
    renamed, twin, other = (adopter.make_group(name) for name in ("Sales", "Twins", "Twins"))
    for group in (renamed, twin):
        adopter.portal.assign(group)
    adopter.ask("PATCH", f"/groups/{renamed}", {"displayName": "Sales (EMEA)"})

    said = adopted(adopter).shown

    assert other not in said
    assert sorted(adopter.settings["groups"]) == sorted(["Elium users", "Sales (EMEA)", twin])
    assert f"Twins is written by its object id, {twin}" in said


def test_a_job_that_is_off_stays_off_and_a_text_of_another_case_is_the_same(adopter: Adopter) -> None:
    adopter.portal.save(SyncAll="False")
    adopter.ask("POST", f"{adopter.portal.at}/synchronization/jobs/{adopter.portal.job}/pause")

    adopted(adopter)

    assert adopter.settings == {"groups": ["Elium users"], "status": "off"}


def test_a_quarantine_is_told(adopter: Adopter) -> None:
    adopter.portal.save(SyncNotificationSettings=notifying(1))
    for held in adopter.ask("GET", f"{adopter.portal.at}/appRoleAssignedTo")["value"]:
        adopter.ask("DELETE", f"{adopter.portal.at}/appRoleAssignedTo/{held['id']}")
    adopter.cycle()

    said = adopted(adopter).shown

    assert "! The job is in quarantine" in said
    assert "more people would be disabled than deleteThreshold allows" in said
    assert "groups" not in adopter.settings


# What is meant


def test_of_several_apps_one_is_named(adopter: Adopter) -> None:
    made_in_the_portal(adopter.served, adopter.ask, "Elium (test)")

    unsure = adopter.elium("adopt", "dev", "--yes")
    wrong = adopter.elium("adopt", "dev", "--yes", "--app", "Elium (prod)")
    assert (unsure.code, wrong.code, adopter.verbs) == (2, 2, [])
    assert f"'Elium' (service principal {adopter.principal})" in unsure.shown
    assert "No app that was made from 'Elium' is called 'Elium (prod)'. There is " in wrong.shown
    adopted(adopter, "--app", adopter.principal.upper())


def test_an_app_that_was_registered_by_hand_is_refused(adopter: Adopter) -> None:
    app = adopter.ask("POST", "/applications", {"displayName": "Elium (own)"})
    by_id = adopter.ask("POST", "/servicePrincipals", {"appId": app["appId"]})["id"]

    for named in ("Elium (own)", by_id):
        refused = adopter.elium("adopt", "dev", "--yes", "--app", named)
        assert refused.code == 2
        assert (
            "'Elium (own)' was registered by hand, and not made from the gallery: it has no connector" in refused.shown
        )
        assert "Let the program make a new app" in refused.shown


def test_of_several_jobs_the_one_that_provisions_people_is_adopted(adopter: Adopter) -> None:
    jobs = f"{adopter.portal.at}/synchronization/jobs"
    other = adopter.ask("POST", jobs, {"templateId": "elium"})["id"]

    unsure = adopter.elium("adopt", "dev", "--yes")
    idle = adopter.elium("adopt", "dev", "--yes", "--job", other)
    none = adopter.elium("adopt", "dev", "--yes", "--job", "elium.x")
    assert (unsure.code, idle.code, none.code, adopter.verbs) == (2, 2, 2, [])
    assert "'Elium' has 2 jobs: " in unsure.shown
    assert f"the program takes {adopter.portal.job}, which provisions people" in idle.shown
    assert "has no job elium.x; it has " in none.shown
    said = adopted(adopter, "--job", adopter.portal.job).shown
    assert f"! Another job of this app, {other}, is switched off" in said


# The stack's file


def test_a_file_that_agrees_gets_what_it_lacks_and_keeps_its_comments(adopter: Adopter) -> None:
    adopter.portal.edit(mapped("title", "[department]"))
    adopter.portal.edit(mapped("displayName", "[mail]"))
    adopter.file.write_text(
        "config:\n  # Ours.\n  elium:role: User\n  elium:mappings:\n    users:\n"
        "      title: '[department]' # by HR\n  azuread:tenantId: x\n",
        encoding="utf-8",
    )

    adopted(adopter)

    text = adopter.file.read_text(encoding="utf-8")
    assert "# Ours.\n" in text
    assert "title: '[department]' # by HR\n" in text
    assert adopter.settings["mappings"] == {"users": {"title": "[department]", "displayName": "[mail]"}}


def test_what_the_file_says_otherwise_is_named_and_nothing_is_done(adopter: Adopter) -> None:
    written = {"displayName": "Elium", "groups": ["Staff"], "role": "User"}
    adopter.declare(**written)
    named = adopter.elium("adopt", "dev", "--yes")
    adopter.declare(
        scope="all", mappings={"users": {"title": "[department]"}}, deleteThreshold="3", notificationEmail="a@b.co"
    )
    changed = adopter.elium("adopt", "dev", "--yes")

    assert (named.code, changed.code, adopter.verbs) == (2, 2, [])
    assert "elium:groups.0: 'Staff' is not assigned to the app." in named.shown
    for change in ("scope: assigned → all", "users.title: [jobTitle] → [department]", "deletion threshold: "):
        assert change in changed.shown
    assert "Make them agree" in changed.shown


# The token


def test_a_token_that_nobody_knows_is_kept_as_it_is() -> None:
    with adopting(knows_token=False) as adopter:
        said = adopted(adopter).shown

        assert "The token is not known here, and Entra never shows it: it is kept as it is" in said
        assert "  elium:secretToken: kept\n" in adopter.file.read_text(encoding="utf-8")
        (plan,) = adopter.held("ProvisioningPlan")
        assert plan["inputs"]["secretToken"] == "not known: the job was imported"


def test_a_token_leaves_a_fingerprint_and_one_that_elium_does_not_take_is_refused(adopter: Adopter) -> None:
    token = adopter.environment["ELIUM_SECRET_TOKEN"]
    adopter.environment["ELIUM_SECRET_TOKEN"] = "another-token-of-elium"
    refused = adopter.elium("adopt", "dev", "--yes")
    adopter.environment["ELIUM_SECRET_TOKEN"] = token

    assert (refused.code, adopter.verbs) == (5, [])
    ran = adopted(adopter)
    (job,) = adopter.held("SynchronizationJob")
    assert job["inputs"]["secretToken"].startswith("scrypt:")
    assert token not in f"{ran.shown}{adopter.state}{adopter.file.read_text(encoding='utf-8')}"


def test_an_encrypted_token_is_opened_by_the_engine() -> None:
    with adopting(knows_token=False) as adopter:
        adopter.secret = adopter.portal_token
        adopter.state = {"version": 3, "deployment": {}}
        adopter.declare(secretToken={"secure": "v1:abc"})
        adopted(adopter)

        assert adopter.held("ProvisioningPlan")[0]["inputs"]["secretToken"].startswith("scrypt:")


# The state


def test_nothing_is_done_unless_somebody_says_so(adopter: Adopter) -> None:
    asked = adopter.elium("adopt", "dev", "--json")
    refused = adopter.elium("adopt", "dev", answer="n")

    assert (asked.code, refused.code, adopter.verbs, adopter.file.exists()) == (2, 1, [], False)
    assert mistakes(asked.document, json.loads(SCHEMA.read_text(encoding="utf-8")), "") == []
    assert (asked.document["isDone"], asked.document["assigned"]) == (False, ["Elium users"])


def test_what_is_there_already_is_said_and_another_one_is_refused(adopter: Adopter) -> None:
    adopted(adopter)

    again = adopter.elium("adopt", "dev", "--yes", "--json")
    assert (again.code, again.calls, again.document["jobId"]) == (0, [], adopter.portal.job)
    assert mistakes(again.document, json.loads(SCHEMA.read_text(encoding="utf-8")), "") == []
    assert adopter.elium("adopt", "dev", "--yes", "--app", "Elium (test)").code == 2


def test_a_stack_that_has_something_else_of_the_program_is_refused(adopter: Adopter) -> None:
    adopted(adopter)
    assert adopter.state
    kept = [one for one in adopter.state["deployment"]["resources"] if "entrasync" not in one["type"]]
    for one in kept:
        one["id"] = f"{one.get('id')}-other"
    adopter.state["deployment"]["resources"] = kept

    refused = adopter.elium("adopt", "dev", "--yes")

    assert refused.code == 2
    assert "The stack dev has something else already: elium-app (" in refused.shown


def test_what_somebody_imported_before_is_not_imported_again(adopter: Adopter) -> None:
    adopted(adopter)
    assert adopter.state
    resources = adopter.state["deployment"]["resources"]
    adopter.state["deployment"]["resources"] = [one for one in resources if "entrasync" not in one["type"]]

    said = adopter.elium("adopt", "dev", "--yes", "--json")

    assert said.document["imported"] == ["elium-job"]
    assert adopter.elium("plan", "dev", "--exit-code").code == 0


# Who may


def test_reading_is_enough() -> None:
    with adopting(roles=READS) as adopter:
        assert adopter.elium("adopt", "dev", "--yes", client=READER).code == 0


@pytest.mark.parametrize("lacking", READS)
def test_what_may_not_be_read_is_named_and_nothing_is_done(lacking: str) -> None:
    with adopting(roles=[role for role in READS if role != lacking]) as adopter:
        adopter.portal.assign(adopter.id_of("ada.byron@contoso.com"))
        refused = adopter.elium("adopt", "dev", "--yes", client=READER)

        assert (refused.code, adopter.verbs) == (3, [])
        assert lacking.removesuffix("Read.All") in refused.shown


def test_a_set_up_that_was_not_finished_is_refused(adopter: Adopter) -> None:
    secrets = f"{adopter.portal.at}/synchronization/secrets"
    adopter.ask("PUT", secrets, {"value": [{"key": "SyncAll", "value": "false"}]})
    without_address = adopter.elium("adopt", "dev", "--yes")
    adopter.ask("DELETE", f"{adopter.portal.at}/synchronization/jobs/{adopter.portal.job}")
    without_job = adopter.elium("adopt", "dev", "--yes")

    assert (without_address.code, without_job.code, adopter.verbs) == (2, 2, [])
    assert "has no address and token yet" in without_address.shown
    assert "'Elium' has no provisioning job" in without_job.shown


def test_a_job_is_not_a_stack(adopter: Adopter) -> None:
    refused = adopter.elium("adopt", adopter.address, "--yes")

    assert (refused.code, adopter.asked_of_pulumi) == (2, [])


def test_what_an_earlier_run_left_to_be_done_is_not_forgotten(adopter: Adopter) -> None:
    adopted(adopter)
    assert adopter.state
    resources = [one for one in adopter.state["deployment"]["resources"] if "ProvisioningPlan" not in one["type"]]
    resources[-1]["outputs"]["notes"] = {"restartIsDue": True}
    adopter.state["deployment"]["resources"] = resources

    refused = adopter.elium("adopt", "dev", "--yes")

    assert refused.code == 2
    assert "An earlier run left something to be done of the job" in refused.shown


def test_the_doctor_finds_all_as_an_up_would_have_left_it(adopter: Adopter) -> None:
    adopter.portal.edit(mapped("title", "[department]"))
    adopted(adopter)

    seen = adopter.elium("doctor", "dev")

    assert (seen.code, "Entra is as the last up left it." in seen.shown) == (0, True)

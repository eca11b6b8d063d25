"""Matching, and the links that it makes (Learn: customize-application-attributes; Microsoft's answer 76516141)."""

from __future__ import annotations

import pytest
from company import ADDRESS, Company

from emulator.company.refusal import Refusal
from emulator.elium import Fault
from emulator.engine.job import ResetScope

USER = "urn:ietf:params:scim:schemas:core:2.0:User"


async def an_account(contoso: Company, user_name: str, **properties: object) -> str:
    """Somebody made an account at Elium by hand."""
    made = await contoso.ask_elium("POST", "/Users", {"schemas": [USER], "userName": user_name, **properties})
    return str(made["id"])


async def test_the_question_is_written_as_entra_writes_it() -> None:
    contoso = Company()
    contoso.hire("ada", assigned=True)

    await contoso.cycle()

    assert contoso.sent[0] == "GET /Users?filter=userName+eq+%22ada%40contoso.com%22"


async def test_groups_are_asked_for_without_their_members() -> None:
    contoso = Company()
    contoso.group("R&D", assigned=True)

    await contoso.cycle()

    assert contoso.sent[0] == "GET /Groups?excludedAttributes=members&filter=displayName+eq+%22R%26D%22"


async def test_an_account_that_matches_is_linked_and_updated() -> None:
    contoso = Company()
    contoso.hire("ada", assigned=True)
    known = await an_account(contoso, "ada@contoso.com", displayName="A.")

    await contoso.cycle()

    assert [link.target_id for link in contoso.job.links.values()] == [known]
    assert contoso.writes == ["PATCH /Users/ada"]
    assert contoso.accounts["ada"]["displayName"] == "Ada"


async def test_an_inactive_account_that_matches_is_activated() -> None:
    contoso = Company()
    contoso.hire("ada", assigned=True)
    await an_account(contoso, "ada@contoso.com", active=False)

    await contoso.cycle()

    assert contoso.active == {"ada": True}


async def test_an_account_that_is_equal_already_is_not_written() -> None:
    contoso = Company()
    contoso.hire("ada", assigned=True)
    await contoso.cycle()
    contoso.service.restart(contoso.job, frozenset({ResetScope.FULL}))

    await contoso.cycle()

    assert contoso.writes == []
    assert contoso.details("EntrySynchronizationSkip")["SkipReason"] == "RedundantExport"


async def test_matching_attributes_are_tried_in_their_order() -> None:
    contoso = Company()
    contoso.flow("externalId", matchingPriority=2)
    contoso.hire("ada", assigned=True)
    await an_account(contoso, "old.name@contoso.com", externalId="ada")

    await contoso.cycle()

    assert [one for one in contoso.sent if one.startswith("GET")] == [
        "GET /Users?filter=userName+eq+%22ada%40contoso.com%22",
        "GET /Users?filter=externalId+eq+%22ada%22",
    ]
    assert contoso.active == {"ada": True}


async def test_a_matching_attribute_without_a_value_is_passed_over() -> None:
    contoso = Company()
    contoso.flow("userName", matchingPriority=2)
    contoso.flow("externalId", matchingPriority=1)
    contoso.hire("ada", assigned=True, mailNickname=None)

    await contoso.cycle()

    assert contoso.sent[0] == "GET /Users?filter=userName+eq+%22ada%40contoso.com%22"


async def test_who_has_no_matching_value_at_all_is_skipped_before_the_scope_is_asked() -> None:
    contoso = Company()
    contoso.flow("userName", expression="[mail]")
    contoso.hire("ada", assigned=True, mail=None)

    await contoso.cycle()

    assert contoso.sent == []
    assert contoso.last["provisioningStatusInfo"]["errorInformation"]["errorCode"] == "ImportSkipped"
    assert "EntrySynchronizationScoping" not in [step["name"] for step in contoso.last["provisioningSteps"]]


async def test_the_result_of_the_mapping_is_compared() -> None:
    contoso = Company()
    contoso.flow("userName", expression="ToUpper([mailNickname], )")
    contoso.hire("ada", assigned=True)

    await contoso.cycle()

    assert contoso.sent[0] == "GET /Users?filter=userName+eq+%22ADA%22"


async def test_several_accounts_that_match_are_a_failure() -> None:
    contoso = Company()
    contoso.flow("externalId", matchingPriority=1)
    contoso.flow("userName", matchingPriority=0)
    contoso.hire("ada", assigned=True)
    for name in ("one", "two"):
        await an_account(contoso, name, externalId="ada")

    await contoso.cycle()

    assert contoso.error == "DuplicateTargetEntries"
    assert len(contoso.job.escrows) == 1


async def test_a_second_person_with_the_same_account_is_a_failure() -> None:
    contoso = Company()
    contoso.flow("userName", expression="[mail]")
    contoso.hire("ada", assigned=True)
    contoso.hire("ada2", assigned=True, mail="ada@contoso.com")

    await contoso.cycle()

    assert contoso.error == "DuplicateSourceEntries"
    assert len(contoso.accounts) == 1


async def test_the_knob_links_both_to_one_account() -> None:
    contoso = Company(duplicate_sources="link-both")
    contoso.flow("userName", expression="[mail]")
    contoso.hire("ada", assigned=True)
    contoso.hire("ada2", assigned=True, mail="ada@contoso.com")

    await contoso.cycle()

    assert len({link.target_id for link in contoso.job.links.values()}) == 1
    assert len(contoso.job.links) == 2


async def test_a_linked_account_is_read_by_its_id_and_never_asked_for_again() -> None:
    contoso = Company()
    ada = contoso.hire("ada", assigned=True)
    await contoso.cycle()

    contoso.change(ada, jobTitle="Manager")
    await contoso.cycle()

    assert contoso.sent == ["GET /Users/ada", "PATCH /Users/ada"]


async def test_an_account_that_vanished_is_matched_anew_and_created() -> None:
    contoso = Company()
    ada = contoso.hire("ada", assigned=True)
    await contoso.cycle()
    await contoso.delete_at_elium("ada")

    contoso.change(ada, jobTitle="Manager")
    await contoso.cycle()

    assert [one.split("?")[0] for one in contoso.sent[1:]] == ["GET /Users", "POST /Users"]
    assert contoso.active == {"ada": True}


async def test_an_account_that_was_made_again_by_hand_is_linked_again() -> None:
    contoso = Company()
    ada = contoso.hire("ada", assigned=True)
    await contoso.cycle()
    await contoso.delete_at_elium("ada")
    known = await an_account(contoso, "ada@contoso.com")

    contoso.change(ada, jobTitle="Manager")
    await contoso.cycle()

    assert contoso.job.links[ada.id].target_id == known
    assert contoso.job.sources == {known: ada.id}


async def test_what_is_changed_at_elium_is_not_noticed() -> None:
    contoso = Company()
    contoso.hire("ada", assigned=True)
    await contoso.cycle()
    operation = {"op": "replace", "path": "displayName", "value": "Somebody"}
    patch = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [operation]}
    await contoso.ask_elium("PATCH", f"/Users/{contoso.accounts['ada']['id']}", patch)

    await contoso.cycle()

    assert contoso.accounts["ada"]["displayName"] == "Somebody"


async def test_an_account_that_vanishes_between_reading_and_writing_is_an_invalid_anchor() -> None:
    contoso = Company()
    ada = contoso.hire("ada", assigned=True)
    await contoso.cycle()
    contoso.elium.faults.append(Fault(status=404, method="PATCH"))

    contoso.change(ada, jobTitle="Manager")
    await contoso.cycle()

    assert contoso.error == "InvalidAnchor"


async def test_a_new_job_matches_everybody_again() -> None:
    contoso = Company()
    contoso.hire("ada", assigned=True)
    await contoso.cycle()
    contoso.service.delete_job(contoso.tenant, contoso.app.id, contoso.job.id)

    contoso.job = contoso.service.create_job(contoso.tenant, contoso.app.id, "elium")
    await contoso.cycle()

    assert contoso.sent[0].startswith("GET /Users?filter=")
    assert len(contoso.accounts) == 1


async def test_a_guest_is_known_by_the_address_of_the_home_company() -> None:
    contoso = Company()
    contoso.hire("lee", assigned=True, userPrincipalName="lee_fabrikam.com#EXT#@contoso.onmicrosoft.com")

    await contoso.cycle()

    assert contoso.elium.users[0]["userName"] == "lee@fabrikam.com"


@pytest.mark.parametrize("name", ['o"neill', "back\\slash"])
async def test_special_characters_are_escaped(name: str) -> None:
    contoso = Company()
    contoso.hire(name, assigned=True, mail=None)

    await contoso.cycle()

    assert list(contoso.accounts) == [name]


async def test_the_documented_failure_of_special_characters_is_a_knob() -> None:
    contoso = Company(matching_special_characters_fail=True)
    contoso.hire("o'neill", assigned=True, userPrincipalName="o'neill@contoso.com")

    await contoso.cycle()

    assert contoso.accounts == {}


async def test_an_object_connection_is_found_by_either_id() -> None:
    contoso = Company()
    ada = contoso.hire("ada", assigned=True)
    await contoso.cycle()
    target = contoso.accounts["ada"]["id"]

    found = [contoso.service.object_connection(contoso.job, one) for one in (ada.id, target)]

    assert (
        found
        == [
            {
                "objectId": ada.id,
                "sourceAnchor": ada.id,
                "targetAnchor": target,
                "displayName": "ada@contoso.com",
                "objectTypeName": "User",
            }
        ]
        * 2
    )


async def test_an_object_connection_is_deleted_only_while_the_job_rests() -> None:
    contoso = Company()
    ada = contoso.hire("ada", assigned=True)
    await contoso.cycle()

    with pytest.raises(Refusal) as refusal:
        contoso.service.delete_object_connection(contoso.job, ada.id)
    contoso.service.pause(contoso.job)
    contoso.service.delete_object_connection(contoso.job, ada.id)
    contoso.service.delete_object_connection(contoso.job, ada.id)

    assert refusal.value.status == 409
    assert contoso.job.links == {}


async def test_the_tenant_url_may_end_with_a_slash() -> None:
    contoso = Company()
    contoso.save(BaseAddress=f"{ADDRESS}/")
    contoso.hire("ada", assigned=True)

    await contoso.cycle()

    assert contoso.active == {"ada": True}


@pytest.mark.parametrize(("knob", "code"), [("created-anew", None), ("invalid-anchor", "InvalidAnchor")])
async def test_what_becomes_of_a_vanished_account_is_a_knob(knob: str, code: str | None) -> None:
    contoso = Company(vanished_account=knob)
    ada = contoso.hire("ada", assigned=True)
    await contoso.cycle()
    await contoso.delete_at_elium("ada")
    contoso.change(ada, jobTitle="Engineer")

    await contoso.cycle()

    assert (contoso.error, contoso.active) == (code, {} if code else {"ada": True})


@pytest.mark.parametrize(("knob", "code"), [(False, "DuplicateSourceEntries"), (True, None)])
async def test_whether_who_is_hired_again_takes_over_the_account_is_a_knob(*, knob: bool, code: str | None) -> None:
    contoso = Company(rehired_takes_over=knob)
    first = contoso.hire("ada", assigned=True)
    await contoso.cycle()
    contoso.directory.delete(first.id)
    await contoso.cycle()

    contoso.hire("ada", assigned=True)
    await contoso.cycle()

    assert (contoso.error, contoso.active) == (code, {"ada": code is None})

"""An operator rehearses a change: what the twin shows is what Entra then does, and nothing is written in the tenant."""

from __future__ import annotations

import asyncio
import json
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest
from json_schema import mistakes
from operating import APPLIED, Operator, Ran, operating

from emulator import Emulator
from emulator.company import seed as seeds
from emulator.company.store import Kind
from provisioning.commands.exit_codes import ExitCode
from provisioning.graph.connect import connect
from provisioning.model.credentials import SecretToken
from provisioning.model.identifiers import ServicePrincipalId
from provisioning.operations.apply import Applying
from provisioning.operations.deployed import StackEngine
from provisioning.operations.rehearsal.emulator import RunningEmulator, Starter, TwinError, started
from provisioning.operations.stack_state import StackState
from provisioning.planning.changes import AddAssignment, RemoveAssignment
from provisioning.provider.preview import preview
from provisioning.settings.stack import Settings

SCHEMA = Path(__file__).parents[2] / "schemas" / "elium-rehearse.schema.json"

READS = ("Application.Read.All", "Synchronization.Read.All", "User.Read.All", "GroupMember.Read.All")
"""The manual's rows for an identity that only reads, without the one for the log."""

USER_NAME: dict[str, Any] = {"userName": {"source": "[userPrincipalName]", "match": 1}}
GROUP = "Elium users"
GUEST = "linus.pauling_fabrikam.com#EXT#@contoso.onmicrosoft.com"
ADA, ALAN, GRACE = (f"{name}@contoso.com" for name in ("ada.byron", "alan.turing", "grace.hopper"))

IMPORTED = """
import sys
import provisioning.commands.rehearse
print(sorted({"azure", "emulator", "grpc", "httpx2", "pulumi"} & sys.modules.keys()))
"""

Change = Callable[[Operator], dict[str, Any]]
"""Changes the tenant, and gives the settings that the stack declares then."""


@pytest.fixture
def operator() -> Iterator[Operator]:
    with operating(roles=READS) as operator:
        yield operator


def rehearsed(operator: Operator, *options: str, **settings: Any) -> Ran:
    """Rehearse what these settings declare, as somebody who may only read."""
    operator.declared = {**APPLIED, **settings}
    return operator.elium("rehearse", "dev", *options, client="elium-reader")


def fates(ran: Ran) -> set[tuple[str, str]]:
    return {(row["fate"], row["name"]) for row in ran.document["rows"]}


# What the twin shows is what Entra then does


def a_mapping(_: Operator) -> dict[str, Any]:
    return {"mappings": {"users": {**USER_NAME, "title": 'Join(", ", [jobTitle], [department])'}}}


def a_filter(_: Operator) -> dict[str, Any]:
    return {"filters": {"users": ["department EQUALS Knowledge"]}, "acceptLeavers": "7"}


def everybody(_: Operator) -> dict[str, Any]:
    return {"scope": "all", "acceptEntrants": "14"}


def a_group_with_a_group_inside(operator: Operator) -> dict[str, Any]:
    inner = operator.make_group("Inner", operator.id_of("hypatia@contoso.com"))
    operator.make_group("Outer", inner, operator.id_of(GRACE))
    return {"groups": ["Elium users", "Outer"]}


def a_guest(_: Operator) -> dict[str, Any]:
    return {"users": [GUEST, "zofia.zolty@contoso.com"]}


def somebody_was_disabled(operator: Operator) -> dict[str, Any]:
    operator.ask("PATCH", f"/users/{ALAN}", {"accountEnabled": False})
    operator.cycle()
    return {"mappings": {"users": {**USER_NAME, "title": "[employeeId]"}}}


def a_user_in_the_group_s_place(_: Operator) -> dict[str, Any]:
    return {"groups": [], "users": [ADA], "acceptLeavers": "9"}


def a_manager(_: Operator) -> dict[str, Any]:
    manager = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager"
    return {"mappings": {"users": {**USER_NAME, manager: None}}, "users": [GRACE]}


def a_threshold(operator: Operator) -> dict[str, Any]:
    operator.save(SyncNotificationSettings=json.dumps(_held_above(3)))
    return {
        "filters": {"users": ["department EQUALS Knowledge"]},
        "acceptLeavers": "7",
        "deleteThreshold": "3",
        "notificationEmail": "it@contoso.com",
    }


def an_expression_that_fails(_: Operator) -> dict[str, Any]:
    return {"mappings": {"users": {**USER_NAME, "title": "CDate([department])"}}}


def a_directory_extension(operator: Operator) -> dict[str, Any]:
    app = operator.ask("POST", "/applications", {"displayName": "Extensions"})["id"]
    body = {"name": "team", "dataType": "String", "targetObjects": ["User"]}
    name = operator.ask("POST", f"/applications/{app}/extensionProperties", body)["name"]
    operator.ask("PATCH", f"/users/{ADA}", {name: "Blue"})
    return {"attributes": {"users": {name: {}}}, "mappings": {"users": {**USER_NAME, "title": f"[{name}]"}}}


CHANGES: Mapping[str, Change] = {
    change.__name__: change
    for change in (
        *(a_mapping, a_filter, everybody, a_group_with_a_group_inside, a_guest, somebody_was_disabled),
        *(a_user_in_the_group_s_place, a_manager, a_threshold, an_expression_that_fails),
        a_directory_extension,
    )
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_twin_shows_what_the_emulator_then_does(operator: Operator, change: str) -> None:
    settings = CHANGES[change](operator)
    ran = rehearsed(operator, "--json", **settings)
    before = log_of(operator)
    carry_out(operator)

    assert fates(ran), ran.document
    assert {(fate, name) for fate, name in fates(ran) if fate != "failing"} == seen(log_of(operator)[len(before) :])
    assert not mistakes(ran.document, json.loads(SCHEMA.read_text(encoding="utf-8")), "report")


def log_of(operator: Operator) -> list[Any]:
    return list(operator.served.emulator.entra.service.log(operator.tenant))


def seen(entries: list[Any]) -> set[tuple[str, str]]:
    """Say what the log of the tenant itself tells: whose account was created, changed, disabled, or held."""
    words = {"create": "created", "update": "changed", "disable": "disabled", "delete": "deleted"}
    words["stagedDelete"] = "held"
    done: dict[str, set[str]] = {}
    for entry in entries:
        source, action = entry["sourceIdentity"], entry["provisioningAction"]
        is_done = entry["provisioningStatusInfo"]["status"] in {"success", "warning"} and action in words
        if is_done or action == "stagedDelete":
            name = source["details"].get("UserPrincipalName") or source["displayName"]
            done.setdefault(name, set()).add(words[action])
    return {
        (fate, name) for name, fates in done.items() for fate in fates if fate != "changed" or "created" not in fates
    }


def carry_out(operator: Operator) -> None:
    """Bring about in the tenant itself what is declared, as an ``up`` would, and have a cycle."""
    asyncio.run(_carry_out(operator))
    operator.cycle()


async def _carry_out(operator: Operator) -> None:
    settings = Settings.parse(operator.declared, operator.environment)
    kept = StackState.of(StackEngine("dev", operator.folder, operator.pulumi))
    graph = await connect(operator.environment)
    try:
        plan = (await preview(graph, settings, kept, operator.environment, operator.clock.now)).plan
        at = f"/servicePrincipals/{operator.principal}/appRoleAssignedTo"
        for change in plan.changes:
            match change:
                case AddAssignment(wanted):
                    body = {"principalId": wanted.principal, "resourceId": operator.principal, "appRoleId": wanted.role}
                    operator.ask("POST", at, body)
                case RemoveAssignment(held):
                    operator.ask("DELETE", f"{at}/{held.id}")
                case _:
                    pass
        token = SecretToken(operator.environment["ELIUM_SECRET_TOKEN"])
        known = replace(plan, declaration=replace(plan.declaration, token=token))
        await Applying(graph, ServicePrincipalId(operator.principal), known).run()
    finally:
        await graph.close()


# What it costs, and what is asked


def test_the_tenant_is_only_read_and_each_thing_once(operator: Operator) -> None:
    ran = rehearsed(operator, mappings={"users": {"title": "[department]"}})

    group = next(call for call in ran.calls if call.endswith("microsoft.graph.user")).split("/")[1]
    assert ran.calls == [
        *("GET applicationTemplates", "GET groups", "GET servicePrincipals/{sp}", "GET jobs"),
        *("GET appRoleAssignedTo", "GET secrets", "GET jobs/{job}/schema", "GET groups"),
        *(f"GET groups/{group}/members/microsoft.graph.user", f"GET groups/{group}/members/microsoft.graph.group"),
        "GET users",
    ]


def test_a_thousand_people_in_ten_groups_are_some_forty_calls() -> None:
    """Names of ten groups are ten of them; a stack that names groups by id needs those as well."""
    with operating(roles=READS) as operator:
        names = [f"Group {number}" for number in range(10)]
        for number, name in enumerate(names):
            people = [operator.hire(f"p{number}-{each}") for each in range(100)]
            operator.make_group(name, *people)
        operator.start = _refuses_to_start
        ran = rehearsed(operator, groups=["Elium users", *names], acceptEntrants="1000")

    assert {call.split()[0] for call in ran.calls} == {"GET"}
    assert len(ran.calls) == 42
    assert "read 1,0" in ran.err


def test_no_more_is_selected_than_mappings_and_filters_read(operator: Operator) -> None:
    before = len(operator.served.requests("graph"))
    rehearsed(operator, filters={"users": ["companyName IS NULL"]}, mappings={"users": {"title": "[city]"}})

    selected = [one.query for one in operator.served.requests("graph")[before:] if "graph.user" in one.path]
    assert selected == [
        (
            "$select=accountEnabled,businessPhones,city,companyName,country,department,displayName,employeeId,faxNumber,"
            "givenName,id,jobTitle,mail,mailNickname,mobilePhone,officeLocation,postalCode,preferredLanguage,state,"
            "streetAddress,surname,userPrincipalName&$top=999"
        )
    ]


@pytest.mark.parametrize("lacking", READS)
def test_a_missing_permission_is_told_before_anything_is_started(lacking: str) -> None:
    with operating(roles=[role for role in READS if role != lacking]) as operator:
        operator.start = _refuses_to_start
        ran = rehearsed(operator)

    assert ran.code == ExitCode.SIGN_IN, ran.err


def test_nothing_heavy_and_no_emulator_is_imported_before_it_is_needed() -> None:
    told = subprocess.run([sys.executable, "-c", IMPORTED], capture_output=True, text=True, check=True)  # noqa: S603

    assert told.stdout == "[]\n"


# What is told


def test_a_refused_change_is_told_and_played_all_the_same(operator: Operator) -> None:
    ran = rehearsed(operator, filters={"users": ["department EQUALS Knowledge"]})

    assert ran.code == ExitCode.REFUSED
    assert ran.out.startswith(
        "dev: 7 people disabled\n"
        "  ~ filter of users: everybody → department EQUALS Knowledge\n"
        "refused   7 of 10 people in scope would leave; the limit is 5"
    )


def test_a_threshold_in_the_way_is_told_with_whom_it_holds(operator: Operator) -> None:
    ran = rehearsed(operator, **a_threshold(operator))

    assert ran.out.startswith("dev: 7 people held\n")
    assert "More would leave than the deletion threshold allows" in ran.out


def test_whoever_fails_is_told_with_the_code_in_plain_words(operator: Operator) -> None:
    ran = rehearsed(operator, "--json", mappings={"users": {"userName": {"source": "[companyName]", "match": 1}}})

    failing = [row for row in ran.document["rows"] if row["fate"] == "failing"]
    assert failing
    assert all(row["code"] for row in failing)


def test_a_stack_that_was_never_deployed_creates_everybody(operator: Operator) -> None:
    operator.is_deployed = False
    ran = rehearsed(operator, "--json", displayName="Elium (new)", groups=["Elium users"])

    assert {row["fate"] for row in ran.document["rows"]} == {"created"}
    assert len(ran.document["rows"]) == 11
    assert "There is no job yet" in ran.document["notes"][0]


def test_an_app_of_this_name_that_the_stack_does_not_know_is_told(operator: Operator) -> None:
    operator.is_deployed = False
    ran = rehearsed(operator)

    assert (ran.code, "an application 'Elium' of this gallery app exists already" in ran.err) == (2, True)


def test_another_app_in_its_place_is_not_rehearsed(operator: Operator) -> None:
    ran = rehearsed(operator, galleryApp="Marketo", onDestroy="retain")

    assert (ran.code, "made from 'Marketo', which cannot be rehearsed" in ran.err) == (2, True)


def test_what_is_declared_and_does_not_exist_is_told_with_its_place(operator: Operator) -> None:
    ran = rehearsed(operator, groups=["Nobody"])

    assert (ran.code, "elium:groups.0: 'Nobody' does not exist." in ran.err) == (2, True)


def test_nothing_to_do_is_nothing_to_send(operator: Operator) -> None:
    ran = rehearsed(operator)

    assert (ran.code, ran.out.partition("\n")[0]) == (0, "dev: nothing would be sent")


def test_a_job_that_would_be_off_sends_nothing(operator: Operator) -> None:
    ran = rehearsed(operator, status="off", mappings={"users": {"title": "[department]"}})

    assert "The job would be off, so that nothing is sent before it is switched on." in ran.out


def test_a_quarantine_and_a_paused_job_are_told_and_not_copied(operator: Operator) -> None:
    operator.save(SecretToken="wrong")
    operator.cycle()
    quarantined = rehearsed(operator)
    operator.ask("POST", f"/servicePrincipals/{operator.principal}/synchronization/jobs/{operator.job}/pause")
    paused = rehearsed(operator)

    assert "The job is in quarantine, Encounter" in quarantined.out
    assert "The job is off: what changed in Entra since" in paused.out


def test_those_who_left_while_accounts_were_kept_are_not_played_and_told(operator: Operator) -> None:
    operator.save(SkipOutOfScopeDeletions="true")
    group = next(one.id for one in operator.tenant.directory.all(Kind.GROUP) if one.properties["displayName"] == GROUP)
    operator.ask("DELETE", f"/groups/{group}/members/{operator.id_of(ADA)}/$ref")
    operator.cycle()
    ran = rehearsed(operator, skipOutOfScopeDeletions="false", acceptLeavers="1")
    before = log_of(operator)
    carry_out(operator)

    assert seen(log_of(operator)[len(before) :]) == {("disabled", ADA)}
    assert ran.out.startswith("dev: nothing would be sent, beside what cannot be played\n")
    assert "unknown   Accounts of people who left may have stayed open until now" in ran.out


def test_an_address_of_another_host_is_a_target_of_its_own(operator: Operator) -> None:
    other = operator.served.environment["ELIUM_TENANT_URL"].replace("contoso", "fabrikam")
    ran = rehearsed(operator, "--json", tenantUrl=other)

    assert any(other in change for change in ran.document["changes"])


def test_rows_beyond_the_first_are_counted_and_shown_on_request(operator: Operator) -> None:
    settings = {"scope": "all", "acceptEntrants": "14"}
    some, all_of_them = rehearsed(operator, **settings), rehearsed(operator, "--all", **settings)

    assert "          and 4 more: --all shows them\n" in some.out
    assert all_of_them.out.count("\ncreated ") == 14 + 8


# The emulator as a program


def test_the_emulator_runs_as_a_program_and_leaves_nothing(operator: Operator, tmp_path: Path) -> None:
    operator.start = _in(tmp_path)
    ran = rehearsed(operator, mappings={"users": {"title": "[department]"}})

    assert ran.out.startswith("dev: 10 people changed\n  ~ users.title: [jobTitle] → [department]\n"), ran.err
    assert [*tmp_path.iterdir()] == []


def test_an_emulator_that_cannot_start_is_one_sentence(operator: Operator) -> None:
    operator.start = lambda seed: started(seed, (sys.executable, "-m", "no_such_emulator"))
    ran = rehearsed(operator)

    assert ran.code == ExitCode.OTHER
    assert (
        "error: There is no emulator beside this command to rehearse in: No module named no_such_emulator." in ran.err
    )


def test_a_seed_that_the_emulator_does_not_take_is_told() -> None:
    with pytest.raises(TwinError, match=r"^The emulator did not start: .*: Field required"), started({}):
        pass


def test_it_ends_with_the_program_that_started_it(tmp_path: Path) -> None:
    seed = {
        "tenant": {"id": "c0ffee00-1234-4abc-8def-0123456789ac", "displayName": "T", "domain": "t.example"},
        "clients": [{"displayName": "ci", "appId": "x"}],
    }
    command = [sys.executable, "-m", "emulator", "--port", "0", "--seed", "-", "--attached", "--quiet"]
    with subprocess.Popen(  # noqa: S603 - our own interpreter and our own words
        [*command, "--state", str(tmp_path / "state")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        assert running.stdin is not None
        running.stdin.write(f"{json.dumps(seed)}\n")
        running.stdin.flush()
        ready = running.stdout.readline()
        running.stdin.close()

        assert ("url" in ready, running.wait(20)) == (True, 0)


def test_it_is_stopped_on_ctrl_c(operator: Operator, tmp_path: Path) -> None:
    started_as: list[RunningEmulator] = []

    @contextmanager
    def interrupted(seed: Mapping[str, Any]) -> Iterator[RunningEmulator]:
        with _in(tmp_path)(seed) as running:
            started_as.append(running)
            _interrupt()
            yield running

    operator.start = interrupted
    ran = rehearsed(operator)

    assert (ran.code, len(started_as), [*tmp_path.iterdir()]) == (ExitCode.INTERRUPTED, 1, [])
    assert "Stopped. The emulator was stopped. Nothing was changed in the tenant." in ran.err
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(started_as[0].origin, verify=False)


def _interrupt() -> None:
    raise KeyboardInterrupt


def _refuses_to_start(_: Mapping[str, Any]) -> AbstractContextManager[RunningEmulator]:
    raise TwinError("It was not to be started.")


def _in(folder: Path) -> Starter:
    """Start the program with its temporary folder in this one."""

    @contextmanager
    def start(seed: Mapping[str, Any]) -> Iterator[RunningEmulator]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(tempfile, "tempdir", str(folder))
            with started(seed) as running:
                assert {stat.S_IMODE(each.stat().st_mode) for each in folder.iterdir()} == {0o700}
                assert not [each for each in folder.rglob("*") if each.is_file() and b"Byron" in each.read_bytes()]
                yield running

    return start


def _held_above(number: int) -> dict[str, Any]:
    settings = {"Enabled": True, "Recipients": "it@contoso.com", "DeleteThresholdEnabled": True}
    return {**settings, "DeleteThresholdValue": number}


# A twin that is saved


@pytest.mark.parametrize("change", ["a_filter", "a_guest", "a_group_with_a_group_inside", "everybody"])
def test_a_saved_twin_has_made_up_names_and_does_the_same(operator: Operator, change: str) -> None:
    file = operator.folder / "twin.json"
    ran = rehearsed(operator, "--save", str(file), **CHANGES[change](operator))
    text = file.read_text(encoding="utf-8")

    assert f"saved     {file}: It holds " in ran.out, ran.err
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not [word for word in named_in(operator) if word in text]
    assert "the same with made-up names\n" in ran.err


def named_in(operator: Operator) -> set[str]:
    """List what nobody may find in a twin: addresses, families, ids of everything."""
    users = [one.properties for one in operator.tenant.directory.all(Kind.USER)]
    words = {value for user in users for name in ("userPrincipalName", "surname", "id") if (value := user.get(name))}
    tenant = operator.environment["ARM_TENANT_ID"]
    return {*words, operator.principal, operator.job, tenant, tenant.replace("-", ""), "Elium users", "contoso.com"}


def test_a_saved_twin_begins_with_what_the_tenant_has(operator: Operator) -> None:
    file = operator.folder / "twin.json"
    rehearsed(operator, "--save", str(file), mappings={"users": {"title": "[department]"}})

    with Emulator(seed=seeds.read(file)).serve() as served:
        served.run_due()
        site = served.emulator.elium.tenant(served.emulator.seed.elium[0].name)
        assert len(site.users) == len(operator.active)


def test_the_same_person_has_the_same_name_in_every_twin_of_a_stack(operator: Operator) -> None:
    files = [operator.folder / name for name in ("one.json", "two.json")]
    for file in files:
        rehearsed(operator, "--save", str(file))

    assert files[0].read_bytes() == files[1].read_bytes()
    assert stat.S_IMODE((operator.folder / ".state" / "rehearsal" / "dev.key").stat().st_mode) == 0o600


def test_names_are_kept_where_that_is_asked_for(operator: Operator) -> None:
    file = operator.folder / "twin.json"
    ran = rehearsed(operator, "--save", str(file), "--names", "kept", "--json")

    assert ADA in file.read_text(encoding="utf-8")
    assert "with their real names and ids: keep it to yourselves." in ran.document["saved"]
    assert operator.environment["ELIUM_SECRET_TOKEN"] not in file.read_text(encoding="utf-8")


def test_a_filter_that_looks_into_names_is_told_before_anything_is_started(operator: Operator) -> None:
    operator.start = _refuses_to_start
    ran = rehearsed(operator, "--save", "twin.json", filters={"users": ["displayName REGEX MATCH ^A"]})

    assert (ran.code, "displayName REGEX MATCH ^A looks into displayName" in ran.err) == (2, True)


def test_a_twin_that_does_something_else_with_made_up_names_is_not_saved(operator: Operator) -> None:
    file = operator.folder / "twin.json"
    key = operator.folder / ".state" / "rehearsal" / "dev.key"
    key.parent.mkdir(parents=True)
    # The names that this key makes differ from the real ones in who has an A.
    key.write_bytes(bytes(32))
    # Only whoever has an A in the name can be told apart, which no list of literals says.
    fails = 'IIF(InStr([displayName], "a", , ) > 0, [jobTitle], CDate([department]))'
    ran = rehearsed(operator, "--save", str(file), mappings={"users": {**USER_NAME, "title": fails}})

    assert (ran.code, file.exists()) == (ExitCode.OTHER, False), ran.out
    assert "Nothing was saved: with made-up names the same change does something else" in ran.err


def test_a_file_that_cannot_be_written_is_told(operator: Operator) -> None:
    ran = rehearsed(operator, "--save", str(operator.folder / "nowhere" / "twin.json"))

    assert (ran.code, "twin.json cannot be written: No such file or directory." in ran.err) == (2, True)


def test_a_key_that_cannot_be_kept_is_told(operator: Operator) -> None:
    (operator.folder / ".state").write_text("")
    ran = rehearsed(operator, "--save", str(operator.folder / "twin.json"))

    assert (ran.code, "The key for made-up names cannot be kept in" in ran.err) == (2, True)

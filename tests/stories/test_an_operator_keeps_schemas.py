"""An operator keeps a job's schema as a file, compares it, and brings it back: judged like any other change."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from json_schema import mistakes
from operating import Operator, Ran, operating

from provisioning.commands import schema as verb
from provisioning.commands.exit_codes import ExitCode

SCHEMA = Path(__file__).parents[2] / "schemas" / "elium-schema.schema.json"
CLAUSE = {"operatorName": "EQUALS", "sourceOperandName": "department", "targetOperand": {"values": ["Knowledge"]}}
KNOWLEDGE = {"groups": [{"name": "", "clauses": [CLAUSE]}], "inputFilterGroups": [], "categoryFilterGroups": []}
READS = ("Application.Read.All", "Synchronization.Read.All", "User.Read.All", "GroupMember.Read.All")


@pytest.fixture
def operator() -> Iterator[Operator]:
    with operating(roles=READS) as operator:
        yield operator


def held(operator: Operator) -> dict[str, Any]:
    at = f"/servicePrincipals/{operator.principal}/synchronization/jobs/{operator.job}/schema"
    document: dict[str, Any] = operator.ask("GET", at)
    return document


def mappings(operator: Operator) -> list[dict[str, Any]]:
    rule = held(operator)["synchronizationRules"][0]
    users = next(each for each in rule["objectMappings"] if each["sourceObjectName"] == "User")
    found: list[dict[str, Any]] = users["attributeMappings"]
    return found


def without_title(operator: Operator) -> None:
    """Take a mapping away, as somebody would in the portal."""
    operator.map_users(
        attributeMappings=[each for each in mappings(operator) if each["targetAttributeName"] != "title"]
    )


def targets(operator: Operator) -> set[str]:
    return {each["targetAttributeName"] for each in mappings(operator)}


def kept(operator: Operator) -> list[Path]:
    return sorted(Path(operator.environment["ELIUM_KEEP_SCHEMAS"]).glob("*.json"))


def meant(ran: Ran) -> list[str]:
    """Give the calls, those about people aside."""
    return [call for call in ran.calls if not call.startswith("GET groups")]


def test_an_export_is_a_file_under_its_version_as_graph_gave_it(operator: Operator) -> None:
    ran = operator.elium("schema", "export", "dev", client="elium-reader")

    assert (ran.code, ran.calls) == (0, ["GET jobs/{job}/schema"])
    assert ran.out == f"{kept(operator)[0]}\n"
    assert kept(operator)[0].name == f"{operator.job}-v1.2.json"
    assert json.loads(kept(operator)[0].read_text(encoding="utf-8")) == held(operator)


def test_an_export_goes_where_somebody_says(operator: Operator, tmp_path: Path) -> None:
    ran = operator.elium("schema", "export", "dev", str(tmp_path / "new" / "mine.json"))

    assert ran.out == f"{tmp_path}/new/mine.json\n"
    assert (tmp_path / "new" / "mine.json").exists()


def test_a_file_that_cannot_be_written_is_told(operator: Operator, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    ran = operator.elium("schema", "export", "dev", str(tmp_path / "file" / "mine.json"))

    assert ran.code == ExitCode.CONFIGURATION
    assert "the schema cannot be written: File exists." in ran.err


def test_what_differs_is_told_line_by_line_in_our_words(operator: Operator) -> None:
    same = operator.elium("schema", "diff", "dev")
    nodes = [each for each in mappings(operator) if each["targetAttributeName"] != "title"]
    operator.map_users(scope=KNOWLEDGE, flowTypes="Add, Update", attributeMappings=nodes)
    ran = operator.elium("schema", "diff", "dev", client="elium-reader")

    assert same.out == "They mean the same.\n"
    assert ran.out.splitlines() == [
        "~ actions on users: create, update → create, update, delete",
        "+ users.title = [jobTitle]",
        "~ filter of users: department EQUALS Knowledge → everybody",
    ]
    assert ran.calls == ["GET jobs/{job}", "GET jobs/{job}/schema", "GET templates"]


def test_a_file_is_compared_with_what_is_there(operator: Operator) -> None:
    operator.elium("schema", "export", "dev")
    without_title(operator)
    ran = operator.elium("schema", "diff", "dev", str(kept(operator)[0]), "--json")

    assert [each["text"] for each in ran.document["plan"]["changes"]] == ["+ users.title = [jobTitle]"]
    assert mistakes(ran.document, json.loads(SCHEMA.read_text(encoding="utf-8")), "") == []
    assert ran.calls == ["GET jobs/{job}", "GET jobs/{job}/schema"]


def test_an_import_that_many_would_leave_by_is_refused_until_its_number_accepts_it(
    operator: Operator, tmp_path: Path
) -> None:
    before = len(operator.active)
    operator.map_users(scope=KNOWLEDGE)
    operator.elium("schema", "export", "dev", str(tmp_path / "knowledge.json"))
    operator.elium("schema", "reset", "dev", "--yes", "--accept-entrants", "7")
    refused = operator.elium("schema", "import", "dev", str(tmp_path / "knowledge.json"), "--yes")
    done = operator.elium("schema", "import", "dev", str(tmp_path / "knowledge.json"), "--yes", "--accept-leavers", "7")
    operator.cycle()

    assert refused.code == ExitCode.REFUSED
    assert "7 would leave: Barbara Liskov" in refused.err
    assert "  next: If that is meant: --accept-leavers 7\n" in refused.err
    assert not any(call.startswith("PUT") for call in refused.calls)
    assert (done.code, done.out) == (0, "dev: import done\n")
    assert (before, len(operator.active)) == (10, 3)


def test_an_import_shows_its_plan_and_asks(operator: Operator) -> None:
    operator.elium("schema", "export", "dev")
    without_title(operator)
    file = str(kept(operator)[0])
    unasked = operator.elium("schema", "import", "dev", file)
    no = operator.elium("schema", "import", "dev", file, answer="n")
    yes = operator.elium("schema", "import", "dev", file, answer="y")

    assert (unasked.code, no.code, yes.code) == (ExitCode.CONFIGURATION, ExitCode.OTHER, 0)
    assert "  + users.title = [jobTitle]" in yes.err.splitlines()
    assert "title" in targets(operator)
    assert meant(yes) == [
        *("GET jobs", "GET appRoleAssignedTo", "GET secrets", "GET jobs/{job}/schema"),
        *("GET jobs/{job}/schema", "PUT jobs/{job}/schema"),
    ]


def test_what_is_replaced_is_kept_and_a_rollback_brings_it_back(operator: Operator) -> None:
    without_title(operator)
    operator.elium("schema", "reset", "dev", "--yes")
    reset = targets(operator)
    back = operator.elium("schema", "rollback", "dev", "--yes")

    assert ("title" in reset, "title" in targets(operator)) == (True, False)
    assert back.out == "dev: rollback done\n"
    assert len(kept(operator)) == 2


def test_there_may_be_nothing_to_roll_back_to(operator: Operator) -> None:
    operator.elium("schema", "export", "dev")
    ran = operator.elium("schema", "rollback", "dev", "--yes")

    assert ran.code == ExitCode.CONFIGURATION
    assert "has no schema of this job that means something else." in ran.err


def test_a_reset_of_what_is_the_template_s_does_nothing(operator: Operator) -> None:
    ran = operator.elium("schema", "reset", "dev", "--yes")

    assert (ran.code, ran.out) == (0, "Nothing to do.\n")
    assert not any(call.startswith("PUT") for call in ran.calls)


def test_in_a_pipeline_the_checksum_does_exactly_what_was_shown(operator: Operator) -> None:
    without_title(operator)
    shown = operator.elium("schema", "reset", "dev", "--json")
    other = operator.elium("schema", "reset", "dev", "--doit", "00000000")
    done = operator.elium("schema", "reset", "dev", "--doit", shown.document["plan"]["checksum"], "--json")

    assert (shown.code, shown.document["isDone"]) == (ExitCode.CONFIGURATION, False)
    assert other.code == ExitCode.REFUSED
    assert (done.code, done.document["isDone"]) == (0, True)
    assert mistakes(done.document, json.loads(SCHEMA.read_text(encoding="utf-8")), "") == []


def test_what_somebody_else_changed_meanwhile_is_not_replaced(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_title(operator)
    monkeypatch.setattr(verb, "demand_consent", lambda *_, **__: operator.map_users(scope=KNOWLEDGE))
    ran = operator.elium("schema", "reset", "dev")

    assert ran.code == ExitCode.GRAPH
    assert "Somebody else changed the schema of this job" in ran.err
    assert "title" not in targets(operator)


def test_who_only_reads_is_told_what_is_missing_to_replace_one(operator: Operator) -> None:
    without_title(operator)
    ran = operator.elium("schema", "reset", "dev", "--yes", client="elium-reader")

    assert ran.code == ExitCode.SIGN_IN
    assert "Synchronization.ReadWrite.All" in ran.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is not JSON"),
        ("[]", "is not a synchronization schema: it maps neither users nor groups."),
        ('{"synchronizationRules": [{"objectMappings": [7]}]}', "is not a synchronization schema"),
        (None, "cannot be read: No such file or directory."),
    ],
)
def test_a_file_that_is_no_schema_is_told_before_anything_is_asked(
    operator: Operator, tmp_path: Path, text: str | None, said: str
) -> None:
    if text is not None:
        (tmp_path / "it.json").write_text(text, encoding="utf-8")
    ran = operator.elium("schema", "import", "dev", str(tmp_path / "it.json"))

    assert (ran.code, ran.calls) == (ExitCode.CONFIGURATION, [])
    assert said in ran.err


def test_an_import_needs_a_file(operator: Operator) -> None:
    ran = operator.elium("schema", "import", "dev")

    assert (ran.code, ran.calls) == (ExitCode.CONFIGURATION, [])
    assert "error: No file is named that could be imported." in ran.err


def test_keeping_and_comparing_need_one_permission() -> None:
    with operating(roles=["Synchronization.Read.All"]) as narrow:
        ran = [narrow.elium("schema", act, "dev", client="elium-reader") for act in ("export", "diff")]

    assert [each.code for each in ran] == [0, 0]


def test_bringing_one_back_needs_those_of_an_identity_that_provisions() -> None:
    with operating(roles=[*READS, "Synchronization.ReadWrite.All"]) as provisioning:
        without_title(provisioning)
        acts = ("reset", "rollback")
        ran = [provisioning.elium("schema", act, "dev", "--yes", client="elium-reader") for act in acts]

    assert [each.out for each in ran] == ["dev: reset done\n", "dev: rollback done\n"]

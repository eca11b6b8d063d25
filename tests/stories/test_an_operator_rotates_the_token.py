"""A new token without a gap: Elium takes two, Entra gets the new one, and whatever goes wrong leaves one that works."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from operating import READER, Operator, Ran, operating

from emulator.elium.behaviour import Fault
from emulator.moods.faults import Fault as GraphFault
from provisioning.commands.exit_codes import ExitCode
from provisioning.graph.client import GraphClient
from provisioning.graph.exchange import Exchange
from provisioning.model.identifiers import JobAddress

ROTATES = (
    "Application.Read.All",
    "GroupMember.Read.All",
    "Synchronization.ReadWrite.All",
    "User.Read.All",
)
"""What the manual gives an identity that rotates."""

ADA, GRACE = "ada.byron@contoso.com", "grace.hopper@contoso.com"
WRONG = "wrong-token-0123456789"
PUT, ON_DEMAND, RESTART = "PUT secrets", "POST jobs/{job}/provisionOnDemand", "POST jobs/{job}/restart"
LOOKS = ["GET jobs", "GET secrets", "GET jobs/{job}/schema", "GET appRoleAssignedTo"]
PERSON = ["GET groups", "GET groups/{group}/members/microsoft.graph.user"]
DOES = ["GET secrets", PUT, "POST jobs/{job}/validateCredentials", ON_DEMAND]


@pytest.fixture
def operator() -> Iterator[Operator]:
    with operating(roles=ROTATES) as operator:
        yield operator


@dataclass
class Tokens:
    """The two that Elium takes."""

    operator: Operator
    old: str = ""
    new: str = ""
    ran: list[Ran] = field(default_factory=list)

    def rotate(self, *more: str, **how: Any) -> Ran:
        """Rotate to the new token, and look that no token is in what was said."""
        how = {"hidden": self.new, "answer": "y", "client": READER, **how}
        ran = self.operator.elium("rotate-token", "dev", *more, **how)
        for token in (self.old, self.new, WRONG):
            assert token not in ran.out + ran.err
        return ran

    @property
    def saved(self) -> str:
        """Which one Entra holds."""
        return str(self.operator.tenant.synchronization_of(self.operator.principal).secrets["SecretToken"])

    @property
    def beside(self) -> dict[str, str]:
        """What Entra holds beside it."""
        held = self.operator.tenant.synchronization_of(self.operator.principal).secrets
        return {key: value for key, value in held.items() if key != "SecretToken"}

    def revoke_new(self) -> str:
        """Revoke the new token at Elium, and say yes."""
        self.operator.elium_site.tokens.revoke("2")
        return "y"


@pytest.fixture
def tokens(operator: Operator) -> Tokens:
    site = operator.elium_site.tokens
    return Tokens(operator, site.first, site.make()[1])


def short(calls: list[str]) -> list[str]:
    """Write ids of groups as such."""
    return [
        f"GET groups/{{group}}/{call.split('/', 2)[2]}" if call.startswith("GET groups/") else call for call in calls
    ]


def test_a_rotation_saves_a_token_that_was_tried_and_leaves_no_gap(operator: Operator, tokens: Tokens) -> None:
    beside, active = tokens.beside, operator.active
    ran = tokens.rotate()
    operator.elium_site.tokens.revoke("1")
    operator.cycle()

    assert (ran.code, tokens.saved, tokens.beside) == (0, tokens.new, beside)
    assert short(ran.calls) == [*LOOKS, *PERSON, "POST jobs/validateCredentials", *DOES]
    assert (operator.status()["code"], operator.active) == ("Active", active)
    assert ran.out.splitlines()[0] == "dev: Entra has the new token, and can use it"


def test_it_says_when_the_old_one_can_be_revoked_and_what_the_configuration_needs(tokens: Tokens) -> None:
    ran = tokens.rotate()

    told = "which the next up that saves address, scope, notification or threshold puts back. Put it into the variable "
    assert f"The configuration still has another token, {told}" in ran.out
    assert "revoked once a cycle has ended that began from now on" in ran.out
    assert "elium wait dev --for cycle" in ran.out


def test_a_configuration_that_has_the_new_token_needs_nothing(operator: Operator, tokens: Tokens) -> None:
    operator.environment["ELIUM_SECRET_TOKEN"] = tokens.new
    ran = tokens.rotate("--json", "--yes", "--new-token", "env:ELIUM_SECRET_TOKEN", hidden=None)

    assert ran.document["configurationHasIt"] is True
    assert [sentence.partition(" ")[0] for sentence in ran.document["next"]] == ["The"]


def test_a_configuration_that_cannot_be_opened_is_told_as_such(
    operator: Operator, tokens: Tokens, tmp_path: Path
) -> None:
    operator.folder = tmp_path
    (tmp_path / "Pulumi.dev.yaml").write_text("config: {elium:secretToken: {secure: v1:x}}\n", encoding="utf-8")
    ran = tokens.rotate()

    assert "Whether the configuration has the new token cannot be seen: The encrypted elium:secretToken" in ran.out
    assert "Run `pulumi config set --stack dev --secret elium:secretToken`" in ran.out


def test_a_new_token_that_elium_does_not_take_is_not_saved(tokens: Tokens) -> None:
    ran = tokens.rotate(hidden=WRONG)

    assert (ran.code, tokens.saved, PUT in ran.calls) == (ExitCode.GRAPH, tokens.old, False)
    assert "The app does not accept the token, asked from here (401)." in ran.err


def test_a_new_token_that_elium_does_not_take_from_entra_is_not_saved(operator: Operator, tokens: Tokens) -> None:
    operator.elium_site.faults.append(Fault(status=401, after=1, times=None))
    ran = tokens.rotate()

    assert (ran.code, tokens.saved, PUT in ran.calls) == (ExitCode.GRAPH, tokens.old, False)
    assert "nothing was saved and nothing was started" in ran.err


def test_where_elium_cannot_be_asked_from_here_entra_s_answer_counts(operator: Operator, tokens: Tokens) -> None:
    operator.elium_site.faults.append(Fault(status=503))
    ran = tokens.rotate()

    assert (ran.code, tokens.saved) == (0, tokens.new)
    assert "Whether the app takes the token is left to Entra." in ran.err


def test_a_token_that_does_not_work_once_it_is_saved_is_put_back(operator: Operator, tokens: Tokens) -> None:
    beside = tokens.beside
    ran = tokens.rotate(answer=tokens.revoke_new)

    assert (ran.code, tokens.saved, tokens.beside) == (ExitCode.GRAPH, tokens.old, beside)
    assert "The old token was put back, and works." in ran.err
    assert sum(ran.slept) == 60
    operator.cycle()
    assert operator.status()["code"] == "Active"


def test_where_the_old_token_is_not_at_hand_that_is_said(operator: Operator, tokens: Tokens) -> None:
    operator.environment["ELIUM_SECRET_TOKEN"] = tokens.new
    ran = tokens.rotate(answer=tokens.revoke_new)

    assert (ran.code, tokens.saved) == (ExitCode.GRAPH, tokens.new)
    assert "Graph never shows a token, and the old one is not at hand, so the new one stays saved." in ran.err


def test_a_token_that_the_probe_finds_refused_is_put_back(operator: Operator, tokens: Tokens) -> None:
    before = len(operator.served.emulator.elium.received)
    tokens.rotate()
    asked = len(operator.served.emulator.elium.received) - before
    operator.save(SecretToken=tokens.old)
    # The last request of a rotation is the probe's.
    operator.elium_site.faults.append(Fault(status=401, after=asked - 1, times=2))
    ran = tokens.rotate()

    assert (ran.code, tokens.saved) == (ExitCode.GRAPH, tokens.old)
    assert "Ada Byron (ada.byron@contoso.com) could not be provisioned" in ran.err


def test_a_passing_failure_of_the_probe_is_tried_again(operator: Operator, tokens: Tokens) -> None:
    operator.assign(operator.id_of(GRACE))
    operator.elium_site.faults.append(Fault(method="POST", status=500))
    ran = tokens.rotate("--person", GRACE)

    assert (ran.code, ran.calls.count(ON_DEMAND)) == (0, 2)
    assert GRACE in operator.active


def test_a_person_whom_elium_refuses_is_not_the_token_s_fault(operator: Operator, tokens: Tokens) -> None:
    operator.assign(operator.id_of(GRACE))
    operator.elium_site.faults.append(Fault(method="POST", status=409, times=None))
    ran = tokens.rotate("--person", GRACE)

    assert (ran.code, tokens.saved) == (0, tokens.new)
    assert f"The probe proves nothing about the token: Grace Hopper ({GRACE})" in ran.out


def test_a_probe_that_could_not_be_made_says_what_is_saved(operator: Operator, tokens: Tokens) -> None:
    operator.served.emulator.entra.faults.add([GraphFault(route="* */provisionOnDemand", status=403, times=None)])
    ran = tokens.rotate()

    assert (ran.code, tokens.saved) == (ExitCode.SIGN_IN, tokens.new)
    assert "next: The new token is saved, and not proven." in ran.err


def test_nobody_in_scope_leaves_the_probe_out(operator: Operator, tokens: Tokens) -> None:
    operator.unassign()
    ran = tokens.rotate()

    assert (ran.code, ON_DEMAND in ran.calls) == (0, False)
    assert "Nobody is found in scope, so nobody is provisioned as a probe." in ran.err


def test_a_job_that_is_off_is_rotated_without_provisioning_anybody(operator: Operator, tokens: Tokens) -> None:
    operator.elium("pause", "dev", "--yes")
    ran = tokens.rotate()

    assert (ran.code, ON_DEMAND in ran.calls, operator.status()["code"]) == (0, False, "Paused")
    assert "The old token can be revoked now: the job is off, so that no cycle uses it." in ran.out


def test_a_quarantine_for_the_token_is_ended_and_nothing_else_forgotten(
    operator: Operator, tokens: Tokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    forgotten: list[str] = []
    restart = GraphClient.restart

    async def restarts(graph: GraphClient, address: JobAddress, forgetting: Iterable[str]) -> None:
        forgotten.extend(forgetting)
        await restart(graph, address, forgotten)

    monkeypatch.setattr(GraphClient, "restart", restarts)
    operator.elium_site.tokens.revoke("1")
    operator.cycle()
    ran = tokens.rotate()

    assert (ran.calls[-1], forgotten, operator.status()["code"]) == (RESTART, ["QuarantineState"], "Active")
    assert "restart the quarantine is ended" in ran.out


def test_a_quarantine_for_something_else_is_left_alone(operator: Operator, tokens: Tokens) -> None:
    operator.hold_back()
    ran = tokens.rotate()

    assert (ran.code, RESTART in ran.calls) == (0, False)
    assert operator.status()["quarantine"]["reason"] == "TooManyDeletes"


def test_what_somebody_saves_beside_it_meanwhile_is_not_lost(operator: Operator, tokens: Tokens) -> None:
    def meanwhile() -> str:
        operator.save(SkipOutOfScopeDeletions="True")
        return "y"

    assert tokens.rotate(answer=meanwhile).code == 0
    assert tokens.beside["SkipOutOfScopeDeletions"] == "True"


def test_another_address_meanwhile_stops_it(operator: Operator, tokens: Tokens) -> None:
    def meanwhile() -> str:
        operator.save(BaseAddress=f"{operator.served.origin}/elium/fabrikam/scim/v2")
        return "y"

    ran = tokens.rotate(answer=meanwhile)
    assert (ran.code, tokens.saved) == (ExitCode.GRAPH, tokens.old)
    assert "Somebody saved another address meanwhile." in ran.err


def test_a_secret_that_a_save_would_lose_stops_it_before_anything_is_asked(operator: Operator, tokens: Tokens) -> None:
    operator.save(Password="another-secret")
    ran = tokens.rotate()

    assert (ran.code, ran.calls) == (ExitCode.CONFIGURATION, ["GET jobs", "GET secrets"])
    assert "Password, which cannot be read back" in ran.err


def test_no_is_no(tokens: Tokens) -> None:
    ran = tokens.rotate(answer="n")

    assert (ran.code, tokens.saved) == (ExitCode.OTHER, tokens.old)


def test_in_a_pipeline_it_is_accepted_by_yes_or_by_its_checksum(operator: Operator, tokens: Tokens) -> None:
    operator.environment["NEW"] = tokens.new
    source = ("--new-token", "env:NEW", "--json")
    shown = tokens.rotate(*source, hidden=None, answer=None)
    done = tokens.rotate(*source, "--doit", shown.document["checksum"], hidden=None, answer=None)
    other = tokens.rotate(*source, "--doit", "0badc0de", hidden=None, answer=None)

    assert (shown.code, shown.document["isDone"]) == (ExitCode.CONFIGURATION, False)
    assert (done.code, done.document["isDone"], tokens.saved) == (0, True, tokens.new)
    assert other.code == ExitCode.REFUSED


@pytest.mark.parametrize("lacking", [one for one in ROTATES if one != "User.Read.All"])
def test_the_least_that_is_missing_is_named(lacking: str) -> None:
    """Members of a group are listed without ``User.Read.All``; only what a filter reads of them is not."""
    with operating(roles=[one for one in ROTATES if one != lacking]) as operator:
        ran = operator.elium("rotate-token", "dev", "--new-token", "env:ELIUM_SECRET_TOKEN", "--yes", client=READER)

    assert (ran.code, PUT in ran.calls) == (ExitCode.SIGN_IN, False)
    assert lacking in ran.err


STEPS = [*LOOKS, *PERSON, "POST jobs/validateCredentials", *DOES, RESTART]


class KilledError(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("is_sent", [True, False])
@pytest.mark.parametrize("step", range(1, len(STEPS) + 1))
def test_a_run_that_is_killed_at_any_call_is_finished_by_the_next(
    operator: Operator, tokens: Tokens, monkeypatch: pytest.MonkeyPatch, step: int, *, is_sent: bool
) -> None:
    operator.elium_site.tokens.revoke("1")
    operator.cycle()
    beside = tokens.beside
    with monkeypatch.context() as patched:
        patched.setattr(Exchange, "_send", killed_at(step, Exchange._send, is_sent=is_sent))  # noqa: SLF001 - the wire
        with pytest.raises(KilledError):
            tokens.rotate()
    ran = tokens.rotate()
    operator.cycle()

    assert (ran.code, tokens.saved, tokens.beside) == (0, tokens.new, beside)
    assert operator.status()["code"] == "Active"


def killed_at(step: int, send: Callable[..., Any], *, is_sent: bool) -> Callable[..., Any]:
    """Send, until a call at which the process is killed, before it is sent or after it was answered."""
    count = 0

    async def sends(*arguments: Any) -> Any:
        nonlocal count
        count += 1
        if count == step and not is_sent:
            raise KilledError
        answer = await send(*arguments)
        if count == step:
            raise KilledError
        return answer

    return sends


def test_the_new_token_can_come_from_a_file_a_variable_or_a_command(
    operator: Operator, tokens: Tokens, tmp_path: Path
) -> None:
    file = tmp_path / "token"
    file.write_text(f"{tokens.new}\n", encoding="utf-8")
    operator.environment["NEW"] = tokens.new
    sources = (f"file:{file}", f"file://{file}", "env:NEW", f"command:cat '{file}'", f"COMMAND:cat '{file}'")
    for source in sources:
        operator.save(SecretToken=tokens.old)
        assert (tokens.rotate("--new-token", source, "--yes", hidden=None).code, tokens.saved) == (0, tokens.new)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("ask", "--new-token: nobody can be asked for the token."),
        ("env:NOT_SET", "--new-token: the variable NOT_SET is not set."),
        ("file:/nonexistent", "--new-token: the file /nonexistent cannot be read"),
        ("file:", "--new-token: nothing stands behind file:."),
        ("command:false", "--new-token: false ended with 1."),
        ("command:no-such-command", "--new-token: no-such-command cannot be run"),
        ("command:echo 'x", "--new-token: a quotation mark is not closed."),
        ("command: ", "--new-token: nothing stands behind command:."),
        ("command:echo Bearer x", "--new-token: what the command prints begins with a word"),
        (WRONG, "--new-token does not say where the token is found."),
        (f"vault:{WRONG}", "--new-token does not say where the token is found."),
    ],
)
def test_a_new_token_that_cannot_be_had_is_told_before_anything_is_asked(
    tokens: Tokens, source: str, said: str
) -> None:
    ran = tokens.rotate("--new-token", source, hidden=None, answer=None)

    assert (ran.code, ran.calls) == (ExitCode.CONFIGURATION, [])
    assert said in ran.err


def test_a_file_s_path_is_below_the_project_s_folder(operator: Operator, tokens: Tokens) -> None:
    (operator.folder / "new-token").write_text(tokens.new, encoding="utf-8")

    assert tokens.rotate("--new-token", "file:new-token", "--yes", hidden=None).code == 0


def test_what_is_typed_is_not_shown_by_a_real_terminal(operator: Operator, tokens: Tokens) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "provisioning.commands", "rotate-token", operator.address, "--yes"]
    environment = {**os.environ, **operator.environment}
    with subprocess.Popen(  # noqa: S603 - our own command
        command, env=environment, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    ) as process:
        os.close(theirs)
        shown = read_until(ours, b"not shown): ")
        os.write(ours, f"{tokens.new}\n".encode())
        shown += read_until(ours, b"--for cycle")
    os.close(ours)

    assert (process.returncode, tokens.saved) == (0, tokens.new)
    assert tokens.new.encode() not in shown


def read_until(terminal: int, end: bytes) -> bytes:
    """Read what a terminal shows."""
    shown = b""
    while end not in shown:
        try:
            shown += os.read(terminal, 1024)
        except OSError:
            raise AssertionError(shown) from None
    return shown

"""With the real ``pulumi`` command: a set-up of the portal is adopted, and the program finds nothing to do."""

from __future__ import annotations

import io
import json
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml
from acts import Teller, told_in
from operating import ServedClock
from portal import Portal, filtered, made_in_the_portal, mapped, notifying, without

from emulator.company.store import Kind
from provisioning.commands.elium import run
from provisioning.commands.screen import Screen, secrets_in
from provisioning.commands.surroundings import Surroundings
from provisioning.operations.deployed import Ended

pytestmark = pytest.mark.engine

ALREADY = "The stack prod has the job {job} already: there is nothing to adopt.\n"


@dataclass
class Adopting:
    """An operator with a stack that has nothing, and a set-up of the portal."""

    story: Teller
    portal: Portal
    asked: list[str] = field(default_factory=list)

    def elium(self, *arguments: str, killed_before: str = "", **variables: str) -> tuple[int, str]:
        """Run the command, its Pulumi killed before a verb; give the code and what it said."""
        environment = {**self.story.stack.variables, **variables}

        def engine(command: Sequence[str], folder: Path) -> Ended:
            self.asked.append(" ".join(command[1:3]))
            if killed_before and self.asked[-1].startswith(killed_before):
                raise KeyboardInterrupt
            ended = subprocess.run(command, cwd=folder, env=environment, text=True, capture_output=True, check=False)  # noqa: S603 - the real pulumi
            return Ended(ended.returncode, ended.stdout, ended.stderr)

        out = io.StringIO()
        screen = Screen(out, out, secrets_in(environment))
        surroundings = Surroundings(
            environment, self.story.stack.folder, screen, ServedClock(self.story.served), engine
        )
        code = run(arguments, surroundings)
        return code, out.getvalue()

    def writes(self, what: Callable[[], object]) -> list[str]:
        """Do something, and give the calls that write to Graph meanwhile."""
        before = len(self.story.served.requests("graph"))
        what()
        asked = self.story.served.requests("graph")[before:]
        return [f"{call.method} {call.path}" for call in asked if call.method not in {"GET", "HEAD"}]


@pytest.fixture
def adopting(tmp_path: Path) -> Iterator[Adopting]:
    """Serve a company whose administrator mapped, filtered and named a threshold by hand."""
    with told_in(tmp_path) as story:
        portal = made_in_the_portal(story.served, story.ask, "Elium (made by hand)")
        portal.save(SyncAll="False", SyncNotificationSettings=notifying(7))
        portal.edit(mapped("title", "[department]"))
        portal.edit(without("preferredLanguage"))
        portal.edit(filtered(("department", "IS NOT NULL", None)))
        portal.assign(story.named(Kind.GROUP, "Elium users").id)
        portal.start()
        yield Adopting(story, portal)


def test_a_set_up_of_the_portal_is_adopted_and_the_program_finds_nothing_to_do(adopting: Adopting) -> None:
    story = adopting.story

    assert adopting.writes(lambda: adopting.elium("adopt", "dev", "--yes")) == []

    written = yaml.safe_load((story.stack.folder / "Pulumi.dev.yaml").read_text(encoding="utf-8"))["config"]
    assert written["elium:mappings"] == {"users": {"title": "[department]", "preferredLanguage": None}}
    assert written["elium:filters"] == {"users": {"Scoping Filter Group": ["department IS NOT NULL"]}}
    preview = story.preview("preview")
    assert "6 unchanged" in preview.said
    assert "+ " not in preview.said
    assert adopting.writes(lambda: story.act("up", "up", "--yes", "--skip-preview")) == []
    assert "6 unchanged" in story.acts["up"].said
    assert "6 unchanged" in story.stack.run("refresh", "--preview-only", "--expect-no-changes")
    token = story.served.emulator.seed.elium[0].token or ""
    assert token not in json.dumps(story.stack.state())
    assert adopting.elium("adopt", "dev")[0] == 0


def test_what_is_changed_after_an_adoption_is_judged(adopting: Adopting) -> None:
    story = adopting.story
    adopting.elium("adopt", "dev", "--yes", ELIUM_SECRET_TOKEN="")
    written = yaml.safe_load((story.stack.folder / "Pulumi.dev.yaml").read_text(encoding="utf-8"))["config"]
    settings = {key.removeprefix("elium:"): value for key, value in written.items()}
    assert settings["secretToken"] == "kept"

    # The variable is set again, which the file does not ask for.
    refused = story.up("narrower", succeeds=False, **{**settings, "filters": {"users": ["department EQUALS Nobody"]}})
    assert "10 of 10 people in scope would leave" in refused.said
    assert set(story.world().accounts.values()) == {True}
    done = story.up("title", **{**settings, "mappings": {"users": {"title": "[jobTitle]"}}})
    assert [call for call in done.calls if not call.startswith("GET")] == ["PUT jobs/{job}/schema"]
    address = story.up("address", succeeds=False, **{**settings, "skipOutOfScopeDeletions": True})
    assert "secretToken: is kept as Entra has it" in address.said


def test_an_adoption_that_is_killed_at_each_step_goes_on(adopting: Adopting) -> None:
    """The stack is not there before: it is made, then the file written, app and job imported, and the rest put in."""
    for verb in ("stack init", "import", "stack import", "preview"):
        assert adopting.elium("adopt", "prod", "--yes", killed_before=verb)[0] == 130
    assert adopting.asked.count("import --yes") == 2
    assert adopting.elium("adopt", "prod", "--yes") == (0, ALREADY.format(job=adopting.portal.job))
    assert "6 unchanged" in adopting.story.stack.run("preview", "--stack", "prod", "--expect-no-changes")

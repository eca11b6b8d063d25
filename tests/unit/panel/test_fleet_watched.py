"""Many tenants: who is shown first and with whom, and what counts as news."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from builders import PRINCIPAL

from provisioning.errors import ProvisioningError, SignInError, ThrottledError, UnavailableError
from provisioning.operations.status import MEANINGS, State, StatusReport
from provisioning.panel.aside import Aside
from provisioning.panel.fleet.watched import Row, WatchedFleet
from provisioning.panel.pages import drawn
from provisioning.panel.stack.place import StackPlace

NOW = datetime(2026, 1, 15, 9, tzinfo=UTC)


def a_report(name: str, state: State = State.RUNNING) -> StatusReport:
    meaning = MEANINGS[state]
    to_do = meaning.what_to_do.format(stack=name)
    return StatusReport(
        name, PRINCIPAL, "job", state, meaning.sentence, to_do, None, None, None, None, {}, "assigned", None, "", ()
    )


def unanswered(number: int) -> UnavailableError:
    asked = f"GET /servicePrincipals/0000000{number}-0000-4000-8000-000000000000/synchronization/jobs"
    return UnavailableError(f"Graph gave no answer to {asked}: it took too long.", status=0, hint="Look at the proxy.")


class Standing:
    """A clock that stands."""

    def now(self) -> datetime:
        return NOW

    async def sleep(self, seconds: float) -> None:
        raise AssertionError(seconds)


@dataclass
class Answers:
    """Tenants that answer as is written here."""

    answers: dict[str, StatusReport | ProvisioningError]
    file: Path = field(default=Path("tenants.yaml"))

    def read(self) -> Sequence[str]:
        return [*self.answers]

    def ask(self, name: str) -> StatusReport:
        answer = self.answers[name]
        if isinstance(answer, ProvisioningError):
            raise answer
        return answer

    async def open(self, name: str, aside: Aside) -> StackPlace:
        raise AssertionError((name, aside))

    async def close(self) -> None:
        """Hang up."""


async def looked(fleet: WatchedFleet) -> list[int]:
    """Look, and give how many were still awaited whenever something was told."""
    aside, awaited = Aside(1), list[int]()
    await fleet.look(aside, lambda: awaited.append(fleet.awaited))
    aside.end()
    return awaited


def a_fleet(**answers: StatusReport | ProvisioningError) -> WatchedFleet:
    fleet = WatchedFleet(Answers(answers), Standing())
    fleet.read()
    return fleet


async def test_those_in_the_same_trouble_stand_together_and_it_is_told_once() -> None:
    refused = SignInError("The identity was refused.", hint="Look at the secret.")
    fleet = a_fleet(a=refused, b=unanswered(1), c=a_report("c"), d=refused, e=unanswered(2))
    await looked(fleet)

    shown = drawn("fleet/rows", found=fleet.found(""), now=NOW)

    assert [row.name for row in fleet.found("")] == ["b", "e", "a", "d", "c"]
    assert [
        shown.count(words) for words in ("it took too long", "The same as b.", "was refused", "The same as a.")
    ] == [
        1,
        1,
        1,
        1,
    ]


async def test_what_was_heard_before_is_no_news() -> None:
    fleet = a_fleet(a=a_report("a"), b=unanswered(1))
    await looked(fleet)
    first = fleet.version

    await looked(fleet)
    assert fleet.version == first

    fleet.tenants = Answers({"a": a_report("a", State.OFF), "b": unanswered(1)})
    await looked(fleet)
    assert fleet.version == first + 1


async def test_how_far_a_look_is_and_when_it_ended_is_told() -> None:
    fleet = a_fleet(a=a_report("a"), b=a_report("b"), c=a_report("c"))

    assert await looked(fleet) == [2, 1, 0, 0]
    assert fleet.at == NOW


async def test_graph_is_left_alone_for_as_long_as_it_asked() -> None:
    throttled = ThrottledError("Too many requests.", status=429)
    throttled.retry_after = 100.0
    fleet = a_fleet(a=a_report("a"), b=throttled)
    await looked(fleet)

    assert fleet.rest == 100


def test_a_command_can_be_copied_and_other_words_cannot() -> None:
    shown = drawn("fleet/rows", found=[Row("a", a_report("a", State.OFF), NOW)], now=NOW)

    assert "disabled. <code>elium start a</code> <button" in shown
    assert 'aria-label="Copy elium start a"' in shown

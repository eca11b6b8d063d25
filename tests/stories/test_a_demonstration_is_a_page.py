"""The company, the wire and Elium side by side: people come and go, time passes, things break and are mended."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from html.parser import HTMLParser
from urllib.parse import quote

import httpx2
import pytest
from operating import Operator, operating
from panels import CUTS, Panel, events, panel_of, running

from provisioning.panel.company.emulated import Emulated

pytestmark = CUTS

ADA, ALAN, EDSGER = (f"{name}@contoso.com" for name in ("ada.byron", "alan.turing", "edsger.dijkstra"))
PAGE = "/company"


@pytest.fixture
def operator() -> Iterator[Operator]:
    with operating() as operator:
        yield operator


@pytest.fixture
def panel(operator: Operator) -> Iterator[Panel]:
    with panel_of(operator) as panel:
        yield panel


@pytest.fixture
def http(panel: Panel) -> Iterator[httpx2.Client]:
    with panel.visitor(timeout=30) as http:
        yield http


class _Text(HTMLParser):
    """Keeps what is read of a page, by the id of the part that it stands in."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: dict[str, str] = {}
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"div", "section", "main"}:
            self._open.append(dict(attrs).get("id") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"div", "section", "main"}:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        for name in filter(None, self._open):
            self.parts[name] = self.parts.get(name, "") + data


def read(answer: httpx2.Response) -> dict[str, str]:
    """Give the text of a page by its parts, blanks aside."""
    text = _Text()
    text.feed(answer.raise_for_status().text)
    return {name: " ".join(part.split()) for name, part in text.parts.items()}


def seen(http: httpx2.Client, query: str = "") -> dict[str, str]:
    return read(http.get(f"{PAGE}{query}"))


def do(http: httpx2.Client, path: str, **form: str) -> str:
    """Press a button, and give what is told of it."""
    return read(http.post(f"{PAGE}/{path}", data=form, follow_redirects=True))["told"]


def the_id_of(operator: Operator, name: str) -> str:
    return operator.id_of(name)


def test_the_demonstration_is_where_a_newcomer_arrives(http: httpx2.Client, operator: Operator) -> None:
    assert http.get("/").headers["location"] == PAGE
    page = seen(http)

    assert "2026-01-15 09:00" in page["clock"]
    assert "The next cycle is at 2026-01-15 09:40" in page["clock"]
    assert "Provisioning runs." in page["how"]
    assert "Ada Byron" in page["people"]
    assert f"{ADA} is made at Elium." in page["wire"]
    assert f"Elium is asked whether it knows {ADA}." in page["wire"]
    assert ADA in page["accounts"]
    assert f"{len(operator.elium_site.users)} accounts: {len(operator.active)} open" in page["accounts"]


def test_the_way_to_the_page_of_the_stack_leads_there_however_the_stack_is_called(operator: Operator) -> None:
    named = f"{operator.principal}/{operator.job}"
    with running(("panel", named), operator) as panel, panel.visitor() as http:
        (way,) = re.findall('<a href="([^"]+)">The stack', http.get(PAGE).text)

        assert http.get(way).status_code == 200


def test_somebody_who_joins_has_an_account_after_the_next_cycle(http: httpx2.Client) -> None:
    told = do(http, "people/join")
    assert "Nia Okafor joins the company and Elium users." in told
    assert "At the next cycle, at 09:40" in told
    assert "Nia Okafor changed last Engineer · Engineering assigned by Elium users" in seen(http)["people"]
    assert "nia.okafor" not in seen(http)["accounts"]

    told = do(http, "time", step="cycle")

    assert "One cycle ran." in told
    assert "1 created" in told
    page = seen(http)
    assert page["accounts"].partition("closed. ")[2].startswith("nia.okafor@contoso.com changed last open")
    assert "Elium is asked whether it knows nia.okafor@contoso.com." in page["wire"]
    assert "nia.okafor@contoso.com is made at Elium. 2026-01-15 09:40 · 201 Created" in page["wire"]


def test_made_up_people_have_names_in_all_scripts_and_a_sign_in_name_of_their_own(http: httpx2.Client) -> None:
    for _ in range(9):
        do(http, "people/join")

    people = " ".join(seen(http, f"?q={name}")["people"] for name in ("nia", "somebody", "aoife"))
    assert people.count("Nia Okafor") == 2
    assert "田中 由紀" in people
    assert "ליאת אבני" in people
    assert "Aoife Ní Dhomhnaill" in people
    assert "8 created" in do(http, "time", step="cycle") or "9 created" in seen(http)["told"]


def test_who_moves_is_changed_at_elium(http: httpx2.Client, operator: Operator) -> None:
    told = do(http, "people/move", person=the_id_of(operator, EDSGER), title="Chief Editor")
    assert "Edsger Dijkstra is now Chief Editor, Knowledge." in told

    assert "1 changed" in do(http, "time", step="cycle")
    assert "Chief Editor" in seen(http)["accounts"]
    assert f"{EDSGER} gets other values at Elium: title." in seen(http)["wire"]


@pytest.mark.parametrize("way", ["leave", "disable", "delete"])
def test_who_leaves_is_closed_and_not_deleted(http: httpx2.Client, operator: Operator, way: str) -> None:
    told = do(http, f"people/{way}", person=the_id_of(operator, ALAN))
    assert "The account at Elium is disabled" in told

    assert "1 disabled" in do(http, "time", step="cycle")
    assert f"{ALAN} changed last closed" in seen(http)["accounts"]
    assert f"{ALAN} is disabled at Elium: closed, not deleted." in seen(http)["wire"]


def test_who_was_deleted_is_deleted_at_elium_when_the_bin_lets_go(http: httpx2.Client, operator: Operator) -> None:
    do(http, "people/delete", person=the_id_of(operator, ALAN))
    for _ in range(31):
        do(http, "time", step="day")

    assert ALAN not in seen(http)["accounts"]
    assert f"{ALAN}" not in operator.active


@pytest.mark.parametrize(("leave", "come"), [("leave", "enter"), ("disable", "enable")])
def test_who_comes_back_finds_the_same_account(http: httpx2.Client, operator: Operator, leave: str, come: str) -> None:
    alan = the_id_of(operator, ALAN)
    do(http, f"people/{leave}", person=alan)
    do(http, "time", step="cycle")
    do(http, f"people/{come}", person=alan)

    assert "1 enabled" in do(http, "time", step="cycle")
    assert ALAN in operator.active


def test_one_who_is_chosen_is_lit_in_all_three_without_a_script(http: httpx2.Client) -> None:
    page = seen(http, f"?who={quote(ADA)}")

    assert "Ada Byron chosen" in page["people"]
    assert re.search(rf"chosen [^.]*{re.escape(ADA)} is made at Elium", page["wire"])
    assert f"{ADA} chosen" in page["accounts"]
    assert "Ada Byron ada.byron@contoso.com" in page["chosen"]


def test_a_search_looks_at_people_and_at_accounts(http: httpx2.Client) -> None:
    page = seen(http, "?q=dijk")

    assert "Edsger Dijkstra" in page["people"]
    assert "Ada Byron" not in page["people"]
    assert "1 account found" in page["accounts"]


def test_a_day_is_told_with_all_that_happened_on_the_way(http: httpx2.Client) -> None:
    do(http, "people/join")
    told = do(http, "time", step="day")

    assert "1 day passed, to 2026-01-16 09:00. 36 cycles ran. At Elium: 1 created" in told


def test_what_was_heard_last_is_told_as_that_when_the_emulator_is_gone(
    http: httpx2.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "was heard at" not in seen(http)["how"]

    async def gone(*_: object) -> None:
        raise httpx2.ConnectError("refused")

    monkeypatch.setattr(Emulated, "changes", gone)

    told = seen(http)["how"]
    assert "The emulator does not answer: refused" in told
    assert "What follows was heard at 2026-01-15 09:00 UTC of the company's time. running" in told


def test_who_has_the_page_open_is_sent_what_changes(panel: Panel, operator: Operator) -> None:
    with panel.visitor(timeout=30) as other:
        sent = events(other, f"{PAGE}/events")
        next(one for one in sent if 'data-part="people"' in one and "Ada Byron" in one)

        operator.ask("PATCH", f"/users/{ADA}", {"jobTitle": "Countess"})

        next(one for one in sent if 'data-part="people"' in one and "Countess" in one)
        operator.cycle()
        next(one for one in sent if 'data-part="accounts"' in one and "Countess" in one)


def test_who_looks_at_one_person_is_sent_that_view(panel: Panel, operator: Operator) -> None:
    with panel.visitor(timeout=30) as other:
        sent = events(other, f"{PAGE}/events?q=edsger&who={quote(EDSGER)}")
        next(one for one in sent if 'data-part="chosen"' in one and "Edsger Dijkstra" in one)

        operator.ask("PATCH", f"/users/{EDSGER}", {"jobTitle": "Countess"})

        people = next(one for one in sent if 'data-part="people"' in one and "Countess" in one)
        assert "Ada Byron" not in people


# What breaks


@pytest.mark.parametrize("what", ["token", "down"])
def test_a_quarantine_comes_and_goes(http: httpx2.Client, operator: Operator, what: str) -> None:
    assert "the job goes into quarantine" in do(http, "break", what=what)
    do(http, "people/join")

    do(http, "time", step="cycle")

    page = seen(http)
    assert "The job is in quarantine" in page["how"]
    assert "What releases it" in page["how"]
    assert "nia.okafor" not in page["accounts"]
    assert "refused: 401" in page["wire"] if what == "token" else "refused: 500" in page["wire"]

    told = do(http, "mend")
    assert "The job is still in quarantine: restart it, or wait" in told
    assert "The quarantine has ended." in do(http, "time", step="quarantine")
    assert "Provisioning runs." in seen(http)["how"]
    assert "nia.okafor@contoso.com" in operator.active


def test_the_page_of_the_stack_counts_down_by_the_time_of_the_company(http: httpx2.Client) -> None:
    do(http, "time", step="day")
    sent = next(one for one in events(http) if "Next cycle" in one and "01-16" in one)

    assert 0 < int(re.findall(r'data-seconds="(-?\d+)"', sent)[0]) <= 40 * 60


def test_a_restart_ends_a_quarantine_at_once(http: httpx2.Client, operator: Operator) -> None:
    do(http, "break", what="token")
    do(http, "people/join")
    do(http, "time", step="cycle")
    do(http, "mend")

    assert "The job is restarted" in do(http, "restart")
    do(http, "time", step="cycle")

    assert "Provisioning runs." in seen(http)["how"]
    assert "nia.okafor@contoso.com" in operator.active


def test_a_quarantine_that_nobody_mends_is_given_up_after_four_weeks(http: httpx2.Client) -> None:
    do(http, "break", what="token")
    do(http, "time", step="cycle")

    assert "After four weeks the service gave up" in do(http, "time", step="quarantine")
    assert "The job is switched off" in seen(http)["how"]
    assert "The job does not run, so no cycle finds it mended: restart it." in do(http, "mend")
    do(http, "restart")
    do(http, "time", step="cycle")
    assert "Provisioning runs." in seen(http)["how"]


def test_a_busy_elium_delays_and_brings_no_quarantine(http: httpx2.Client, operator: Operator) -> None:
    do(http, "break", what="busy")
    do(http, "people/join")

    assert "2 refused" in do(http, "time", step="cycle")

    assert "Provisioning runs." in seen(http)["how"]
    assert "refused: 429" in seen(http)["wire"]
    do(http, "mend")
    do(http, "time", step="day")
    assert "nia.okafor@contoso.com" in operator.active


def test_a_lost_answer_makes_no_second_account(http: httpx2.Client, operator: Operator) -> None:
    do(http, "break", what="lost")
    do(http, "people/join")
    do(http, "time", step="cycle")
    assert "nia.okafor@contoso.com" in seen(http)["accounts"]

    do(http, "time", step="day")

    names = [account["userName"] for account in operator.elium_site.users]
    assert names.count("nia.okafor@contoso.com") == 1
    assert "broken" not in seen(http)["faults"].replace("Broken", "")


def test_a_name_that_is_taken_fails_those_who_join_alone(http: httpx2.Client, operator: Operator) -> None:
    do(http, "break", what="taken")
    do(http, "people/join")
    do(http, "people/move", person=the_id_of(operator, EDSGER), title="Chief Editor")
    told = do(http, "time", step="cycle")

    assert "1 changed" in told
    assert "1 refused" in told
    assert "Provisioning runs." in seen(http)["how"]
    assert "nia.okafor" not in seen(http)["accounts"]
    do(http, "break", what="taken")
    do(http, "time", step="day")
    assert "nia.okafor@contoso.com" in operator.active


def test_a_graph_that_throttles_is_told_and_stops_no_cycle(http: httpx2.Client, operator: Operator) -> None:
    operator.ask("PATCH", f"/users/{EDSGER}", {"jobTitle": "Chief Editor"})
    do(http, "break", what="throttled")

    assert "Graph answers 429 to GET /users" in seen(http, "?q=ada")["people"]
    refused = http.post(f"{PAGE}/people/join")
    assert (refused.status_code, "Graph answers 429" in refused.text) == (409, True)
    assert "1 changed" in do(http, "time", step="cycle")
    do(http, "mend")
    assert "Graph answers" not in seen(http, "?q=ada")["people"]


def test_switches_are_independent_of_each_other_and_of_what_others_set(http: httpx2.Client, operator: Operator) -> None:
    operator.served.emulator.elium.tenant("contoso").faults.clear()
    do(http, "break", what="taken")
    do(http, "break", what="throttled")
    do(http, "break", what="taken")

    faults = seen(http)["faults"]
    assert "Graph throttles broken" in faults
    assert "The user name is taken works" in faults
    assert operator.elium_site.faults == []


# What is declared


def test_a_mapping_is_written_into_the_file_and_nothing_happens_at_entra(
    http: httpx2.Client, operator: Operator
) -> None:
    file = operator.folder / "Pulumi.dev.yaml"
    file.write_text("# ours\nconfig:\n  elium:groups: [Elium users]\n", encoding="utf-8")
    before = operator.ask("GET", f"/servicePrincipals/{operator.principal}/synchronization/jobs/{operator.job}/schema")

    told = do(http, "mapping", attribute="title", expression="[department]")

    assert "Nothing happens at Entra until pulumi up" in told
    assert file.read_text(encoding="utf-8").startswith("# ours\nconfig:\n")
    assert 'title: "[department]"' in file.read_text(encoding="utf-8")
    assert before == operator.ask(
        "GET", f"/servicePrincipals/{operator.principal}/synchronization/jobs/{operator.job}/schema"
    )


def test_a_filter_is_written_and_taken_away_again(http: httpx2.Client, operator: Operator) -> None:
    file = operator.folder / "Pulumi.dev.yaml"

    file.write_text("config:\n  elium:groups: [Elium users]\n", encoding="utf-8")

    assert "lets only Sales in now" in do(http, "filter", department="Sales")
    assert "- department EQUALS Sales" in file.read_text(encoding="utf-8")
    assert "lets everybody in" in do(http, "filter", department="")
    assert "users: null" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("text", ["config: [unclosed\n", "- a list\n", "config: text\n"])
def test_a_file_that_cannot_be_read_is_told_where_it_is_edited_and_all_else_goes_on(
    http: httpx2.Client, operator: Operator, text: str
) -> None:
    (operator.folder / "Pulumi.dev.yaml").write_text(text, encoding="utf-8")

    answer = http.get(PAGE)

    assert (answer.status_code, "Provisioning runs." in answer.text) == (200, True)
    assert "Pulumi.dev.yaml" in answer.text.partition('id="declared"')[2].partition("role=")[2]


def test_a_name_as_long_as_graph_lets_it_be_joins(http: httpx2.Client) -> None:
    assert "joins the company" in do(http, "people/join", name="x" * 250)


def test_a_name_of_which_nobody_would_see_anything_is_shown_by_the_sign_in_name(http: httpx2.Client) -> None:
    do(http, "people/join", name="\u200b\u200b")

    assert "somebody@contoso.com" in seen(http)["people"]


@pytest.mark.parametrize(
    ("path", "form", "why"),
    [
        ("mapping", {"attribute": "title", "expression": "Join("}, "Join("),
        ("mapping", {"attribute": "userName", "expression": "[mail]"}, "is not mapped here"),
        ("time", {"step": "back"}, "Time does not pass so."),
        ("break", {"what": "everything"}, "There is no such fault."),
        ("people/leave", {"person": "nobody"}, "not in the directory any more"),
        ("people/join", {"group": "nobody"}, "not assigned to the app"),
    ],
)
def test_what_makes_no_sense_is_told_in_a_sentence(
    http: httpx2.Client, path: str, form: dict[str, str], why: str
) -> None:
    answer = http.post(f"{PAGE}/{path}", data=form)

    assert (answer.status_code, why in answer.text) == (409, True)


def test_a_hostile_name_is_text_everywhere(http: httpx2.Client) -> None:
    name = "<img src=x onerror=alert(1)>"
    do(http, "people/join", name=name)
    do(http, "time", step="cycle")

    page = http.get(PAGE).text
    assert "<img" not in page
    assert page.count("&lt;img src=x") >= 3


def test_no_part_has_the_token_or_the_key_of_the_emulator(
    http: httpx2.Client, panel: Panel, operator: Operator
) -> None:
    do(http, "people/join")
    do(http, "time", step="cycle")

    page = http.get(PAGE).text
    hidden = ("ELIUM_SECRET_TOKEN", "ARM_CLIENT_SECRET")
    assert [name for name in hidden if operator.environment[name] in page] == []
    assert panel.key not in page


def test_the_key_of_the_emulator_is_used_where_it_has_one(operator: Operator) -> None:
    operator.served.emulator.control_key = operator.environment["ELIUM_EMULATOR_KEY"] = "a-key-of-the-emulator"

    with panel_of(operator) as panel, panel.visitor(timeout=30) as http:
        assert "1 day passed" in do(http, "time", step="day")
        assert "a-key-of-the-emulator" not in http.get(PAGE).text


def test_people_and_requests_are_shown_fifty_at_a_time(http: httpx2.Client, operator: Operator) -> None:
    for number in range(60):
        operator.hire(f"person.{number:02}", department="Archive")
    operator.served.advance(timedelta(days=1))

    page = http.get(PAGE).text
    changed_last = 5
    assert (page.count('id="person-'), page.count('id="request-')) == (50 + changed_last, 50)
    following, earlier = (next(link for link in links_in(page) if name in link) for name in ("people=", "before="))
    assert "person.50" in http.get(following).text
    assert "person.50" not in page
    assert "204 No Content" in http.get(earlier).text.partition('id="wire"')[2]


def links_in(page: str) -> list[str]:
    return [unescape(link) for link in re.findall(r'href="([^"]+)"', page)]


def test_what_nobody_looks_at_is_read_anew_when_somebody_does(http: httpx2.Client, operator: Operator) -> None:
    seen(http, "?q=edsger")
    for title in ("Reader", "Writer", "Editor in Chief"):
        operator.ask("PATCH", f"/users/{EDSGER}", {"jobTitle": title})
        assert title in seen(http, "?q=edsger")["people"]
        seen(http)

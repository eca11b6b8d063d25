"""Plots of a report: each is Vega-Lite as plain values, with the numbers that it is of, and what it says. Pure.

Colours are the page's, and differ in luminance, so that they are told apart in grey. People are counted before they
come here: a plot is never handed people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from provisioning.commands.pages.blocks import Plot
from provisioning.commands.pages.tables import (
    ROUTES,
    SHOWN,
    accounts_table,
    actions_table,
    bins_table,
    causes_table,
    moment_of,
    standings_table,
    times_table,
    waits_table,
    words_of_bin,
)
from provisioning.commands.wording import span
from provisioning.operations.reporting.history import COUNTED, FAILED, Cause, CycleTally
from provisioning.operations.reporting.waits import Bin, Waits
from provisioning.operations.standing import Standing
from provisioning.words import counted

WIDTH, HEIGHT = 640, 220
"""Pixels; a page scales it down."""

STEP = 24
"""Pixels from one bar to the next, where bars lie below one another."""

LONGEST = 34
"""Characters of a cause in a plot; the table has it whole."""

MOST = 30
"""Tenants in a plot; the table has all."""

OUTLINE = {"stroke": "currentColor", "strokeWidth": 0.5}
"""Around each bar, since the lightest colours are near a page's white."""

FROM_YEARS_TO_MINUTES = {
    "year": "%Y",
    "quarter": "%b %Y",
    "month": "%b %Y",
    "week": "%d %b",
    "date": "%d %b",
    "day": "%d %b",
    "hours": "%H:%M",
    "minutes": "%H:%M",
    "seconds": "%H:%M",
    "milliseconds": "%H:%M",
}
"""How a moment is written on an axis: what differs from its neighbours (d3-time-format)."""

TIME = {
    "field": "at",
    "type": "temporal",
    "title": "",
    "scale": {"type": "utc"},
    "axis": {"labelOverlap": True, "format": FROM_YEARS_TO_MINUTES},
}
ONE_BY_ONE = {
    "field": "at",
    "type": "ordinal",
    "title": "",
    "axis": {"labelOverlap": True, "labelSeparation": 40, "labelExpr": "replace(datum.label, 'T', ' ')"},
}
"""A place for each: by time, bars of two that follow each other closely would hide one another.

The page's font is a third wider than the one by which labels are kept apart, so that is done with room to spare.
"""
WHOLE = {"format": ",d", "tickMinStep": 1}

GROUPS: Mapping[str, tuple[Standing, ...]] = {
    "provisioned": (Standing.PROVISIONED, Standing.QUIET),
    "waiting": (Standing.WAITING,),
    "leaving or left": (Standing.LEAVING, Standing.LEFT),
    "excluded": (Standing.EXCLUDED,),
    "failing": (Standing.FAILING,),
}
"""How people stand, in as few kinds as there are colours."""


def history_plots(cycles: Sequence[CycleTally], *, each: str) -> list[Plot]:
    """Draw what happened; *each* is what one tally is of, ``cycle`` or ``day``."""
    shown = cycles[-SHOWN:]
    return [_accounts(shown, each), _actions(shown, each)] if shown else []


def causes_plot(causes: Sequence[Cause]) -> Plot:
    """Draw why people fail."""
    values = [{"cause": _short(one.meaning), "people": len(one.people)} for one in causes]
    encoding = {
        "x": {"field": "people", "type": "quantitative", "title": "people", "axis": WHOLE},
        "y": {"field": "cause", "type": "nominal", "title": "", "sort": None, "axis": {"labelLimit": 260}},
    }
    says = f"Most fail because {causes[0].meaning} ({len(causes[0].people):,})."
    bar = {"type": "bar", "fill": _colour(COUNTED.index(FAILED)), **OUTLINE}
    chart = {**_chart(values, bar, encoding), "height": {"step": STEP}}
    return Plot(causes_table(causes), says, chart)


def waits_plot(waits: Waits) -> Plot:
    """Draw how long it took from entering the scope to the account."""
    plot = bins_plot(waits.bins)
    longest = max(waits.themselves.longest, waits.otherwise.longest)
    known = waits.themselves.people + waits.otherwise.people
    says = f"{counted(known, 'person', 'people')} had an account after {span(longest)} at most."
    return replace(plot, says=says, table=waits_table(waits))


def bins_plot(bins: Sequence[Bin]) -> Plot:
    """Draw it of people in bins, which are counted by us."""
    names = [words_of_bin(each) for each in bins]
    values = [
        {"time": names[number], "route": route, "order": ROUTES.index(route), "people": count}
        for number, each in enumerate(bins)
        for route, count in zip(ROUTES, (each.themselves, each.otherwise), strict=True)
        if count
    ]
    encoding = {
        "x": {"field": "time", "type": "ordinal", "title": "time, at most", "sort": names, "scale": {"domain": names}},
        "y": {"field": "people", "type": "quantitative", "title": "people", "axis": WHOLE},
        **_stacked("route", ROUTES, (0, 2)),
    }
    known = sum(each.themselves + each.otherwise for each in bins)
    most = max(bins, key=lambda each: each.themselves + each.otherwise)
    who = "The one person" if known == 1 else f"Of {counted(known, 'person', 'people')} most"
    says = f"{who} had an account within {words_of_bin(most)}."
    return Plot(bins_table(bins), says, _chart(values, {"type": "bar", **OUTLINE}, encoding))


def standings_plot(counts: Mapping[str, Mapping[str, int]]) -> Plot:
    """Draw how people stand, tenant by tenant: those with the most people who fail or wait first."""
    table = standings_table(counts)
    grouped = {name: _grouped(told) for name, told in counts.items()}
    worst = sorted(grouped, key=lambda name: (-grouped[name]["failing"], -grouped[name]["waiting"]))[:MOST]
    values = [
        {"tenant": name, "how": how, "order": list(GROUPS).index(how), "people": count}
        for name in worst
        for how, count in grouped[name].items()
        if count
    ]
    encoding = {
        "x": {"field": "people", "type": "quantitative", "title": "people", "axis": WHOLE},
        "y": {"field": "tenant", "type": "nominal", "title": "", "sort": worst, "axis": {"labelLimit": 200}},
        **_stacked("how", tuple(GROUPS), range(len(GROUPS))),
    }
    failing = [name for name in grouped if grouped[name]["failing"]]
    says = f"People fail in {len(failing):,} of {counted(len(grouped), 'tenant')}."
    if len(grouped) > MOST:
        says += f" Drawn are the {MOST} in which most fail or wait."
    chart = _chart(values, {"type": "bar", **OUTLINE}, encoding)
    return Plot(table, says, {**chart, "height": {"step": STEP}})


def closing_plot(closed: Sequence[tuple[str, int]]) -> Plot:
    """Draw how many accounts were shown to be closed, minute by minute: moments in ISO 8601 and UTC, with counts."""
    values = [{"at": at, "people": count} for at, count in closed]
    line = {"type": "line", "stroke": _colour(0), "interpolate": "step-after", "point": {"fill": _colour(0)}}
    y = {"field": "people", "type": "quantitative", "title": "accounts closed", "axis": WHOLE}
    last, count = closed[-1]
    says = f"{counted(count, 'account was', 'accounts were')} closed, the last at {last.replace('T', ' ')} UTC."
    return Plot(times_table(closed), says, _chart(values, line, {"x": TIME, "y": y}))


def _accounts(cycles: Sequence[CycleTally], each: str) -> Plot:
    values = [{"at": moment_of(one), "accounts": one.accounts} for one in cycles]
    line = {"type": "line", "stroke": _colour(0), "interpolate": "step-after", "point": {"fill": _colour(0)}}
    y = {"field": "accounts", "type": "quantitative", "title": "open accounts", "axis": WHOLE}
    first = f"{cycles[0].accounts:,} after the first of {len(cycles):,} {each}s, " if len(cycles) > 1 else ""
    says = f"Open accounts: {first}{cycles[-1].accounts:,} now."
    return Plot(accounts_table(cycles, each), says, _chart(values, line, {"x": TIME, "y": y}))


def _actions(cycles: Sequence[CycleTally], each: str) -> Plot:
    values = [
        {"at": moment_of(one), "what": what, "order": COUNTED.index(what), "people": one.counts[what]}
        for one in cycles
        for what in COUNTED
        if one.counts[what]
    ]
    encoding = {
        "x": ONE_BY_ONE,
        "y": {"field": "people", "type": "quantitative", "title": "people", "axis": WHOLE},
        **_stacked("what", COUNTED, range(len(COUNTED))),
    }
    bar = {"type": "bar", **OUTLINE}
    totals = {what: sum(one.counts[what] for one in cycles) for what in COUNTED}
    says = "People " + ", ".join(f"{what} {count:,}" for what, count in totals.items() if count) + "."
    return Plot(actions_table(cycles, each), says, _chart(values, bar, encoding))


def _stacked(field: str, kinds: Sequence[str], colours: Sequence[int]) -> dict[str, Any]:
    """Colour what lies on one another, in the order of its kinds."""
    scale = {"domain": list(kinds), "range": [_colour(number) for number in colours]}
    return {
        "fill": {"field": field, "type": "nominal", "title": "", "scale": scale, "sort": list(kinds)},
        "order": {"field": "order", "type": "quantitative"},
    }


def _chart(values: Sequence[dict[str, Any]], mark: dict[str, Any], encoding: dict[str, Any]) -> dict[str, Any]:
    return {"data": {"values": values}, "mark": mark, "encoding": encoding, "width": WIDTH, "height": HEIGHT}


def _grouped(counts: Mapping[str, int]) -> dict[str, int]:
    return {how: sum(counts.get(each.value, 0) for each in standings) for how, standings in GROUPS.items()}


def _colour(number: int) -> str:
    return f"var(--mark-{number})"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"

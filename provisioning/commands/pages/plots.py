"""Plots of a report as SVG, in the page's own colours, each with its numbers as a table beside it.

Each is a Vega-Lite specification, which vl-convert draws without a browser. Its colours go into the picture as they are
written, so ``currentColor`` and ``var(--mark-0)`` follow the page, light, dark and printed. They differ in luminance,
so that they are told apart in grey.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import vl_convert

from provisioning.commands.pages.tables import SHOWN, Table, accounts_table, actions_table, causes_table, moment_of
from provisioning.operations.reporting.history import COUNTED, FAILED, Cause, CycleTally

WIDTH, HEIGHT = 640, 220
"""Pixels; a page scales it down."""

LONGEST = 34
"""Characters of a cause in a plot; the table has it whole."""

OUTLINE = {"stroke": "currentColor", "strokeWidth": 0.5}
"""Around each bar, since the lightest colours are near a page's white."""

TIME = {"field": "at", "type": "temporal", "title": "", "scale": {"type": "utc"}, "axis": {"labelOverlap": True}}
WHOLE = {"format": ",d", "tickMinStep": 1}

INK = "currentColor"
LOOKS: dict[str, Any] = {
    "background": "transparent",
    # The page's font is wider than the one by which room for labels is measured.
    "padding": {"left": 24, "right": 12, "top": 8, "bottom": 8},
    "view": {"stroke": None},
    "axis": {
        **dict.fromkeys(("labelColor", "titleColor", "domainColor", "tickColor", "gridColor"), INK),
        "gridOpacity": 0.15,
        "labelAngle": 0,
    },
    "legend": {"labelColor": INK, "titleColor": INK, "orient": "top"},
}


@dataclass(frozen=True, slots=True)
class Plot:
    """A picture, and the numbers that it is of."""

    svg: str
    says: str
    """What is to be seen, in a sentence, for those who do not see it."""
    table: Table


def plots_of(cycles: Sequence[CycleTally], causes: Sequence[Cause]) -> list[Plot]:
    """Draw what there is something to draw of."""
    shown = cycles[-SHOWN:]
    drawn = [_accounts(shown), _actions(shown)] if shown else []
    return [*drawn, *([_causes(causes)] if causes else [])]


def _accounts(cycles: Sequence[CycleTally]) -> Plot:
    values = [{"at": moment_of(each), "accounts": each.accounts} for each in cycles]
    line = {"type": "line", "stroke": _colour(0), "interpolate": "step-after", "point": {"fill": _colour(0)}}
    y = {"field": "accounts", "type": "quantitative", "title": "open accounts", "axis": WHOLE}
    first = f"{cycles[0].accounts:,} after the first of {len(cycles):,} cycles, " if len(cycles) > 1 else ""
    says = f"Open accounts: {first}{cycles[-1].accounts:,} now."
    return Plot(_svg(values, line, {"x": TIME, "y": y}, says), says, accounts_table(cycles))


def _actions(cycles: Sequence[CycleTally]) -> Plot:
    values = [
        {"at": moment_of(each), "what": what, "order": COUNTED.index(what), "people": each.counts[what]}
        for each in cycles
        for what in COUNTED
        if each.counts[what]
    ]
    scale = {"domain": COUNTED, "range": [_colour(number) for number in range(len(COUNTED))]}
    encoding = {
        "x": TIME,
        "y": {"field": "people", "type": "quantitative", "title": "people", "axis": WHOLE},
        "fill": {"field": "what", "type": "nominal", "title": "", "scale": scale, "sort": COUNTED},
        "order": {"field": "order", "type": "quantitative"},
    }
    bar = {"type": "bar", "size": max(4, min(18, WIDTH // (2 * len(cycles)))), **OUTLINE}
    totals = {what: sum(each.counts[what] for each in cycles) for what in COUNTED}
    says = "People " + ", ".join(f"{what} {count:,}" for what, count in totals.items() if count) + "."
    return Plot(_svg(values, bar, encoding, says), says, actions_table(cycles))


def _causes(causes: Sequence[Cause]) -> Plot:
    values = [{"cause": _short(each.meaning), "people": len(each.people)} for each in causes]
    encoding = {
        "x": {"field": "people", "type": "quantitative", "title": "people", "axis": WHOLE},
        "y": {"field": "cause", "type": "nominal", "title": "", "sort": None, "axis": {"labelLimit": 260}},
    }
    says = f"Most fail because {causes[0].meaning} ({len(causes[0].people):,})."
    bar = {"type": "bar", "fill": _colour(COUNTED.index(FAILED)), **OUTLINE}
    return Plot(_svg(values, bar, encoding, says), says, causes_table(causes))


def _svg(values: Sequence[dict[str, Any]], mark: dict[str, Any], encoding: dict[str, Any], says: str) -> str:
    """Draw it, with what it says where a screen reader finds it: a description does not reach the root by itself."""
    size = {"width": WIDTH, "height": HEIGHT}
    drawn: str = vl_convert.vegalite_to_svg(
        {"data": {"values": values}, "mark": mark, "encoding": encoding, "config": LOOKS, **size}
    )
    return drawn.replace("<svg ", f'<svg role="img" aria-label="{html.escape(says)}" ', 1)


def _colour(number: int) -> str:
    return f"var(--mark-{number})"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"

"""Plots as SVG, in the page's own colours, drawn by vl-convert without a browser.

Colours go into the picture as they are written, so ``currentColor`` and ``var(--mark-0)`` follow the page, light, dark
and printed.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

import vl_convert

INK = "currentColor"

LOOKS: Mapping[str, Any] = {
    "background": "transparent",
    # The page's font is wider than the one by which room for labels is measured.
    "padding": {"left": 24, "right": 12, "top": 8, "bottom": 8},
    "view": {"stroke": None},
    "axis": {
        **dict.fromkeys(("labelColor", "titleColor", "domainColor", "tickColor", "gridColor"), INK),
        "gridOpacity": 0.15,
        "labelAngle": 0,
    },
    "legend": {"labelColor": INK, "titleColor": INK, "orient": "top", "columnPadding": 36},
}


def svg_of(chart: Mapping[str, Any], says: str) -> str:
    """Draw it, with what it says where a screen reader finds it: a description does not reach the root by itself."""
    drawn: str = vl_convert.vegalite_to_svg({**chart, "config": LOOKS})
    return drawn.replace("<svg ", f'<svg role="img" aria-label="{html.escape(says)}" ', 1)

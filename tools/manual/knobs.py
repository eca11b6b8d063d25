"""The page ``docs/reference/knobs.md``: what is not known of the service, out of the docstrings of the knobs."""

from __future__ import annotations

from dataclasses import fields

from emulator.moods.graph_knobs import GraphKnobs
from emulator.moods.knobs import Knobs
from provisioning.docstrings import below_members, in_markdown

_HEAD = """# Knobs: what is not known about the service

Where Microsoft's documents contradict each other or are silent, the emulator has a switch.
The default is what is documented best.
This page is written by `make docs`.

## The provisioning service

`Emulator(knobs=Knobs(…))`; `from emulator import Knobs`.
"""
_OF_GRAPH = """
## Graph

`Emulator(graph_knobs=GraphKnobs(…))`; `from emulator.moods.graph_knobs import GraphKnobs`.
"""


def page() -> str:
    """Write the page."""
    return "\n".join([_HEAD, *_table(Knobs), _OF_GRAPH, *_table(GraphKnobs), ""])


def _table(of: type) -> list[str]:
    told = below_members(of)
    rows = [f"| `{knob.name}` | `{_written(knob.default)}` | {in_markdown(told[knob.name])} |" for knob in fields(of)]
    return ["| knob | default | what is known |", "|---|---|---|", *rows]


def _written(value: object) -> str:
    return ", ".join(str(item) for item in value) if isinstance(value, tuple) else str(value)

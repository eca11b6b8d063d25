"""How the service differs from what the last ``up`` declared, in sentences: what a refresh would write down.

A preview answers another question (:attr:`provisioning.provider.preview.Preview.is_drift`): what the configuration says
*now* is what it plans from, and it speaks of drift only where that is what was applied last. So it needs settings that
can be read, and the token; it names what would be done, and cannot tell somebody's edit of the file from somebody's
change at the service. ``elium doctor`` asks here, because it must tell drift while the file is being edited, is wrong
or is not there. It is handed this function, since the shape of the inputs in the state is the provider's alone, which
lies above the floor of operations.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from provisioning.model.identifiers import JobAddress
from provisioning.model.observed import Observed
from provisioning.provider.properties import Plain
from provisioning.provider.readback import DEFAULTS, inputs_of

NOT_HELD = frozenset({"secretToken", "assignments"})
"""Inputs that are not compared here: the token cannot be, and who is assigned is told by name."""


def drift_of(address: JobAddress, observed: Observed, declared: Mapping[str, Any]) -> Sequence[str]:
    """Tell what is not as it was declared, a clause each; nothing when all is."""
    inputs = {name: value for name, value in declared.items() if not name.startswith("__")}
    held = inputs_of(address, observed, inputs)
    return (*_differences(_compared(inputs), _compared(held), ""), *_assignments(inputs.get("assignments"), observed))


def _compared(inputs: Plain) -> Plain:
    return {name: value for name, value in {**DEFAULTS, **inputs}.items() if name not in NOT_HELD}


def _differences(declared: Plain, held: Plain, place: str) -> Iterator[str]:
    for name in sorted({*declared, *held}):
        was, now = declared.get(name), held.get(name)
        if isinstance(was, dict) and isinstance(now, dict):
            yield from _differences(was, now, f"{place}{name}.")
        elif was != now:
            yield f"{place}{name} is {_shown(now)}, and was {_shown(was)}"


def _assignments(declared: Sequence[Mapping[str, str]] | None, observed: Observed) -> Iterator[str]:
    """Tell who is assigned besides, or no more. Where nothing was declared, there is nothing to differ from."""
    if declared is None:
        return
    wanted = {each["principalId"]: each.get("name") or each["principalId"] for each in declared}
    assigned = {each.principal: each.name for each in observed.assignments}
    yield from (f"{name} is not assigned any more" for principal, name in wanted.items() if principal not in assigned)
    yield from (f"{name} is assigned besides" for principal, name in assigned.items() if principal not in wanted)


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

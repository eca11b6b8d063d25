"""What the state of a job remembers for the next run, as one value under the output ``notes``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from provisioning.planning.wording import THE_APP
from provisioning.provider.properties import Plain

NOTES = "notes"


@dataclass(frozen=True, slots=True)
class Notes:
    """What is due, and what was seen."""

    is_unfinished: bool = False
    """Whether steps of the last plan were not taken."""
    restart_is_due: bool = False
    """Whether the scope changed without the restart that belongs to it."""
    schema_seen: str = ""
    """What the schema meant when it was last read or saved; a version, in states of earlier releases."""
    left_in: str = ""
    """The cycle that was the last one when people were last taken out: until another has begun, they are active."""
    app: str = THE_APP
    """What the plan called the app, for a destroy, which asks no plan."""

    @classmethod
    def of(cls, state: Plain) -> Notes:
        """Read them; those of earlier releases are outputs of their own."""
        held: dict[str, Any] = state.get(NOTES) or {}
        earlier = "" if state.get("schemaIsOurs") else str(state.get("schemaVersion") or "")
        return cls(
            is_unfinished=bool(held.get("unfinished") or state.get("unfinished")),
            restart_is_due=bool(held.get("restartIsDue") or state.get("restartIsDue")),
            left_in=str(held.get("leftIn") or ""),
            app=str(held.get("app") or THE_APP),
            schema_seen=str(held.get("schemaSeen") or ("" if NOTES in state else earlier)),
        )

    def outputs(self) -> Plain:
        """Write them as an output."""
        held: Plain = {"schemaSeen": self.schema_seen} if self.schema_seen else {}
        held |= {"unfinished": True} if self.is_unfinished else {}
        held |= {"restartIsDue": True} if self.restart_is_due else {}
        held |= {"leftIn": self.left_in} if self.left_in else {}
        held |= {"app": self.app} if self.app != THE_APP else {}
        return {NOTES: held}

    def seeing(self, meaning: str) -> Notes:
        """Remember a schema that was read or saved."""
        return replace(self, schema_seen=meaning)

"""What is being taken down, on disk, so that whoever is killed goes on.

After the unassignment Graph cannot tell any more who they were, and once the job is gone nobody can.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from provisioning.errors import ConfigurationError
from provisioning.operations.teardown.plan import Plan, Step

FOLDER = Path(".state") / "teardown"
"""Below the project's folder."""

VERSION = 1


@dataclass(frozen=True, slots=True)
class StepDone:
    """A step that was taken."""

    step: Step
    at: datetime


@dataclass(frozen=True, slots=True)
class Journal:
    """A teardown on its way."""

    plan: Plan
    """As it was accepted, with what is known meanwhile of each person."""
    began: datetime
    done: tuple[StepDone, ...] = ()
    restarted: tuple[str, ...] = ()
    """What the job was made to forget for it (``Watermark``, ``ForceDeletes``), so that it is not told twice."""
    last_cycle: datetime | None = None
    """When the cycle began that was the last one when closing began; another one is noticed by that."""
    finished: datetime | None = None
    notes: tuple[str, ...] = ()
    """What came up on the way."""
    version: int = VERSION

    def has(self, step: Step) -> bool:
        """Tell whether a step was taken."""
        return any(one.step is step for one in self.done)

    def with_done(self, step: Step, at: datetime) -> Journal:
        """Note a step."""
        return replace(self, done=(*self.done, StepDone(step, at)))

    def going_on_with(self, plan: Plan) -> Journal:
        """Go on with a plan that was made anew. Whoever came back since is closed like the others.

        Then what was done to close accounts does not count any more: not the cycle that was seen either.
        """
        is_anew = self.has(Step.UNASSIGN) and (
            len(plan.assignments) > len(self.plan.assignments) or (bool(plan.open_people) and self.has(Step.CLOSE))
        )
        if not is_anew:
            return replace(self, plan=plan)
        done = tuple(one for one in self.done if one.step is Step.NARROW)
        return replace(self, plan=plan, done=done, restarted=(), last_cycle=None)


_FORM = TypeAdapter(Journal)


@dataclass(frozen=True, slots=True)
class JournalFile:
    """Where the journal of one stack lies. It has names and addresses of people, so nobody else may read it."""

    path: Path

    @classmethod
    def of(cls, stack: str, folder: Path) -> JournalFile:
        """Find it below the project's folder."""
        return cls(folder / FOLDER / f"{re.sub(r'[^A-Za-z0-9._@-]+', '_', stack)}.json")

    def read(self) -> Journal | None:
        """Read it; ``None`` when there is none.

        :raises ConfigurationError: when it cannot be read, which nobody may take for having none.
        """
        try:
            return _FORM.validate_json(self.path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValidationError) as error:
            raise ConfigurationError(
                f"The journal of an earlier teardown, {self.path}, cannot be read: {type(error).__name__}.",
                hint="Give it back its permissions, or put it back from a copy; it says who was taken out so far.",
            ) from error

    def newest(self) -> Journal | None:
        """Read the last one: this, or where there is none the one that was put aside last.

        :raises ConfigurationError: when it cannot be read.
        """
        aside = re.compile(re.escape(self.path.stem) + r"\.\d{8}T\d{6}\.json")
        kept = (file for file in self.path.parent.glob("*.json") if aside.fullmatch(file.name))
        last = max(kept, key=lambda file: file.name, default=self.path)
        return self.read() or replace(self, path=last).read()

    def write(self, journal: Journal) -> None:
        """Write it so that it is there whole or as before, whatever happens meanwhile.

        :raises ConfigurationError: when it cannot be written; whoever goes on without it could not go on after a kill.
        """
        beside = self.path.with_suffix(".new")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(_FORM.dump_json(journal, indent=1))
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self.path)
        except OSError as error:
            raise ConfigurationError(
                f"The journal {self.path} cannot be written: {error.strerror}. Nothing more was done.",
                hint="Make its folder writable, and repeat the command.",
            ) from error

    def put_aside(self, journal: Journal) -> Path:
        """Keep the journal of a teardown that is over under its date, since the stack was deployed again."""
        ended = journal.finished or journal.began
        return self.path.replace(self.path.with_suffix(f".{ended:%Y%m%dT%H%M%S}.json"))

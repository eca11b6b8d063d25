"""A clone on a machine that is made of answers: which program says what, and what was asked."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tools.places import Clone
from tools.setup.commands import CANNOT_RUN, Ended
from tools.setup.context import Context
from tools.setup.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tools.setup.commands import Command

    Answer = Ended | Callable[[list[str]], Ended]


@dataclass(slots=True)
class Machine:
    """Answers commands by the first words they contain; what is not known cannot be run."""

    answers: Mapping[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    environments: list[Mapping[str, str]] = field(default_factory=list)

    def __call__(
        self, command: Command, *, within: float, environment: Mapping[str, str], where: Path | None = None
    ) -> Ended:
        """Answer *command*."""
        assert within > 0
        words = [str(word) for word in command]
        line = " ".join(words) if where is None else f"{where.name}: {' '.join(words)}"
        self.asked.append(line)
        self.environments.append(environment)
        answer = next((answer for known, answer in self.answers.items() if known in line), None)
        if answer is None:
            return Ended(CANNOT_RUN, f"{words[0]}: not there")
        return answer if isinstance(answer, Ended) else answer(words)


def says(text: str) -> Ended:
    """Answer with *text*."""
    return Ended(0, text)


def fails(text: str) -> Ended:
    """Fail with *text*."""
    return Ended(1, text)


def a_program(file: Path, content: str = "#!/bin/sh\n") -> Path:
    """Put a program that can be run into *file*."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content, encoding="utf-8")
    file.chmod(0o755)
    return file


def a_context(
    folder: Path, answers: Machine | Mapping[str, Answer] | None = None, environment: Mapping[str, str] | None = None
) -> Context:
    """Return a clone and a cache below *folder* on a machine that has nothing on ``PATH``."""
    machine = answers if isinstance(answers, Machine) else Machine(answers or {})
    root = folder / "clone"
    root.mkdir(parents=True, exist_ok=True)
    (root / "uv.lock").write_text('[[package]]\nname = "pulumi-azuread"\nversion = "6.11.1"\n', encoding="utf-8")
    cache = folder / "cache"
    cache.mkdir(exist_ok=True)
    ticks = iter(range(1000))
    progress = Progress(io.StringIO(), lambda: float(next(ticks)))
    return Context(Clone(root), cache, environment or {"PATH": ""}, machine, progress)


def asked_of(context: Context) -> list[str]:
    """Return the commands that were run."""
    assert isinstance(context.run, Machine)
    return context.run.asked


def printed_by(context: Context) -> list[str]:
    """Return the lines that were printed."""
    assert isinstance(context.progress.out, io.StringIO)
    return context.progress.out.getvalue().splitlines()

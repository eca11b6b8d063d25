"""Help that teaches: what it does, then examples, then the options. Verbs are imported when they are used."""

from __future__ import annotations

import threading
from importlib import import_module
from typing import Any, cast

import typer
import typer.core
import typer.main

from provisioning.commands.verbs import GROUPS, VERBS, Example, Verb

FIRST = (
    Example("elium doctor dev", "whether everything is in place"),
    Example("elium status dev", "how the stack dev is doing"),
    Example("elium wait dev", "until its first cycle has ended"),
    Example("elium explain dev ada@contoso.com", "why Ada is, or is not, at Elium"),
    Example("elium logs dev --result failure", "what failed"),
    Example("elium status --help", "more about a verb"),
)
MORE = (
    "Exit codes: 0 done, 2 wrong input, 3 sign-in, 4 refused, 5 Graph, 6 quarantine, 7 still waiting; the manual has \
them all, on the page of this command."
)


IMPORTING = threading.Lock()
"""For one thread at a time: of modules that import each other, Python hands one half done to a second thread."""


class VerbCommand(typer.core.TyperCommand):
    """A verb whose help shows examples first."""

    verb: Verb

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - typer does not export the types
        """Write the help."""
        self.format_usage(ctx, formatter)
        self.format_help_text(ctx, formatter)
        _write_examples(formatter, self.verb.examples)
        self.format_options(ctx, formatter)


class Verbs(typer.core.TyperGroup):
    """The verbs of the table; the module of one is imported when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401 - as above
        """Give their names; those of two words are one group's."""
        del ctx
        return list(dict.fromkeys(name.partition(" ")[0] for name in VERBS))

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401 - as above
        """Give one; ``None`` when there is none of this name."""
        del ctx
        if cmd_name in GROUPS:
            return VerbsOfGroup(name=cmd_name, help=GROUPS[cmd_name])
        return command_of(cmd_name, VERBS[cmd_name]) if cmd_name in VERBS else None

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - as above
        """Write the help, from the tables alone."""
        self.format_usage(ctx, formatter)
        self.format_help_text(ctx, formatter)
        _write_examples(formatter, FIRST)
        with formatter.section("Verbs"):
            alone = [(name, GROUPS.get(name) or VERBS[name].summary) for name in self.list_commands(ctx)]
            formatter.write_dl(alone)
        told = (each.get_help_record(ctx) for each in self.get_params(ctx))
        with formatter.section("Options"):
            formatter.write_dl([record for record in told if record])
        formatter.write_paragraph()
        formatter.write_text(MORE)


class VerbsOfGroup(typer.core.TyperGroup):
    """The verbs that begin with the group's word."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401 - as above
        """Give their second words."""
        del ctx
        return [name.partition(" ")[2] for name in VERBS if name.startswith(f"{self.name} ")]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401 - as above
        """Give one; ``None`` when there is none of this name."""
        del ctx
        name = f"{self.name} {cmd_name}"
        return command_of(name, VERBS[name]) if name in VERBS else None

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - as above
        """Write the help, from the tables alone."""
        self.format_usage(ctx, formatter)
        self.format_help_text(ctx, formatter)
        verbs = [(name, VERBS[f"{self.name} {name}"]) for name in self.list_commands(ctx)]
        _write_examples(formatter, tuple(verb.examples[0] for _, verb in verbs))
        with formatter.section("Verbs"):
            formatter.write_dl([(name, verb.summary) for name, verb in verbs])


def command_of(name: str, verb: Verb) -> VerbCommand:
    """Make the command of a verb out of its function."""
    single = typer.Typer(add_completion=False, rich_markup_mode=None)
    *rooms, last = name.replace("-", "_").split(" ")
    with IMPORTING:
        function = getattr(import_module(".".join(("provisioning.commands", *rooms, last))), last)
    single.command(name.rpartition(" ")[2], cls=VerbCommand, help=verb.summary)(function)
    command = cast("VerbCommand", typer.main.get_command(single))
    command.verb = verb
    return command


def _write_examples(formatter: Any, examples: tuple[Example, ...]) -> None:  # noqa: ANN401 - as above
    with formatter.section("Examples"):
        formatter.write_dl([(example.line, example.purpose) for example in examples], col_max=60)

"""Help that teaches: what it does, then examples, then the options. Verbs are imported when they are used."""

from __future__ import annotations

from importlib import import_module
from typing import Any, cast

import typer
import typer.core
import typer.main

from provisioning.commands.verbs import VERBS, Example, Verb

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
them all: docs/reference/commands.md."
)


class VerbCommand(typer.core.TyperCommand):
    """A verb whose help shows examples first."""

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - typer does not export the types
        """Write the help."""
        self.format_usage(ctx, formatter)
        self.format_help_text(ctx, formatter)
        _write_examples(formatter, VERBS[self.name or ""].examples)
        self.format_options(ctx, formatter)


class Verbs(typer.core.TyperGroup):
    """The verbs of the table; the module of one is imported when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401 - as above
        """Give their names."""
        del ctx
        return list(VERBS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401 - as above
        """Give one; ``None`` when there is none of this name."""
        del ctx
        return command_of(cmd_name, VERBS[cmd_name]) if cmd_name in VERBS else None

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - as above
        """Write the help, from the table alone."""
        self.format_usage(ctx, formatter)
        self.format_help_text(ctx, formatter)
        _write_examples(formatter, FIRST)
        with formatter.section("Verbs"):
            formatter.write_dl([(name, verb.summary) for name, verb in VERBS.items()])
        told = (each.get_help_record(ctx) for each in self.get_params(ctx))
        with formatter.section("Options"):
            formatter.write_dl([record for record in told if record])
        formatter.write_paragraph()
        formatter.write_text(MORE)


def command_of(name: str, verb: Verb) -> VerbCommand:
    """Make the command of a verb out of its function."""
    single = typer.Typer(add_completion=False, rich_markup_mode=None)
    function = getattr(import_module(f"provisioning.commands.{name.replace('-', '_')}"), name.replace("-", "_"))
    single.command(name, cls=VerbCommand, help=verb.summary)(function)
    return cast("VerbCommand", typer.main.get_command(single))


def _write_examples(formatter: Any, examples: tuple[Example, ...]) -> None:  # noqa: ANN401 - as above
    with formatter.section("Examples"):
        formatter.write_dl([(example.line, example.purpose) for example in examples], col_max=60)

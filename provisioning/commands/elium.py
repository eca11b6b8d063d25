"""``elium``: the command's door. Words come in; an exit code and, where something went wrong, sentences go out."""

from __future__ import annotations

import os
import sys
import threading
import traceback
from collections.abc import Sequence
from difflib import get_close_matches
from importlib import metadata
from itertools import pairwise
from typing import Annotated

import typer
import typer.main

from provisioning import errors
from provisioning.commands.exit_codes import ExitCode
from provisioning.commands.helping import Verbs
from provisioning.commands.surroundings import Surroundings
from provisioning.commands.verbs import GROUPS, VERBS
from provisioning.errors import ProvisioningError

app = typer.Typer(
    cls=Verbs,
    name="elium",
    help="Watch, explain and steer the provisioning of a stack, from Microsoft Entra ID into Elium.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

EXTRAS = {
    **dict.fromkeys(("dbos", "junitparser", "psutil", "psycopg"), "fleet"),
    **dict.fromkeys(("jinja2", "starlette", "uvicorn", "watchfiles"), "panel"),
}
"""By the name of what is imported: the extra of the package that brings it."""


def _show_version(context: typer.Context, *, is_asked: bool) -> None:
    if is_asked:
        context.obj.screen.show(f"elium {metadata.version('elium-provisioning')}")
        raise typer.Exit


Version = Annotated[
    bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
]


@app.callback()
def _elium(*, version: Version = False) -> None:
    """Carry no options of its own but this one, which is answered before."""
    del version


def main() -> None:
    """Run the command line of this process."""
    try:
        code = run(sys.argv[1:], Surroundings.real())
        sys.stdout.flush()
    except BrokenPipeError:
        # Nobody reads any more, so nobody can be told.
        code = ExitCode.OTHER
    if code == ExitCode.INTERRUPTED or any(_is_at_work(thread) for thread in threading.enumerate()):
        # What they wait for nobody wants any more, and Python would wait for them.
        os._exit(code)
    sys.exit(code)


def _is_at_work(thread: threading.Thread) -> bool:
    return not thread.daemon and thread is not threading.main_thread()


def run(arguments: Sequence[str], surroundings: Surroundings) -> int:
    """Run one command line and give its exit code. With ``--json``, an error is a document on stdout."""
    is_json = "--json" in arguments
    try:
        ended = typer.main.get_command(app).main(
            _or_help(arguments), prog_name="elium", standalone_mode=False, obj=surroundings
        )
    except ProvisioningError as error:
        return _failed(error, surroundings, is_json=is_json)
    except ModuleNotFoundError as error:
        if not (extra := EXTRAS.get((error.name or "").partition(".")[0])):
            return _bug(error, surroundings, is_json=is_json)
        return _failed(_wanting(extra, error), surroundings, is_json=is_json)
    except typer.TyperException as error:
        return _failed(_misspelt(error, arguments), surroundings, is_json=is_json)
    except Exception as error:  # noqa: BLE001 - the boundary: a bug is told like any other error
        return _bug(error, surroundings, is_json=is_json)
    code = ended if isinstance(ended, int) else ExitCode.OK
    if code == ExitCode.INTERRUPTED:
        surroundings.screen.tell(f"Stopped. {_told_when_stopped(arguments)}")
    return code


def _or_help(arguments: Sequence[str]) -> list[str]:
    """Take the command alone, or a group of verbs alone, for the question what there is."""
    is_question = not arguments or (len(arguments) == 1 and arguments[0] in GROUPS)
    return [*arguments, *(["--help"] if is_question else [])]


def _bug(error: Exception, surroundings: Surroundings, *, is_json: bool) -> int:
    surroundings.screen.tell("".join(traceback.format_exception(error)).rstrip())
    bug = ProvisioningError(f"This is a bug: {type(error).__name__}: {error}", hint="Report it, with what is above.")
    return _failed(bug, surroundings, is_json=is_json)


def _wanting(extra: str, error: ModuleNotFoundError) -> ProvisioningError:
    """Say which part of the package was not installed."""
    return errors.ConfigurationError(
        f"This needs the extra {extra} of elium-provisioning, which is not installed: {error.name} is not there.",
        hint=errors.installing(extra),
    )


def _failed(error: ProvisioningError, surroundings: Surroundings, *, is_json: bool) -> int:
    """Tell an error: what, where, Graph's request id, and what to do next."""
    screen, where = surroundings.screen, error.asked or surroundings.stack
    if is_json:
        screen.document({"error": told_of(error, where)})
        return error.exit_code
    screen.tell(f"error: {error.message}")
    more = {"where": where, "request": error.request_id, "next": error.hint, "more": error.learn_more}
    for name, text in more.items():
        if text:
            screen.tell(f"  {name}: {text}")
    return error.exit_code


def told_of(error: ProvisioningError, where: str) -> dict[str, object]:
    """Write an error as JSON has it."""
    return {
        "code": error.exit_code,
        "kind": kind_of(error),
        "message": error.message,
        "hint": error.hint,
        "requestId": error.request_id,
        "where": where,
    }


def kind_of(error: ProvisioningError) -> str:
    """Name the error as the manual does: by its class, or the documented one that it is a kind of."""
    return next(kind.__name__ for kind in type(error).__mro__ if kind.__module__ == errors.__name__)


def _misspelt(error: typer.TyperException, arguments: Sequence[str]) -> ProvisioningError:
    """Say what is wrong with a command line."""
    verb = _verb_in(arguments)
    said_as = " ".join(arguments[: 2 if arguments and arguments[0] in GROUPS else 1])
    near = get_close_matches(said_as, VERBS, n=1)
    meant = f"Did you mean {near[0]}? " if near and not verb else ""
    said = getattr(error, "format_message", lambda: str(error) or "The command line cannot be understood.")()
    return errors.ConfigurationError(said, hint=f"{meant}Look: {' '.join(filter(None, ('elium', verb, '--help')))}")


def _told_when_stopped(arguments: Sequence[str]) -> str:
    verb = _verb_in(arguments)
    return VERBS[verb].when_stopped if verb else ""


def _verb_in(arguments: Sequence[str]) -> str:
    """Find the verb, of one word or of two; empty when there is none."""
    pairs = (f"{first} {second}" for first, second in pairwise(arguments))
    return next((words for words in (*pairs, *arguments) if words in VERBS), "")

"""``python -m scripts.onboard VERB``: what each step of the files in ``pipelines/`` runs.

Results lie in a folder, ``out`` unless it is named: ``VERB.md`` to read, ``results.xml`` for the platform's tests, and
``plan.json`` or ``teardown.json``, the checksums of what was shown. Nothing of it is a secret; plans and journals have
names of people.
"""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from provisioning.commands.exit_codes import ExitCode
from provisioning.errors import ConfigurationError, ProvisioningError
from scripts.onboard.azure import Azure
from scripts.onboard.fleet_command import FleetCommand, checksums_in, only_of
from scripts.onboard.github import GitHub
from scripts.onboard.gitlab import GitLab
from scripts.onboard.journals import kept
from scripts.onboard.platforms import NoPlatform, Platform, run_program
from tools.errors import SetUpError

Only: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--only", metavar="NAME|LABEL=VALUE", help="These tenants; an empty word is all. Repeatable."),
]
Into: TypeAlias = Annotated[Path, typer.Option("--into", metavar="FOLDER", help="The folder of the results.")]
Tenants: TypeAlias = Annotated[str, typer.Option("--tenants", metavar="FILE", help="The file of tenants.")]
AtOnce: TypeAlias = Annotated[int, typer.Option("--at-once", metavar="N", min=1, help="How many at a time.")]

OUT, FILE = Path("out"), "tenants.yaml"

CHECKSUM = "ELIUM_CHECKSUM"
"""What is handed to later steps and jobs: the checksum of what was shown."""

app = typer.Typer(
    help="Many tenants from a pipeline: a plan below the pull request, and exactly that after the approval.",
    epilog="The page is docs/how-to/onboard-from-a-pipeline.md; ready files are in pipelines/.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.command()
def plan(
    *,
    only: Only = None,
    tenants: Tenants = FILE,
    at_once: AtOnce = 4,
    comment: Annotated[
        bool, typer.Option("--comment", help="Put it below the pull request whose run this is.")
    ] = False,
    into: Into = OUT,
) -> None:
    """Show what would be done, and keep its checksums in plan.json. An identity that only reads is enough.

    A comment is replaced by the next run's; where --only chooses tenants it is one for each choice.
    """
    fleet = FleetCommand.of_this_clone(into)
    kept_in = fleet.new_checksums("plan")
    code = fleet.elium("plan", "--tenants", tenants, "--at-once", str(at_once), "--out", str(kept_in), *only_of(only))
    told = checksums_in(kept_in)
    _show(fleet, "plan", told)
    if comment:
        # Whatever came of it: that a row is wrong is what the reviewer must read.
        _platform(into).comment(marker_of(only), fleet.page("plan").read_text(encoding="utf-8"))
    raise typer.Exit(code)


@app.command()
def reviewed(
    *,
    artifact: Annotated[str, typer.Option(help="What the pipeline calls it: the artifact, for GitLab the job.")],
    into: Into = OUT,
) -> None:
    """Fetch the plan that was shown below the pull request which brought this commit."""
    fleet = FleetCommand.of_this_clone(into)
    _platform(into).reviewed(artifact, fleet.checksums("plan"))
    told = checksums_in(fleet.checksums("plan"))
    names = ", ".join(f"`{name}`" for name in told.get("tenants", ())) or "nobody"
    fleet.page("plan").write_text(f"### As it was reviewed\n\nTo be changed: {names}.\n", encoding="utf-8")
    _show(fleet, "plan", told)


@app.command()
def apply(
    *,
    only: Only = None,
    tenants: Tenants = FILE,
    at_once: AtOnce = 4,
    canary: Annotated[int, typer.Option(metavar="N", min=0, help="These first; the rest when they are well.")] = 0,
    stop_after: Annotated[int, typer.Option(metavar="N", min=0, help="No other after so many failures.")] = 0,
    into: Into = OUT,
) -> None:
    """Do exactly what plan.json says; a tenant of which anything else would be done by now is left alone."""
    fleet = FleetCommand.of_this_clone(into)
    careful = ("--canary", str(canary), "--stop-after", str(stop_after), "--at-once", str(at_once))
    code = fleet.elium("up", "--tenants", tenants, "--plan", str(fleet.checksums("plan")), *careful, *only_of(only))
    _show(fleet, "up", {})
    raise typer.Exit(code)


@app.command()
def drift(*, only: Only = None, tenants: Tenants = FILE, at_once: AtOnce = 4, into: Into = OUT) -> None:
    """Look, at night, who was changed at Entra by hand; ends with 8 if anybody was."""
    fleet = FleetCommand.of_this_clone(into)
    code = fleet.elium("drift", "--tenants", tenants, "--at-once", str(at_once), *only_of(only))
    _show(fleet, "drift", {})
    raise typer.Exit(code)


@app.command()
def teardown(
    *,
    only: Only = None,
    tenants: Tenants = FILE,
    doit: Annotated[str, typer.Option(metavar="CHECKSUM", help="Do exactly what was shown under it.")] = "",
    into: Into = OUT,
) -> None:
    """Show what taking these tenants down would do; with --doit do that, and keep journals and proofs."""
    fleet = FleetCommand.of_this_clone(into)
    kept_in = fleet.new_checksums("teardown")
    chosen = ("--tenants", tenants, *only_of(only))
    doing = ("--doit", doit, "--reports", str(fleet.into / "proofs")) if doit else ()
    with kept(fleet.into, fleet.root, fleet.names(tenants, only)):
        code = fleet.elium("teardown", *chosen, "--out", str(kept_in), *doing)
    _show(fleet, "teardown", checksums_in(kept_in))
    raise typer.Exit(code)


def marker_of(only: Sequence[str] | None) -> str:
    """Give the hidden line by which our comment is found; a choice of tenants has its own."""
    chosen = " ".join(re.sub(r"[^A-Za-z0-9=_. -]|--", "_", one) for one in only or () if one)
    return f"<!-- elium fleet plan {chosen or 'of all'} -->"


def _show(fleet: FleetCommand, verb: str, told: Mapping[str, object]) -> None:
    """Show the page of a verb, and hand on the checksum of what was shown, if anything was."""
    page, platform = fleet.page(verb), _platform(fleet.into)
    if told:
        with page.open("a", encoding="utf-8") as file:
            file.write(f"\n\nchecksum `{told['checksum']}`\n")
        platform.output(CHECKSUM, str(told["checksum"]))
    platform.summary(page)


def _platform(into: Path) -> Platform:
    """Tell the platform by a variable that only it sets."""
    if os.environ.get("GITHUB_ACTIONS"):
        return GitHub(os.environ, run_program)
    if os.environ.get("TF_BUILD"):
        return Azure(os.environ, run_program)
    if os.environ.get("GITLAB_CI"):
        return GitLab(os.environ, run_program, into / "outputs.env")
    return NoPlatform()


def _misspelt(error: typer.TyperException) -> str:
    format_message = getattr(error, "format_message", None)
    return str(format_message()) if format_message else str(error)


def main() -> int:
    """Run the command line of this process, and give its exit code."""
    # What a platform sends next when somebody cancels a job ends as what it sends first does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        ended = typer.main.get_command(app).main(prog_name="python -m scripts.onboard", standalone_mode=False)
    except ProvisioningError as error:
        sys.stderr.write(f"error: {error.message}\n  next: {error.hint}\n")
        return error.exit_code
    except typer.TyperException as error:
        sys.stderr.write(f"error: {_misspelt(error)}\n")
        return ConfigurationError.exit_code
    except SetUpError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return ended if isinstance(ended, int) else 0


if __name__ == "__main__":
    exit_code = main()
    if exit_code == ExitCode.INTERRUPTED:
        # Threads may be left, which wait for what nobody wants any more.
        sys.stdout.flush()
        os._exit(exit_code)
    sys.exit(exit_code)

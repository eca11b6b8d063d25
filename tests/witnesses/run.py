"""Install each witness from its lock file and let it walk: ``make witnesses``.

They are heavy to install and need tools of their own, so all but one are not part of the tests. A line tells how each
walked; who lacks a tool is told and not counted. ``--record`` writes the figures that stand in ``docs/parity.md``.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from witnesses.walking import OWN_NETWORK, Outcome, hosts, reason

from tools.setup.commands import run

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PLACE = ROOT / ".state" / "witnesses"
FIGURES = HERE / "figures.json"
PATIENCE = 3_600.0


@dataclass(frozen=True, slots=True)
class Witness:
    """One program: what it needs, how it is installed, and how it walks."""

    name: str
    """Its folder here."""
    lock: Path
    """What pins its client and all that comes with it."""
    clients: tuple[str, ...]
    """The libraries that are called, by the names that they have in the lock."""
    walk: tuple[str, ...]
    needs: tuple[str, ...] = ()
    """Commands that have to be there."""
    install: str = ""
    """A line of shell that installs what the lock says."""

    def versions(self) -> dict[str, str]:
        """Read from the lock which versions are called."""
        text = self.lock.read_text("utf-8")
        return {name: _version_in(text, name) for name in self.clients}


WITNESSES = (
    Witness("python", ROOT / "uv.lock", ("msgraph-sdk", "azure-identity"), (sys.executable, "walk.py")),
    Witness(
        "javascript",
        HERE / "javascript" / "package-lock.json",
        ("@microsoft/microsoft-graph-client", "@azure/identity"),
        ("node", "walk.js"),
        ("node", "npm"),
        "npm ci --silent",
    ),
    Witness(
        "go",
        HERE / "go" / "go.mod",
        ("github.com/microsoftgraph/msgraph-sdk-go", "github.com/Azure/azure-sdk-for-go/sdk/azidentity"),
        ("./walk",),
        ("go",),
        "go build -mod=readonly -o walk .",
    ),
    Witness(
        "java",
        HERE / "java" / "libraries.sha256",
        ("microsoft-graph", "azure-identity"),
        ("java", "-cp", "libraries/*", "Walk.java"),
        ("java", "mvn", "sha256sum"),
        "rm -rf libraries && mvn --quiet --batch-mode dependency:copy-dependencies"
        " && cd libraries && sha256sum -c ../libraries.sha256",
    ),
    Witness(
        "azure_cli",
        HERE / "azure_cli" / "requirements.txt",
        ("azure-cli",),
        ("sh", "walk.sh"),
        ("python3",),
        "python3 -m venv tools && tools/bin/pip install --quiet --no-compile --require-hashes -r requirements.txt",
    ),
)


def main(arguments: list[str]) -> int:
    """Let the witnesses walk, one after the other, and tell how many failed."""
    parser = argparse.ArgumentParser("make witnesses", description="Let clients that nobody here wrote walk the job.")
    parser.add_argument("names", nargs="*", help="who walks: all, unless somebody is named", metavar="name")
    parser.add_argument("--record", action="store_true", help="write the figures for docs/parity.md")
    options = parser.parse_args(arguments)
    unknown = set(options.names) - {witness.name for witness in WITNESSES}
    if unknown:
        parser.error(f"nobody is called {', '.join(sorted(unknown))}: {', '.join(each.name for each in WITNESSES)} are")
    asked = [witness for witness in WITNESSES if not options.names or witness.name in options.names]
    failed = 0
    for witness in asked:
        outcomes = _told_by(witness)
        failed += any(outcome.objections for outcome in outcomes)
        if options.record and outcomes and not any(outcome.objections for outcome in outcomes):
            _record(witness, outcomes)
    return failed


def _told_by(witness: Witness) -> list[Outcome]:
    lacking = [command for command in witness.needs if shutil.which(command) is None]
    if lacking:
        _tell(witness, f"was not asked: there is no {' and no '.join(lacking)} here")
        return []
    place = PLACE / witness.name
    shutil.copytree(HERE / witness.name, place, dirs_exist_ok=True)
    began = time.monotonic()
    installed = run(["sh", "-c", witness.install], within=PATIENCE, environment=os.environ, where=place)
    if not installed.succeeded:
        _tell(witness, f"could not be installed: {reason(installed.output)}")
        return [Outcome([installed.last_line], 0, 0.0)]
    _tell(witness, f"installed in {time.monotonic() - began:.0f} s")
    outcomes = _walked(witness, place)
    for way, outcome in zip(("at an address", "at Microsoft's names"), outcomes, strict=False):
        seen = "; ".join(outcome.objections) or f"walked, {outcome.requests} requests to Graph"
        _tell(witness, f"{way}: {outcome.seconds:.1f} s, {seen}")
    return outcomes


def _walked(witness: Witness, place: Path) -> list[Outcome]:
    """Let a witness walk, with Microsoft's host names, too, where this machine gives away a network."""
    file = PLACE / "hosts"
    file.write_text(hosts(), "utf-8")
    island = [*OWN_NETWORK, str(file)]
    alone = run([*island, "true"], within=60, environment=os.environ).succeeded
    if not alone:
        _tell(witness, "walks at an address only: Microsoft's names need a network of its own (unshare, ip)")
    judged = [sys.executable, "-m", "witnesses.walking", *(["--in-own-network"] if alone else []), "--", *witness.walk]
    tools = f"{place / 'tools' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    ours = os.pathsep.join([str(ROOT), str(HERE.parent)])
    environment = {**os.environ, "PATH": tools, "PYTHONPATH": ours}
    ended = run([*(island if alone else []), *judged], within=PATIENCE, environment=environment, where=place)
    try:
        return [Outcome(**told) for told in json.loads(ended.last_line)]
    except ValueError:
        return [Outcome([reason(ended.output)], 0, 0.0)]


def _tell(witness: Witness, text: str) -> None:
    sys.stdout.write(f"{witness.name:<11} {text}\n")
    sys.stdout.flush()


def _record(witness: Witness, outcomes: list[Outcome]) -> None:
    figures: dict[str, Any] = json.loads(FIGURES.read_text("utf-8")) if FIGURES.exists() else {}
    figures[witness.name] = {
        "clients": witness.versions(),
        "walks": [{"requests": outcome.requests, "seconds": outcome.seconds} for outcome in outcomes],
    }
    order = [each.name for each in WITNESSES if each.name in figures]
    FIGURES.write_text(json.dumps({name: figures[name] for name in order}, indent=2) + "\n", "utf-8")


def _version_in(lock: str, name: str) -> str:
    """Find a version in any of the locks: it follows the name, after signs and perhaps the word version or a v."""
    found = re.search(rf"(?:^|\W){re.escape(name)}\W+(?:version\W+)?v?(\d[\w.]*)", lock, re.MULTILINE)
    if found is None:
        raise ValueError(f"The lock knows no version of {name}.")
    return found[1].removesuffix(".jar")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

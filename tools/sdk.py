"""``make sdk``: the SDKs for Node and for Python, written by Pulumi's own generators from the package's schema.

``sdk/python`` can be installed as it is. ``sdk/nodejs`` is compiled where Node is, and ``sdk/nodejs/bin`` is the
package.
They are not kept in the repository: whoever reads a change reads the schema, ``schemas/entrasync.json``.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.errors import SetUpError, UnavailableError
from tools.places import Clone, this_clone, user_cache
from tools.setup.commands import Command, run
from tools.setup.context import Context
from tools.setup.go_programs import Recipe, built_program
from tools.setup.node_packages import node_packages
from tools.setup.progress import Progress
from tools.versions import PULUMI

GENERATOR = "pulumi-sdks"
SCHEMA = "entrasync.json"
AT_MOST = 300.0

BESIDE_THE_CODE = ("package.json", "README.md")
"""What the compiled SDK needs in its own folder: ``utilities.js`` reads its version there."""


def generator(clone: Clone) -> Recipe:
    """Give the recipe of the generator; its version tells the source that it is built from, which is ours."""
    folder = clone.root / "tools" / GENERATOR
    source = b"".join((folder / name).read_bytes() for name in ("main.go", "go.sum"))
    return Recipe(GENERATOR, ".", f"{PULUMI}-{hashlib.sha256(source).hexdigest()[:12]}")


def write_sdks(context: Context, into: Path) -> None:
    """Write both SDKs into folders of *into*, in place of what was there.

    :raises SetUpError: when the generator cannot be built, or finds the schema wrong.
    """
    program = built_program(generator(context.clone), context)
    with context.progress.step("SDKs for Node and Python", "a second") as outcome:
        _demand([program, context.clone.root / "schemas" / SCHEMA, into], context)
        outcome.text = str(into)


def compile_node_sdk(context: Context, written: Path) -> Path:
    """Compile what :func:`write_sdks` has *written* for Node, and return the folder of the package.

    :raises UnavailableError: when there is no Node.
    :raises SetUpError: when it cannot be compiled.
    """
    modules, sdk = node_packages(context), written / "nodejs"
    # Where TypeScript looks first for what the SDK imports.
    (sdk / "node_modules").unlink(missing_ok=True)
    (sdk / "node_modules").symlink_to(modules)
    with context.progress.step("SDK for Node, compiled", "10 s") as outcome:
        _demand([modules / ".bin" / "tsc", "--project", sdk], context)
        for name in BESIDE_THE_CODE:
            shutil.copyfile(sdk / name, sdk / "bin" / name)
        outcome.text = str(sdk / "bin")
    return sdk / "bin"


def _demand(command: Command, context: Context) -> None:
    ended = context.run(command, within=AT_MOST, environment=context.environment)
    if not ended.succeeded:
        raise SetUpError(f"The SDK could not be made:\n{ended.output.strip()}")


def surroundings(environment: Mapping[str, str], progress: Progress) -> Context:
    """Give this clone, on this machine."""
    return Context(this_clone(), user_cache(environment), dict(environment), run, progress)


def main(arguments: Sequence[str]) -> int:
    """Write the SDKs, compile what has to be compiled, and return the exit code."""
    argparse.ArgumentParser(prog="python -m tools.sdk", description=__doc__).parse_args(arguments)
    context = surroundings(os.environ, Progress(sys.stderr))
    try:
        write_sdks(context, context.clone.sdk)
        compile_node_sdk(context, context.clone.sdk)
    except UnavailableError as reason:
        context.progress.say(f"The SDK for Node is not compiled: {reason}.")
    except SetUpError as reason:
        sys.stderr.write(f"{reason}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

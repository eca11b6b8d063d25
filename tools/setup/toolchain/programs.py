"""What a toolchain consists of, and how one is asked whether it works."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.errors import UnavailableError
from tools.versions import Version, version_in

if TYPE_CHECKING:
    from pathlib import Path

    from tools.setup.context import Context

ENGINE = "pulumi"
LANGUAGE_HOST = "pulumi-language-python"
EXECUTOR = "pulumi-language-python-exec"
"""A script that the language host looks for in its own folder."""

PROGRAMS = (ENGINE, LANGUAGE_HOST, EXECUTOR)


def engine_version(engine: Path, context: Context) -> Version:
    """Ask the engine for its version.

    :raises UnavailableError: when it does not answer.
    """
    quiet = {**context.environment, "PULUMI_SKIP_UPDATE_CHECK": "true"}
    answer = context.run([engine, "version"], within=10, environment=quiet)
    version = version_in(answer.output) if answer.succeeded else None
    if version is None:
        raise UnavailableError(f"{engine} does not answer")
    return version

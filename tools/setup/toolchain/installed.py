"""The toolchain that the user has installed: taken when it is complete and recent enough."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from tools.errors import UnavailableError
from tools.setup.toolchain.programs import ENGINE, EXECUTOR, LANGUAGE_HOST, engine_version
from tools.versions import LEAST_PULUMI, spelled

if TYPE_CHECKING:
    from tools.setup.context import Context


def installed_toolchain(context: Context) -> Path:
    """Return the folder of the engine on ``PATH``.

    :raises UnavailableError: when it is absent, too old or lacks its Python language host.
    """
    path = context.environment.get("PATH", "")
    engine = shutil.which(ENGINE, path=path)
    if engine is None:
        raise UnavailableError("there is none")
    version = engine_version(Path(engine), context)
    if version < LEAST_PULUMI:
        raise UnavailableError(f"{spelled(version)} is older than {spelled(LEAST_PULUMI)}")
    host = shutil.which(LANGUAGE_HOST, path=f"{Path(engine).resolve().parent}:{path}")
    if host is None or not (Path(host).resolve().parent / EXECUTOR).is_file():
        raise UnavailableError(f"{spelled(version)} lacks its Python language host")
    return Path(engine).parent

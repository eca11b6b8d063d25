"""A toolchain built from Go modules: the engine and its Python language host.

Two modules, because the language host is found in an older SDK than the engine's own.
The executor beside it is a plain script, taken from the engine's SDK: it must match the Python SDK, not the host.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from tools.places import toolchain_home
from tools.setup.context import Context
from tools.setup.go_programs import SDK, GoBuilder, Recipe
from tools.setup.toolchain.cached import adding_to_cache
from tools.setup.toolchain.programs import ENGINE, EXECUTOR, LANGUAGE_HOST
from tools.versions import PULUMI, PULUMI_LANGUAGE_PYTHON

RECIPES = (
    Recipe(ENGINE, "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi", PULUMI),
    Recipe(LANGUAGE_HOST, f"{SDK}/python/cmd/pulumi-language-python", PULUMI_LANGUAGE_PYTHON),
)


def built_toolchain(context: Context) -> Path:
    """Build the toolchain into the cache and return its folder.

    :raises UnavailableError: when there is no recent Go, or when it cannot fetch or build the modules.
    """
    builder = GoBuilder(context)
    builder.require_go(ENGINE)
    with adding_to_cache(context) as home:
        for recipe in RECIPES:
            builder.go(recipe.program, recipe.command(home / "bin"))
        sdk = builder.go(ENGINE, ["go", "list", "-m", "-f", "{{.Dir}}", SDK])
        _copy_script(Path(sdk.strip()) / "python" / "cmd" / EXECUTOR, home / "bin" / EXECUTOR)
    return toolchain_home(context.cache) / "bin"


def _copy_script(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)  # the module cache is read-only, and so would be a copy of its permissions
    target.chmod(0o755)

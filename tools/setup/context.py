"""What every step of the set-up is given to work with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tools.places import Clone
    from tools.setup.commands import Runner
    from tools.setup.progress import Progress


@dataclass(frozen=True, slots=True)
class Context:
    """One clone on one machine."""

    clone: Clone
    cache: Path
    """The folder that all clones of the user share."""

    environment: Mapping[str, str]
    """The user's environment."""

    run: Runner
    progress: Progress

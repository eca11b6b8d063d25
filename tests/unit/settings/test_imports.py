from __future__ import annotations

import subprocess
import sys

LOADED = """
import sys
from provisioning.settings.job import JobInputs
from provisioning.settings.stack import Settings
print("email_validator" in sys.modules, [model.__pydantic_complete__ for model in (JobInputs, Settings)])
"""


def test_nothing_is_built_or_loaded_before_something_is_checked() -> None:
    told = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)  # noqa: S603

    assert told.stdout == "False [False, False]\n"

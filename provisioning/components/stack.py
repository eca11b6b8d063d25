"""The door between Pulumi and the program: its configuration comes in, errors go out as sentences."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pulumi

from provisioning.errors import ProvisioningError
from provisioning.settings.stack import NAMESPACE, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator


def settings_of_stack() -> Settings:
    """Read every ``elium:`` setting of the stack, unknown ones too, so that a misspelt one is noticed.

    :raises ConfigurationError: with every mistake and its place.
    """
    stack = json.loads(os.environ.get("PULUMI_CONFIG") or "{}")
    prefix = f"{NAMESPACE}:"
    written = {key.removeprefix(prefix): value for key, value in stack.items() if key.startswith(prefix)}
    return Settings.parse(written, os.environ)


@contextmanager
def told_by_pulumi() -> Iterator[None]:
    """Let an error end the program as its sentences, without a traceback."""
    try:
        yield
    except ProvisioningError as error:
        raise pulumi.RunError("\n".join(filter(None, (error.message, error.hint, error.learn_more)))) from error

"""The door between Pulumi and the program: its configuration comes in, errors go out as sentences."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

import pulumi
from pulumi.runtime import config

from provisioning.errors import ProvisioningError
from provisioning.settings.configuration import StackConfiguration, settings_in
from provisioning.settings.stack import Settings


def settings_of_stack(*, others: Collection[str] = ()) -> Settings:
    """Read every ``elium:`` setting of the stack, and notice those that were meant to be one.

    *others* are names that a program of yours reads in the project's own namespace, and that are also names of ours.

    :raises ConfigurationError: with every mistake and its place.
    """
    return settings_in(_configuration(), os.environ, others=others)


def _configuration() -> StackConfiguration:
    """Take what the language host puts into the environment, or the Automation API into an inline program."""
    values = _json("PULUMI_CONFIG", "{}") | config.CONFIG.get()
    kept = _json("PULUMI_CONFIG_SECRET_KEYS", "[]")
    return StackConfiguration(values, {*kept, *filter(config.is_config_secret, values)}, pulumi.get_project() or "")


@contextmanager
def errors_as_sentences() -> Iterator[None]:
    """Let an error of ours end the program as its sentences, without a traceback."""
    try:
        yield
    except ProvisioningError as error:
        raise pulumi.RunError("\n".join(filter(None, (error.message, error.hint, error.learn_more)))) from error


def _json(variable: str, absent: str) -> Any:  # noqa: ANN401 - a JSON value
    return json.loads(os.environ.get(variable) or absent)

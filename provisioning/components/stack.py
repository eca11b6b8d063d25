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


def once_done(resource: pulumi.Resource) -> pulumi.Output[pulumi.Resource]:
    """Give a resource for others to depend on, so that the program ends in a sentence when it fails.

    With ``--continue-on-error`` a program goes on after a refusal. What then depends on the refused resource has to end
    it, since an engine deletes what is no longer declared unless its program failed; left to itself, Pulumi would do
    that with a traceback.
    """

    def failed(cause: Exception) -> str:
        raise pulumi.RunError(f"What depends on {resource.pulumi_resource_name} was left as it is.") from cause

    return resource.urn.recover(failed).apply(lambda _: resource)


def _json(variable: str, absent: str) -> Any:  # noqa: ANN401 - a JSON value
    return json.loads(os.environ.get(variable) or absent)

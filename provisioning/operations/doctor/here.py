"""What can be looked at without Graph: the stack, its file, versions, and the target as it is seen from here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from provisioning.errors import ConfigurationError, CredentialsRejectedError, UnavailableError
from provisioning.model.base_address import shown_address
from provisioning.operations.deployed import PULUMI
from provisioning.operations.doctor.chart import Chart
from provisioning.operations.doctor.checkup import CannotBeMadeError, Failure, Result, hint, ok, wrong
from provisioning.operations.plugin_home import NAME, is_found
from provisioning.words import counted

PROVIDERS = "pulumi:providers:"


async def stack(chart: Chart) -> Result:
    """Whether the stack was deployed."""
    if chart.deployed is not None:
        return ok(f"Deployed; its job is {chart.address.job}.")
    why_not = chart.known.why_not_deployed
    if why_not is not None and not chart.known.is_new:
        raise CannotBeMadeError(why_not.message, why_not.hint)
    return hint("Not deployed yet.", f"When nothing is wrong here: pulumi up --stack {chart.stack}")


async def configuration(chart: Chart) -> Result:
    """Whether the stack's file can be used."""
    file = chart.the_file()
    try:
        settings = file.settings(chart.environment)
    except ConfigurationError as error:
        return wrong(" ".join(error.reasons), error.hint or f"Correct {file.name}.", Failure.CONFIGURATION)
    named = len(settings.groups) + len(settings.users)
    return ok(f"{file.name} can be used; it names {counted(named, 'group or user', 'groups and users')}.")


async def versions(chart: Chart) -> Result:
    """Whether engine and plugins fit."""
    try:
        ended = chart.known.run((PULUMI, "version"), chart.known.folder)
    except FileNotFoundError:
        return wrong("There is no pulumi on the PATH.", "Install it, or in a clone enter its environment.")
    if (chart.known.folder / "Pulumi.yaml").is_file() and not is_found(chart.known.folder, chart.environment):
        return wrong(f"Pulumi does not find the plugin {NAME}.", "elium plugin install")
    engine, sdk = ended.stdout.strip().removeprefix("v"), version("pulumi")
    plugin, made_by = version("elium-provisioning"), _plugins(chart)
    azuread = f", azuread {made_by['azuread']}" if "azuread" in made_by else ""
    told = f"pulumi {engine or 'of an unknown version'}, entrasync {plugin}{azuread}."
    if _numbers(engine) < _numbers(sdk):
        return hint(f"{told} The engine is older than the SDK, {sdk}.", f"Install pulumi {sdk}.")
    if made_by.get("entrasync", plugin) != plugin:
        return hint(f"{told} The stack was last deployed with entrasync {made_by['entrasync']}.", "Preview first.")
    return ok(told)


async def target(chart: Chart) -> Result:
    """Whether the target answers from here, and takes the token that the next ``up`` would save."""
    credentials = chart.credentials()
    place = shown_address(credentials.base_address)
    try:
        await chart.probe(credentials, chart.environment)
    except (CredentialsRejectedError, UnavailableError) as error:
        return wrong(f"{place}: {error.message}", error.hint, Failure.TARGET)
    return ok(f"{place} answers, and takes the token; asked from here.")


def _plugins(chart: Chart) -> Mapping[str, str]:
    """Give the versions of the plugins that the stack was deployed with, by name."""
    made = (one for one in chart.deployed.resources if _is_provider(one)) if chart.deployed else ()
    return {str(one["type"]).removeprefix(PROVIDERS): _version_in(one.get("inputs") or {}) for one in made}


def _is_provider(resource: Mapping[str, Any]) -> bool:
    return str(resource.get("type")).startswith(PROVIDERS) and bool(_version_in(resource.get("inputs") or {}))


def _version_in(inputs: Mapping[str, Any]) -> str:
    """Read a provider's version; an engine writes some of its own settings as JSON beside it."""
    written = inputs.get("version") or json.loads(inputs.get("__internal") or "{}").get("version")
    return str(written or "")


def _numbers(text: str) -> tuple[int, ...]:
    """Read a version as far as it is numbers; one that cannot be read is older than nothing."""
    parts = text.partition("-")[0].partition("+")[0].split(".")
    return tuple(map(int, parts)) if all(part.isdigit() for part in parts) else (1_000_000,)

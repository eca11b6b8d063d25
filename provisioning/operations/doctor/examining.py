"""All checks, in the order in which one depends on the other, and how one that cannot be made is told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias

from provisioning.errors import ProvisioningError
from provisioning.operations.doctor import afterwards, before, here
from provisioning.operations.doctor.chart import Chart
from provisioning.operations.doctor.checkup import CannotBeMadeError, Checkup, Result, Verdict, checkup_of
from provisioning.operations.doctor.needs import APP, ASSIGNING, PROVISIONING

Examination: TypeAlias = Callable[[Chart], Awaitable[Result]]

CHECKS: Mapping[str, Examination] = {
    "stack": here.stack,
    "configuration": here.configuration,
    "versions": here.versions,
    "sign-in": before.sign_in,
    "tenant": before.tenant,
    "may-read": before.may_read,
    "may-read-log": before.may_read_log,
    "may-provision": before.may(PROVISIONING),
    "may-make-app": before.may(APP),
    "may-assign": before.may(ASSIGNING),
    "clock": before.clock,
    "licence": before.licence,
    "gallery": before.gallery,
    "template": before.template,
    "role": before.role,
    "target": here.target,
    "target-by-entra": before.by_entra,
    "target-as-saved": before.by_entra_as_saved,
    "job": afterwards.job,
    "other-jobs": afterwards.other_jobs,
    "apps": afterwards.apps,
    "groups": afterwards.groups,
    "drift": afterwards.drift,
    "token": afterwards.token,
    "threshold": afterwards.threshold,
    "notification": afterwards.notification,
}
"""By name. Those from ``job`` on are about a deployed stack, ``apps`` excepted."""


async def examine(chart: Chart) -> Checkup:
    """Make every check; what Graph refuses makes a check unknown, and ends none of the others."""
    return checkup_of(chart.stack, [(name, await _made(check, chart)) for name, check in CHECKS.items()])


async def _made(check: Examination, chart: Chart) -> Result:
    try:
        return await check(chart)
    except CannotBeMadeError as error:
        return Result(Verdict.UNKNOWN, error.why, error.what_to_do)
    except ProvisioningError as error:
        return Result(Verdict.UNKNOWN, error.message, error.hint)

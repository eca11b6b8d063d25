"""Carrying a rotation out: save, let Entra try what it saved, provision one person, and end a quarantine.

Every step may be done again, so a run that was cut is finished by another one with the same token. At each moment the
token that Entra holds is one that the app takes, as long as the app takes both.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from provisioning.errors import ConflictError, CredentialsRejectedError, ProvisioningError
from provisioning.model.connection import Connection
from provisioning.model.credentials import Credentials, SecretToken
from provisioning.model.on_demand import OnDemandAnswer, Result, Subject
from provisioning.operations.configured_token import ConfiguredToken
from provisioning.operations.log_codes import is_of_credentials
from provisioning.operations.on_demand import Call, Outcome, ProvisionedRow, row_of
from provisioning.operations.rotation import Rotates, Rotation

if TYPE_CHECKING:
    from provisioning.graph.patience import Clock

READ_BACK_WITHIN = timedelta(seconds=60)
"""How long what was saved may not be what is read (reliability 3, rule 3)."""

SECONDS_BETWEEN = 5.0

TIMES = 2
"""How often the probe is tried: a failure may be a passing one, and may be repeated at once."""

NEVER_SHOWN = "Graph never shows a token, and the old one is not at hand, so the new one stays saved."


@dataclass(frozen=True, slots=True)
class RotationReport:
    """What came of a rotation."""

    stack: str
    service_principal_id: str
    job_id: str
    lines: tuple[str, ...]
    """What was shown before, a sentence each."""
    checksum: str
    """What ``--doit`` takes."""
    is_done: bool
    """False when nothing accepted it."""
    probe: ProvisionedRow | None
    """What came of provisioning one person; ``null`` when nobody was."""
    is_restarted: bool
    """Whether a quarantine for credentials was ended."""
    configuration_has_it: bool | None
    """Whether the stack's configuration gives the new token; ``null`` when that cannot be seen."""
    next: tuple[str, ...]
    """What to do now, in this order, a sentence each."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The new one, and the one to go back to."""

    new: SecretToken
    old: SecretToken | None
    """``None`` when it is not at hand: not known here, or not taken by the app any more."""


@dataclass(frozen=True, slots=True)
class Rotated:
    """What was done."""

    probe: ProvisionedRow | None
    is_restarted: bool


@dataclass(frozen=True, slots=True)
class Rotating:
    """Does it, step by step."""

    graph: Rotates
    rotation: Rotation
    tokens: Tokens
    clock: Clock
    tell: Callable[[str], None]

    async def all(self) -> Rotated:
        """Do all of it.

        :raises ConflictError: when somebody saved another address meanwhile; nothing was saved here.
        :raises CredentialsRejectedError: when the new token does not work after it was saved; the old one is put back
            where it is at hand.
        """
        self.tell("Saving the new token …")
        connection = await self._connection()
        await self._save(connection, self.tokens.new)
        try:
            await self._try_saved()
            probe = await self._probe()
        except CredentialsRejectedError as error:
            raise await self._put_back(connection, error) from None
        except ProvisioningError as error:
            error.hint = (
                f"The new token is saved, and not proven. {error.hint} Then run this again; revoke nothing before."
            )
            raise
        if self.rotation.restarts:
            self.tell("Ending the quarantine …")
            await self.graph.restart(self.rotation.meant.address, ["QuarantineState"])
        return Rotated(probe, self.rotation.restarts)

    async def _connection(self) -> Connection:
        """Read what is saved beside the token once more: somebody may have changed it while it was asked about."""
        now = Connection(await self.graph.secrets(self.rotation.meant.address.service_principal))
        if now.address != self.rotation.connection.address:
            raise ConflictError(
                "Somebody saved another address meanwhile. Nothing was saved here.",
                status=409,
                hint="Run this again, and look at the address.",
            )
        return now

    async def _save(self, connection: Connection, token: SecretToken) -> None:
        principal = self.rotation.meant.address.service_principal
        await self.graph.save_secrets(principal, connection.to_save(token.reveal()))

    async def _try_saved(self) -> None:
        """Let Entra try what it saved, as long as it may still read what was there before."""
        began = self.clock.now()
        while True:
            try:
                return await self.graph.validate_saved(self.rotation.meant.address, self.rotation.connection.address)
            except CredentialsRejectedError:
                if self.clock.now() - began >= READ_BACK_WITHIN:
                    raise
            await self.clock.sleep(SECONDS_BETWEEN)

    async def _probe(self) -> ProvisionedRow | None:
        """Provision one person. That the app refuses the person is not the token's fault.

        :raises CredentialsRejectedError: when the app refuses the token.
        """
        person = self.rotation.person
        if person is None:
            return None
        self.tell(f"Provisioning {person.name} as a probe …")
        call = Call(person.name, Subject(person.id))
        answer = await self._answer_to(call)
        row = row_of(call, answer)
        if row.outcome is Outcome.FAILED and is_of_credentials(answer.code):
            raise CredentialsRejectedError(f"{person.name} could not be provisioned: {row.code}: {row.meaning}.")
        return row

    async def _answer_to(self, call: Call) -> OnDemandAnswer:
        address, rule = self.rotation.meant.address, self.rotation.rule
        answer = await self.graph.provision_on_demand(address, rule, call.subject)
        for _ in range(TIMES - 1):
            if answer.result is not Result.FAILURE:
                break
            answer = await self.graph.provision_on_demand(address, rule, call.subject)
        return answer

    async def _put_back(self, connection: Connection, error: CredentialsRejectedError) -> CredentialsRejectedError:
        """Save the old token again, where it is at hand, and say what is saved now."""
        if self.tokens.old is None:
            return CredentialsRejectedError(f"{error.message} {NEVER_SHOWN}", hint="Run this again with a right token.")
        self.tell("Putting the old token back …")
        await self._save(connection, self.tokens.old)
        try:
            await self._try_saved()
        except CredentialsRejectedError:
            return CredentialsRejectedError(
                f"{error.message} The old token was put back, and does not work either.",
                hint="Make a token in the app's settings that works, and run this again.",
            )
        return CredentialsRejectedError(
            f"{error.message} The old token was put back, and works.", hint="Look at the new one in the app's settings."
        )


async def try_new(graph: Rotates, rotation: Rotation, token: SecretToken) -> None:
    """Let Entra try the new token, with the address that is saved. Nothing is saved by that.

    :raises CredentialsRejectedError: when the app does not take it.
    """
    credentials = Credentials(rotation.connection.address, token)
    await graph.validate_credentials(rotation.meant.address.service_principal, rotation.job.template, credentials)


def report_of(
    rotation: Rotation, rotated: Rotated | None, new: SecretToken, configured: ConfiguredToken
) -> RotationReport:
    """Say what was shown, what was done (``None`` for nothing), and what is next."""
    address = rotation.meant.address
    return RotationReport(
        rotation.stack,
        address.service_principal,
        address.job,
        rotation.lines,
        rotation.checksum,
        is_done=rotated is not None,
        probe=rotated.probe if rotated else None,
        is_restarted=rotated is not None and rotated.is_restarted,
        configuration_has_it=configured.has(new),
        next=_next(rotation, rotated, configured.what_to_do(new)) if rotated else (),
    )


def _next(rotation: Rotation, rotated: Rotated, configuration: str) -> tuple[str, ...]:
    row, told = rotated.probe, []
    if row and row.outcome not in (Outcome.DONE, Outcome.UP_TO_DATE):
        told.append(f"The probe proves nothing about the token: {row.name}: {row.code}, {row.meaning}.")
    if configuration:
        told.append(configuration)
    told.append(_when_to_revoke(rotation))
    return tuple(told)


def _when_to_revoke(rotation: Rotation) -> str:
    """Say when the old token is needed no more: whether a cycle that runs takes the new one is not documented."""
    if not rotation.job.is_switched_on:
        return "The old token can be revoked now: the job is off, so that no cycle uses it."
    return (
        "The old token can be revoked once a cycle has ended that began from now on: one that runs may still use it. "
        f"Wait: elium wait {rotation.stack} --for cycle"
    )

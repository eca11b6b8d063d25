"""``elium adopt``: bring what was made in the portal under the program."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from provisioning.apps import ELIUM
from provisioning.commands.asking import run_command
from provisioning.commands.consent import consent_or_document
from provisioning.commands.options import Cwd, Json, Yes
from provisioning.commands.surroundings import Surroundings
from provisioning.errors import ConfigurationError, UnavailableError
from provisioning.graph.connect import connect
from provisioning.graph.identity import identity_of
from provisioning.model.credentials import Credentials, SecretToken
from provisioning.model.token_source import SourceKind
from provisioning.operations.adopting.adoption import Adoption, AdoptReport, carry_out, report_of_state
from provisioning.operations.adopting.declaring import declared_by
from provisioning.operations.adopting.engine import AdoptingEngine
from provisioning.operations.adopting.finding import Found, Meant, find
from provisioning.operations.adopting.importing import Component, importables, missing
from provisioning.operations.adopting.settings_file import with_settings
from provisioning.operations.adopting.settings_found import USUAL, settings_found
from provisioning.operations.deployed import Run, StackEngine
from provisioning.operations.lookups import OBJECT_ID
from provisioning.operations.resource_names import ResourceNames
from provisioning.operations.stack_configuration import (
    TOKENS_VARIABLE,
    StackFile,
    as_told,
    configuration_of,
    stack_file,
)
from provisioning.settings.configuration import TOKEN, StackConfiguration
from provisioning.settings.stack import PLACE

if TYPE_CHECKING:
    from provisioning.graph.client import GraphClient

COMPONENT = Component(ELIUM.type, ResourceNames(ELIUM.namespace))
"""What the project's own program (``__main__.py``) makes."""

STACK = "The stack, such as dev; it is made if there is none."
APP = "Which app, where several were made from the gallery's: its name, or the id of its service principal."
JOB = "Which job, where the app has several."


def adopt(  # noqa: PLR0913 - each is an option of the command
    context: typer.Context,
    stack: Annotated[str, typer.Argument(metavar="STACK", help=STACK)],
    *,
    app: Annotated[str, typer.Option("--app", metavar="ID_OR_NAME", help=APP)] = "",
    job: Annotated[str, typer.Option("--job", metavar="ID", help=JOB)] = "",
    yes: Yes = False,
    json: Json = False,
    cwd: Cwd = None,
) -> None:
    """Bring what was made in the portal under the program."""
    surroundings: Surroundings = context.obj
    surroundings.stack = stack
    if OBJECT_ID.fullmatch(stack.partition("/")[0]):
        raise ConfigurationError(
            "A job was named, and an adoption needs a stack.", hint="Name the stack; --job the job."
        )
    command = _Command(surroundings, stack, cwd or surroundings.folder, app, job)
    asyncio.run(command.run(yes=yes, json=json))


@dataclass(frozen=True, slots=True)
class _Command:
    """One run of the command."""

    surroundings: Surroundings
    stack: str
    folder: Path
    app: str
    job: str

    @property
    def pulumi(self) -> Run:
        return self.surroundings.run or run_command

    async def run(self, *, yes: bool, json: bool) -> None:
        engine = AdoptingEngine(StackEngine(self.stack, self.folder, self.pulumi))
        resources = engine.resources()
        from provisioning.provider.adopted import adopted_state, refuse_what_is_due  # noqa: PLC0415 - only this needs it

        held = report_of_state(self.stack, resources or ())
        if held is not None:
            self._refuse_another(held)
            self._show(
                held, f"The stack {self.stack} has the job {held.job_id} already: there is nothing to adopt.", json=json
            )
            return
        refuse_what_is_due(resources or ())
        file = stack_file(self.stack, self.folder) or StackFile(self.stack, self.folder, "", {}, frozenset())
        environment = self.surroundings.environment
        token = self._token(file)
        graph = await connect(identity_of(file.identity, environment), self.surroundings.clock)
        try:
            adoption = await self._found(graph, engine, file, resources or (), token)
        finally:
            await graph.close()
        await self._try(adoption.found, token)
        consent_or_document(
            self.surroundings.screen, adoption, lambda: adoption.report(is_done=False), yes=yes, doit="", is_json=json
        )
        ours = adopted_state(adoption.found, adoption.declared, token, salt=secrets.token_bytes(8))
        carry_out(adoption, engine, COMPONENT, ours, self.surroundings.screen.tell)
        self._show(
            adoption.report(is_done=True),
            f"{adoption.found.app.name!r} is in the stack {self.stack}, and its preview is empty.",
            json=json,
        )

    async def _found(
        self,
        graph: GraphClient,
        engine: AdoptingEngine,
        file: StackFile,
        resources: Sequence[Mapping[str, Any]],
        token: SecretToken | None,
    ) -> Adoption:
        """Find it, write what declares it, and hold that nothing would be changed by that."""
        written = {name: str(file.values.get(f"{PLACE}{name}") or "") for name in ("galleryApp", "displayName", "role")}
        gallery_app = written["galleryApp"] or USUAL["gallery_app"]
        found = await find(graph, Meant(gallery_app, self.app or written["displayName"], self.job))
        said = settings_found(found, gallery_app=gallery_app, role=written["role"], scim_path=ELIUM.scim_path)
        settings = said.settings | ({} if self._has_token(file) else {"secretToken": SourceKind.KEPT.value})
        lay = partial(with_settings, self.folder / file.name, settings, namespace=ELIUM.namespace)
        laid = lay()
        configuration = self._opened(as_told(laid.values, file.project), engine.engine)
        declared = declared_by(configuration, self.surroundings.environment, found)
        wanted = importables(found, declared, COMPONENT.names, azuread=version("pulumi-azuread"))
        lacking = missing(wanted, resources, self.stack)
        return Adoption(self.stack, found, declared, said.kept, laid, lay, lacking, token_is_known=token is not None)

    def _has_token(self, file: StackFile) -> bool:
        return TOKEN in file.values or bool(self.surroundings.environment.get(TOKENS_VARIABLE))

    def _token(self, file: StackFile) -> SecretToken | None:
        """Read the token from where the configuration has it; ``None`` where it is kept as Entra has it.

        :raises ConfigurationError: when it is not where it should lie, or cannot be opened.
        """
        environment = self.surroundings.environment
        if not self._has_token(file):
            return None
        source = file.token_is_in(environment)
        if source is not None and source.kind is SourceKind.KEPT:
            return None
        token = file.token(environment, self.pulumi)
        self.surroundings.screen = self.surroundings.screen.hiding(token.reveal())
        return token

    async def _try(self, found: Found, token: SecretToken | None) -> None:
        """Ask Elium itself whether it takes the token: the state will say that Entra has it.

        :raises CredentialsRejectedError: when it does not.
        """
        if token is None:
            return
        from provisioning.target.probe import probe  # noqa: PLC0415 - it imports httpx2, which takes its time

        try:
            await probe(Credentials(found.observed.connection.address, token), self.surroundings.environment)
        except UnavailableError as error:
            self.surroundings.screen.tell(f"{error.message} Whether the token is the one that Entra has is not known.")

    def _opened(self, told: StackConfiguration, engine: StackEngine) -> StackConfiguration:
        """Open what else of ours is encrypted in the file, which would be taken for what it stands for."""
        closed = [key for key in told.secret if key.startswith(PLACE) and key != TOKEN]
        if not closed:
            return told
        opened = configuration_of(engine, ELIUM.namespace).values
        return replace(told, values={**told.values, **{key: opened[key] for key in closed if key in opened}})

    def _refuse_another(self, held: AdoptReport) -> None:
        """Refuse to adopt something else into a stack that has an app.

        :raises ConfigurationError: naming what it has.
        """
        other_app = self.app and self.app not in (held.app, held.service_principal_id)
        if other_app or self.job not in ("", held.job_id):
            raise ConfigurationError(
                f"The stack {self.stack} has the app {held.app!r} and its job {held.job_id} already.",
                hint="Adopt the other one into a stack of its own: name another stack.",
            )

    def _show(self, report: AdoptReport, sentence: str, *, json: bool) -> None:
        if json:
            self.surroundings.screen.document(report)
        else:
            self.surroundings.screen.show(sentence)

"""The plugin: what the engine asks, answered from the tables of resources and functions. No rules of its own."""

from __future__ import annotations

import json
import os
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2
from pulumi.provider.experimental import provider as engine

from emulator.azuread.checks import objections_to, with_defaults
from emulator.azuread.cloud import discover
from emulator.azuread.configuration import KEYS, configuration_from
from emulator.azuread.differences import differences
from emulator.azuread.faults import NotFinishedError, PluginError, quoted
from emulator.azuread.functions import FUNCTIONS
from emulator.azuread.graph import Graph
from emulator.azuread.patience import Patience
from emulator.azuread.properties import Role
from emulator.azuread.resources import RESOURCES
from emulator.azuread.sign_in import SignIn
from emulator.azuread.values import UNKNOWN, is_unknown, plain_map, secret_names, wire_map

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi.provider.experimental.property_value import PropertyValue

    from emulator.azuread.resources.resource import Resource
    from emulator.azuread.values import Values

ENGINE_KEYS = frozenset({"version", "pluginDownloadURL"})
"""What the engine adds to a provider's configuration."""

AUTHORITIES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")
"""Where it finds whom to trust; the first that is set. The official plugin, which is Go, reads the first on Linux, and
on macOS and Windows asks the system (Go: crypto/x509)."""

USER_AGENT = "elium-provisioning stand-in for pulumi-azuread"


@dataclass(slots=True)
class Azuread(engine.Provider):
    """The stand-in for the azuread plugin."""

    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    transport: httpx2.AsyncBaseTransport | None = None
    """How requests travel; ``None`` is the network, which trusts what :data:`AUTHORITIES` and ``SSL_CERT_DIR`` name."""
    patience: Patience = field(default_factory=Patience)
    _graph: Graph | None = field(default=None, init=False)

    async def get_schema(self, request: engine.GetSchemaRequest) -> engine.GetSchemaResponse:  # noqa: ARG002 - there is one
        """Describe what is here."""
        # The wheel behind it costs a third of a second, and most programs ask for no schema.
        from emulator.azuread.schema import package_schema  # noqa: PLC0415

        return engine.GetSchemaResponse(schema=json.dumps(package_schema()))

    async def check_config(self, request: engine.CheckRequest) -> engine.CheckResponse:
        """Accept the official settings, and name the others."""
        unknown = [name for name in request.new_inputs if name not in KEYS | ENGINE_KEYS and not name.startswith("__")]
        failures = [engine.CheckFailure(name, f"Invalid or unknown key {quoted(name)}") for name in unknown]
        return engine.CheckResponse(inputs=request.new_inputs, failures=failures)

    async def configure(self, request: engine.ConfigureRequest) -> engine.ConfigureResponse:
        """Find the cloud; signing in waits until a request needs it."""
        settings = {name.rpartition(":")[2]: value for name, value in request.variables.items()}
        settings |= {name: _as_text(value) for name, value in plain_map(request.args).items()}
        configuration = configuration_from(settings, self.environment, lambda path: Path(path).read_text("utf-8"))
        authorities = next(filter(None, map(self.environment.get, AUTHORITIES)), None)
        http = httpx2.AsyncClient(
            transport=self.transport,
            # Who brings a way to the emulator trusts it.
            verify=self.transport is not None or ssl.create_default_context(cafile=authorities),
            # A proxy of the environment would carry requests off this machine.
            trust_env=False,
            headers={"User-Agent": USER_AGENT},
            timeout=60,
        )
        cloud = await discover(http, configuration.metadata_host)
        if self._graph is not None:
            # Another engine attached: the one before has ended.
            await self._graph.close()
        self._graph = Graph(http, cloud, SignIn(http, cloud, configuration.identity), self.patience)
        return engine.ConfigureResponse(accept_secrets=True, supports_preview=True)

    async def check(self, request: engine.CheckRequest) -> engine.CheckResponse:
        """Say what is wrong with a declaration, all of it at once."""
        resource, inputs = _resource(request.urn), plain_map(request.new_inputs)
        objections = list(objections_to(resource.table, inputs))
        if not objections and not is_unknown(inputs):
            objections = list(resource.objections(inputs))
        completed = wire_map(with_defaults(resource.table, inputs), secret_names(request.new_inputs))
        failures = [engine.CheckFailure(name, reason) for name, reason in objections]
        return engine.CheckResponse(inputs=completed, failures=failures)

    async def diff(self, request: engine.DiffRequest) -> engine.DiffResponse:
        """Say which properties change, and which of them need a new resource."""
        table = _resource(request.urn).table
        state, inputs = plain_map(request.old_state), plain_map(request.new_inputs)
        changes = differences(table, state, inputs, request.ignore_changes)
        replaces = [row.name for row in table if row.replaces and row.name in changes]
        return engine.DiffResponse(changes=bool(changes), replaces=replaces, diffs=list(changes), detailed_diff=changes)

    async def create(self, request: engine.CreateRequest) -> engine.CreateResponse:
        """Make a resource, or foretell one."""
        resource, inputs = _resource(request.urn), plain_map(request.properties)
        secrets = _secrets(resource, request.properties)
        if request.preview:
            return engine.CreateResponse(properties=wire_map(_foretold(resource, inputs), secrets))
        identifier = await resource.create(self.graph, inputs)
        try:
            await resource.complete(self.graph, identifier, inputs)
            state = await self._settled(resource, identifier)
        except PluginError as error:
            known = wire_map(_foretold(resource, inputs, unknown=None), secrets)
            raise NotFinishedError(identifier, known, request.properties, str(error)) from error
        return engine.CreateResponse(identifier, wire_map(_with_carried(resource, state, inputs), secrets))

    async def read(self, request: engine.ReadRequest) -> engine.ReadResponse:
        """Tell the present state; what is gone has no id. Without inputs this is an import."""
        resource = _resource(request.urn)
        found = await resource.read(self.graph, request.resource_id)
        if found is None:
            return engine.ReadResponse("", {}, {})
        state = _with_carried(resource, found, plain_map(request.properties))
        inputs = resource.declaration_of(state)
        if request.inputs:
            inputs = {name: state.get(name, value) for name, value in plain_map(request.inputs).items()}
        secrets = _secrets(resource, request.properties, request.inputs)
        return engine.ReadResponse(request.resource_id, wire_map(state, secrets), wire_map(inputs, secrets))

    async def update(self, request: engine.UpdateRequest) -> engine.UpdateResponse:
        """Change a resource, or foretell the change."""
        resource = _resource(request.urn)
        before, after = plain_map(request.olds), plain_map(request.news)
        secrets, expected = _secrets(resource, request.olds, request.news), _expected(resource, before, after)
        if request.preview:
            return engine.UpdateResponse(wire_map(expected, secrets))
        await resource.update(self.graph, request.resource_id, before, after)
        state = await self._settled(resource, request.resource_id)
        return engine.UpdateResponse(wire_map(_with_carried(resource, state, expected), secrets))

    async def delete(self, request: engine.DeleteRequest) -> None:
        """Remove a resource."""
        await _resource(request.urn).delete(self.graph, request.resource_id)

    async def invoke(self, request: engine.InvokeRequest) -> engine.InvokeResponse:
        """Look something up."""
        function = FUNCTIONS.get(request.tok)
        if function is None:
            raise PluginError(_absent("function", request.tok))
        return engine.InvokeResponse(wire_map(await function(self.graph, plain_map(request.args))))

    @property
    def graph(self) -> Graph:
        """The door to Graph that :meth:`configure` opened."""
        if self._graph is None:
            raise AssertionError("The engine configures a plugin before it uses it.")
        return self._graph

    async def _settled(self, resource: Resource, identifier: str) -> Values:
        """Read until Graph shows what was written, since a new object is unknown to some replicas for a while."""
        state = await self.patience.until(lambda: resource.read(self.graph, identifier))
        if state is None:
            raise PluginError(f"Timed out whilst waiting for {identifier} to be replicated in Azure AD")
        return state


def _resource(urn: str) -> Resource:
    # A URN ends in …$<type>::<name>, with the types of the parents before the dollar sign.
    token = urn.split("::")[-2].rpartition("$")[2]
    if token not in RESOURCES:
        raise PluginError(_absent("resource", token))
    return RESOURCES[token]


def _absent(what: str, token: str) -> str:
    return f"The stand-in for the azuread plugin has no {what} {token}; the official plugin may have it."


def _secrets(resource: Resource, *given: Mapping[str, PropertyValue]) -> frozenset[str]:
    return secret_names(*given) | {row.name for row in resource.table if row.secret}


def _foretold(resource: Resource, inputs: Values, *, unknown: str | None = UNKNOWN) -> Values:
    """Put together the state that a new resource will have; Graph's part of it is *unknown*."""
    decided = {Role.REQUIRED: unknown, Role.ADOPTED: unknown, Role.OUTPUT: unknown}
    state = {row.name: inputs.get(row.name, decided.get(row.role, row.zero)) for row in resource.table}
    return {name: value for name, value in state.items() if value is not None}


def _expected(resource: Resource, before: Values, after: Values) -> Values:
    """Put together the state after an update: what is declared no more is empty, unless Graph may decide about it."""
    kept = {
        row.name: before[row.name]
        for row in resource.table
        if row.role in {Role.ADOPTED, Role.OUTPUT} and row.name in before
    }
    return kept | after


def _with_carried(resource: Resource, state: Values, known: Values) -> Values:
    """Add what Graph does not tell, such as a password, from what was *known* before."""
    carried = {row.name: known.get(row.name, row.zero) for row in resource.table if row.name in known or not row.secret}
    return {name: value for name, value in (carried | state).items() if value is not None}


def _as_text(value: object) -> str:
    # Flags reach a plugin as true, or as the text "true".
    return value if isinstance(value, str) else json.dumps(value)

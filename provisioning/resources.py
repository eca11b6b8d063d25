"""The Pulumi resource classes of our own plugin, with arguments that a type checker knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal, TypeVar

import pulumi

from provisioning.sealing import handed_over

_Value = TypeVar("_Value")

OUTPUTS = ("jobId", "templateId", "schemaVersion", "replacedSchemaVersion", "jobStatus", "portalUrl")
"""What the service tells of a job."""

REMOVED = None
"""In a table of mappings or filters: take this one away. What is not named stays as it is."""


class Args:
    """Arguments that are written in camel case for the plugin; those that are ``None`` are not said."""

    def inputs(self) -> dict[str, Any]:
        """Write them as the plugin reads them."""
        named = ((each.name, getattr(self, each.name)) for each in fields(self))  # type: ignore[arg-type]  # dataclasses
        return {_camel(name): _plain(value) for name, value in named if value is not None}


@dataclass(kw_only=True)
class NotificationArgs(Args):
    """Whom Entra writes to when provisioning fails."""

    email: pulumi.Input[str]
    enabled: pulumi.Input[bool] | None = None


@dataclass(kw_only=True)
class MappingArgs(Args):
    """How one target attribute gets its value. What is not said stays as the service has it."""

    source: pulumi.Input[str] | None = None
    match: pulumi.Input[int] | None = None
    default: pulumi.Input[str] | None = None
    flow_type: pulumi.Input[str] | None = None
    flow_behavior: pulumi.Input[str] | None = None
    remove: pulumi.Input[bool] | None = None
    """Take the mapping away, as :data:`REMOVED` does; nothing else is written then."""


@dataclass(kw_only=True)
class AssignmentArgs(Args):
    """A group or user who is assigned."""

    principal_id: pulumi.Input[str]
    kind: pulumi.Input[Literal["group", "user"]] | pulumi.Output[str]
    name: pulumi.Input[str] | None = None
    role: pulumi.Input[str] | None = None
    """The id of the app role; a plan is told the role once, and not here."""


Mappings = Mapping[str, "Mapping[str, pulumi.Input[str] | pulumi.Input[MappingArgs | Mapping[str, Any]] | None]"]
"""By kind (``users``, ``groups``) and target attribute; :data:`REMOVED` takes a mapping away."""


@dataclass(kw_only=True)
class JobSettingsArgs(Args):
    """How a synchronization job should be, whoever is told it. What is not said stays as the service has it."""

    delete_threshold: pulumi.Input[int] | None = None
    skip_out_of_scope_deletions: pulumi.Input[bool] | None = None
    scope: pulumi.Input[Literal["assigned", "all"]] | pulumi.Output[str] | None = None
    mappings: pulumi.Input[Mappings] | None = None
    filters: pulumi.Input[Mapping[str, Any]] | None = None
    objects: pulumi.Input[Mapping[str, Any]] | None = None
    attributes: pulumi.Input[Mapping[str, Any]] | None = None
    status: pulumi.Input[Literal["on", "off"]] | pulumi.Output[str] | None = None
    template_id: pulumi.Input[str] | None = None
    accept_leavers: pulumi.Input[int] | None = None
    accept_entrants: pulumi.Input[int] | None = None
    impact_limit: pulumi.Input[int] | None = None
    on_destroy: pulumi.Input[Literal["refuse", "retain"]] | pulumi.Output[str] | None = None


@dataclass(kw_only=True)
class DeclaredJobArgs(JobSettingsArgs):
    """What a job and its plan are both told."""

    base_address: pulumi.Input[str]
    secret_token: pulumi.Input[str]
    notification: pulumi.Input[NotificationArgs | Mapping[str, Any]] | None = None


@dataclass(kw_only=True)
class SynchronizationJobArgs(DeclaredJobArgs):
    """How a synchronization job should be."""

    service_principal_id: pulumi.Input[str]
    assignments: pulumi.Input[Sequence[AssignmentArgs | Mapping[str, Any]]] | None = None


@dataclass(kw_only=True)
class ProvisioningPlanArgs(DeclaredJobArgs):
    """What is to become of an app's provisioning."""

    service_principal_id: pulumi.Input[str] | None = None
    assignments: pulumi.Input[Sequence[AssignmentArgs | Mapping[str, Any]]] | None = None
    role: pulumi.Input[str] | None = None
    gallery_template_id: pulumi.Input[str] | None = None
    display_name: pulumi.Input[str] | None = None


class ProvisioningPlan(pulumi.CustomResource):
    """The judge: what everything is to become, looked at before anything is touched.

    Let the role assignments of the app depend on it. What it refuses, by an error with the numbers and the words that
    accept it, is refused before anybody is assigned or loses an assignment.
    """

    def __init__(
        self,
        name: str,
        args: ProvisioningPlanArgs | Mapping[str, Any],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        outputs = dict.fromkeys(("plan", "roleId", "assignments"))
        super().__init__("entrasync:index:ProvisioningPlan", name, {**outputs, **_declared(args)}, opts)

    @property
    def role_id(self) -> pulumi.Output[str]:
        """The id of the app role that is assigned."""
        return _output(self, "roleId")

    @property
    def judged(self) -> pulumi.Output[Sequence[Mapping[str, str]] | None]:
        """Who was to be assigned when the plan was judged last."""
        return _output(self, "assignments")

    @property
    def plan(self) -> pulumi.Output[str]:
        """The word by which the plan that was judged last is known again."""
        return _output(self, "plan")


class SynchronizationJob(pulumi.CustomResource):
    """The synchronization job of a gallery app: credentials, notification, mappings, filters, scope and status.

    One resource, because order matters: test, save, map, start is one story with one owner. Its inputs are those of
    :class:`provisioning.settings.job.JobInputs`; what they do not name stays as the service has it. Import it as
    ``<servicePrincipalId>/<jobId>``.
    """

    def __init__(
        self,
        name: str,
        args: SynchronizationJobArgs | Mapping[str, Any],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare the job. A mapping in place of typed arguments is in camel case, as the plugin reads it."""
        outputs = dict.fromkeys(OUTPUTS)
        # A job that is made while there is one takes that over, so the old one cannot be deleted after the new is made.
        options = pulumi.ResourceOptions.merge(pulumi.ResourceOptions(delete_before_replace=True), opts)
        super().__init__("entrasync:index:SynchronizationJob", name, {**outputs, **_declared(args)}, options)

    @property
    def job_id(self) -> pulumi.Output[str]:
        """The job's id at the service."""
        return _output(self, "jobId")

    @property
    def template_id(self) -> pulumi.Output[str]:
        """The synchronization template that it was made from."""
        return _output(self, "templateId")

    @property
    def schema_version(self) -> pulumi.Output[str]:
        """The version of its schema when it was last read; empty when it never was."""
        return _output(self, "schemaVersion")

    @property
    def replaced_schema_version(self) -> pulumi.Output[str | None]:
        """The version of the schema that was last replaced; nothing when none was."""
        return _output(self, "replacedSchemaVersion")

    @property
    def job_status(self) -> pulumi.Output[Mapping[str, str]]:
        """``code`` and, in quarantine, ``quarantineReason``, as last seen."""
        return _output(self, "jobStatus")

    @property
    def portal_url(self) -> pulumi.Output[str]:
        """The provisioning page of this app in the portal."""
        return _output(self, "portalUrl")


@dataclass(kw_only=True)
class ProviderArgs(Args):
    """Who the plugin is at Microsoft Graph, in azuread's words; what is not said comes from the environment."""

    tenant_id: pulumi.Input[str] | None = None
    client_id: pulumi.Input[str] | None = None
    client_secret: pulumi.Input[str] | None = None
    client_certificate_path: pulumi.Input[str] | None = None
    client_certificate_password: pulumi.Input[str] | None = None
    oidc_token: pulumi.Input[str] | None = None
    oidc_token_file_path: pulumi.Input[str] | None = None
    oidc_request_url: pulumi.Input[str] | None = None
    oidc_request_token: pulumi.Input[str] | None = None
    client_secret_file_path: pulumi.Input[str] | None = None
    ado_pipeline_service_connection_id: pulumi.Input[str] | None = None
    use_oidc: pulumi.Input[bool] | None = None
    use_msi: pulumi.Input[bool] | None = None
    use_cli: pulumi.Input[bool] | None = None
    environment: pulumi.Input[str] | None = None
    metadata_host: pulumi.Input[str] | None = None


class Provider(pulumi.ProviderResource):
    """An identity of its own for some resources, so that one program can serve several Entra tenants."""

    def __init__(
        self, name: str, args: ProviderArgs | Mapping[str, Any], opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Declare the identity. Secrets among its arguments are secrets in the state, whether marked or not."""
        inputs = {key: _secret(key, value) for key, value in _inputs(args).items()}
        super().__init__("entrasync", name, inputs, opts)


SECRETS = frozenset({"clientSecret", "clientCertificatePassword", "oidcToken", "oidcRequestToken"})


def _secret(name: str, value: Any) -> Any:  # noqa: ANN401 - an input of any type
    return pulumi.Output.secret(value) if name in SECRETS else value


def _declared(args: DeclaredJobArgs | Mapping[str, Any]) -> Mapping[str, Any]:
    """Write what a plan or a job is told, its token sealed."""
    inputs = _inputs(args)
    return {**inputs, "secretToken": handed_over(inputs["secretToken"])} if "secretToken" in inputs else inputs


def _inputs(args: Args | Mapping[str, Any]) -> Mapping[str, Any]:
    return args.inputs() if isinstance(args, Args) else args


def _plain(value: Any) -> Any:  # noqa: ANN401 - an input of any type
    """Write typed arguments inside of others."""
    match value:
        case Args():
            return value.inputs()
        case Mapping():
            return {key: _plain(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_plain(inner) for inner in value]
        case _:
            return value


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def _output(resource: pulumi.Resource, name: str) -> pulumi.Output[Any]:
    """Give an output by the plugin's name; Pulumi's own translation would rename attributes in mappings too."""
    output: pulumi.Output[Any] = pulumi.get(resource, name)
    return _or_a_sentence(resource, output)


def once_done(resource: pulumi.Resource) -> pulumi.Output[pulumi.Resource]:
    """Give a resource for others to depend on, which end the program in a sentence when it fails."""
    return _or_a_sentence(resource, resource.urn).apply(lambda _: resource)


def _or_a_sentence(resource: pulumi.Resource, output: pulumi.Output[_Value]) -> pulumi.Output[_Value]:
    """End the program in a sentence where it needs an *output* of a resource that failed.

    With ``--continue-on-error`` a program goes on after a refusal. It has to fail in the end, since an engine deletes
    what is no longer declared unless its program failed; left to itself, Pulumi fails with a traceback.
    """

    def failed(cause: Exception) -> _Value:
        if isinstance(cause, pulumi.RunError):
            raise cause
        raise pulumi.RunError(f"What depends on {resource.pulumi_resource_name} was left as it is.") from cause

    return output.recover(failed)

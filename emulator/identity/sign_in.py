"""The client credentials flow: is this application who it says it is? (Learn: v2-oauth2-client-creds-grant-flow).

Three proofs are taken: a client secret, an assertion signed by a certificate that is registered on the application,
and an assertion of another issuer that the application trusts (workload identity federation).
"""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from emulator.company.client_secrets import secret_hash
from emulator.company.refusal import Refusal
from emulator.company.store import Kind
from emulator.identity.permissions import granted_to
from emulator.identity.refusals import refuse
from emulator.identity.tokens import LIFETIME, Caller, is_graph, is_resource_manager, is_vault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
    from jwt.types import Options

    from emulator.company.store import DirectoryObject, JsonObject, Tenant, World
    from emulator.identity.tokens import TokenDesk

_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ALGORITHMS = ["RS256", "PS256", "ES256"]
OPENID_SCOPES = frozenset({"openid", "profile", "email", "offline_access"})
"""Scopes that ask for no resource (Learn: scopes-oidc)."""
_FEDERATION_AUDIENCE = "api://AzureADTokenExchange"


@dataclass(frozen=True, slots=True)
class Asked:
    """A token request, after HTTP was taken off it."""

    tenant: str
    """Id or domain."""
    form: Mapping[str, str]
    origin: str
    """The address that the client used, such as ``https://127.0.0.1:8443``."""
    issuer_keys: tuple[PublicKeyTypes, ...] = ()
    """Public keys of the assertion's issuer, when its discovery document could be read."""
    by_resource: bool = False
    """Whether the v1 endpoint was asked, which takes ``resource`` instead of ``scope``."""


def sign_in(world: World, desk: TokenDesk, asked: Asked) -> JsonObject:
    """Answer a token request. :raises Refusal: with an ``AADSTS`` code."""
    tenant, form = _tenant_of(world, asked.tenant), asked.form
    for needed in ("grant_type", "client_id", "resource" if asked.by_resource else "scope"):
        if not form.get(needed):
            raise refuse("AADSTS900144", name=needed)
    if form["grant_type"] != "client_credentials":
        raise refuse("AADSTS70003", name=form["grant_type"])
    audience = _known(form["resource"], tenant) if asked.by_resource else _resource_of(form["scope"], tenant)
    application = _application_of(tenant, form["client_id"])
    _prove(world, desk, tenant, application, asked)
    caller = _caller_of(tenant, application)
    token = desk.issue(caller, audience=audience, issuer=f"{asked.origin}/{tenant.id}/")
    if asked.by_resource:
        return _answer_of_v1(token, audience, int(desk.wall()))
    return {"token_type": "Bearer", "expires_in": LIFETIME, "ext_expires_in": LIFETIME, "access_token": token}


def _tenant_of(world: World, name: str) -> Tenant:
    try:
        return world.tenant(name)
    except Refusal:
        raise refuse("AADSTS90002", name=name) from None


def _answer_of_v1(token: str, resource: str, now: int) -> JsonObject:
    """Answer as the v1 endpoint does, numbers as texts (Learn: v1-oauth2-client-creds-grant-flow)."""
    return {
        "token_type": "Bearer",
        "expires_in": str(LIFETIME),
        "ext_expires_in": str(LIFETIME),
        "expires_on": str(now + LIFETIME),
        "not_before": str(now),
        "resource": resource,
        "access_token": token,
    }


def _resource_of(scope: str, tenant: Tenant) -> str:
    """Find the one resource of a scope. MSAL for Go and Java add OpenID's own scopes, which are left out of account."""
    resources = [word for word in scope.split() if word not in OPENID_SCOPES]
    resource, dot, suffix = resources[0].rpartition("/.") if len(resources) == 1 else ("", "", "")
    if not dot or suffix != "default":
        raise refuse("AADSTS1002012", name=scope)
    return _known(resource, tenant)


def _known(resource: str, tenant: Tenant) -> str:
    """Let through what tokens are issued for: Graph, Azure Key Vault, and Resource Manager for ``az login``."""
    resource = resource.rstrip("/")
    if not any(means(resource) for means in (is_graph, is_resource_manager, is_vault)):
        raise refuse("AADSTS500011", name=resource, tenant=tenant.display_name)
    return resource


def _application_of(tenant: Tenant, client_id: str) -> DirectoryObject:
    for application in tenant.directory.all(Kind.APPLICATION):
        if application.properties["appId"] == client_id.lower():
            return application
    raise refuse("AADSTS700016", name=client_id, tenant=tenant.display_name)


def _caller_of(tenant: Tenant, application: DirectoryObject) -> Caller:
    app_id = application.properties["appId"]
    for principal in tenant.directory.all(Kind.SERVICE_PRINCIPAL):
        if principal.properties["appId"] == app_id:
            if not principal.properties.get("accountEnabled", True):
                raise refuse("AADSTS7000112", name=app_id)
            return Caller(tenant.id, principal.id, app_id, granted_to(tenant.directory, principal), 0.0)
    raise refuse("AADSTS700016", name=app_id, tenant=tenant.display_name)


def _prove(world: World, desk: TokenDesk, tenant: Tenant, application: DirectoryObject, asked: Asked) -> None:
    """Check the proof that came with the request. :raises Refusal: when it does not hold."""
    form = asked.form
    if form.get("client_secret"):
        _check_secret(application, form["client_secret"], world.clock.now())
        return
    if not form.get("client_assertion") or form.get("client_assertion_type") != _ASSERTION_TYPE:
        raise refuse("AADSTS7000218")
    assertion = form["client_assertion"]
    try:
        claims = jwt.decode(assertion, options={"verify_signature": False})
    except jwt.InvalidTokenError:
        raise refuse("AADSTS50027") from None
    if claims.get("iss") == application.properties["appId"]:
        _check_certificate(application, assertion, desk, audiences=_token_addresses(tenant, asked.origin))
    else:
        _check_federation(application, asked, claims, desk)


def _check_secret(application: DirectoryObject, secret: str, now: datetime) -> None:
    given = secret_hash(secret)
    for known in application.properties.get("_secrets", ()):
        if hmac.compare_digest(known["sha256"], given):
            if datetime.fromisoformat(known["endDateTime"]) <= now:
                raise refuse("AADSTS7000222", name=application.properties["appId"])
            return
    raise refuse("AADSTS7000215", name=application.properties["appId"])


def _check_certificate(
    application: DirectoryObject, assertion: str, desk: TokenDesk, *, audiences: frozenset[str]
) -> None:
    app_id = application.properties["appId"]
    for credential in application.properties.get("keyCredentials") or ():
        key = _certificate_key(credential.get("key"))
        claims = _claims_signed_by(key, assertion) if key else None
        if claims is None:
            continue
        if claims.get("sub") != app_id:
            raise refuse("AADSTS700021")
        if claims.get("aud") not in audiences:
            raise refuse("AADSTS700023")
        _check_lifetime(claims, desk)
        return
    raise refuse("AADSTS700027", name=app_id)


def _check_federation(application: DirectoryObject, asked: Asked, claims: dict[str, Any], desk: TokenDesk) -> None:
    assertion = asked.form["client_assertion"]
    issuer, subject = str(claims.get("iss")), str(claims.get("sub"))
    trusted = [known for known in application.properties.get("_federated", ()) if known["issuer"] == issuer]
    if not trusted:
        raise refuse("AADSTS700211", name=issuer)
    matching = [known for known in trusted if known["subject"] == subject]
    if not matching:
        raise refuse("AADSTS700213", name=subject)
    audience = claims.get("aud")
    audiences = {audience} if isinstance(audience, str) else set(audience or ())
    for known in matching:
        if not audiences & set(known.get("audiences") or [_FEDERATION_AUDIENCE]):
            raise refuse("AADSTS700212", name=str(audience))
        keys = [_public_key(known["key"])] if known.get("key") else asked.issuer_keys
        if not keys:
            raise refuse("AADSTS50166", name=issuer)
        if any(_claims_signed_by(key, assertion) is not None for key in keys):
            _check_lifetime(claims, desk)
            return
    raise refuse("AADSTS50027")


def _claims_signed_by(key: PublicKeyTypes, assertion: str) -> dict[str, Any] | None:
    """Read an assertion if *key* signed it. Its audience and lifetime are judged elsewhere."""
    options: Options = {"verify_aud": False, "verify_exp": False, "verify_nbf": False, "verify_iat": False}
    try:
        claims: dict[str, Any] = jwt.decode(assertion, key, algorithms=_ALGORITHMS, options=options)  # type: ignore[arg-type]  # PyJWT accepts each of cryptography's public keys that can sign
    except (jwt.InvalidTokenError, TypeError):
        return None
    return claims


def _check_lifetime(claims: Mapping[str, Any], desk: TokenDesk) -> None:
    """Compare with the wall clock: assertions come from programs and live in their time, like tokens."""
    now = desk.wall()
    try:
        begins, ends = float(claims.get("nbf", 0)), float(claims.get("exp", 0))
    except (TypeError, ValueError):
        raise refuse("AADSTS50027") from None
    if not begins - 300 <= now <= ends + 300:
        raise refuse("AADSTS700024")


def _public_key(pem: str) -> PublicKeyTypes:
    return serialization.load_pem_public_key(pem.encode())


def _certificate_key(encoded: object) -> PublicKeyTypes | None:
    """Read the certificate of a key credential; what is not one signs nothing."""
    try:
        return x509.load_der_x509_certificate(base64.b64decode(str(encoded))).public_key()
    except ValueError:
        return None


def _token_addresses(tenant: Tenant, origin: str) -> frozenset[str]:
    addresses = set()
    for name in (tenant.id, tenant.domain):
        for path in ("oauth2/v2.0/token", "oauth2/token", "v2.0"):
            addresses.add(f"{origin}/{name}/{path}")
    return frozenset(addresses)

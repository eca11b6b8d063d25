"""The rows of the parity page that are not routes of Graph: behaviours, other faces, what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.graph import absent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

OTHER_ROUTES: Mapping[str, str] = {
    "GET /metadata/endpoints": "describe this cloud, for a provider's metadataHost",
    "GET /common/discovery/instance": "say that this host is a login host",
    "GET /{tenant}/v2.0/.well-known/openid-configuration": "describe the tenant's login addresses",
    "GET /{tenant}/.well-known/openid-configuration": "the same of the v1 endpoints",
    "GET /{tenant}/discovery/v2.0/keys": "list the keys that sign tokens",
    "GET /{tenant}/discovery/keys": "the same at the v1 address",
    "POST /{tenant}/oauth2/v2.0/token": "issue a token for a secret, a certificate or another issuer's assertion",
    "POST /{tenant}/oauth2/token": "the same for a resource, as the v1 endpoint does",
    "GET /{tenant}/oauth2/v2.0/authorize": "refused: no application has a reply address, and nobody signs in",
    "POST /{tenant}/oauth2/v2.0/authorize": "refused like GET",
    "GET /{tenant}/oauth2/authorize": "refused at the v1 address too",
    "POST /{tenant}/oauth2/authorize": "refused like GET",
    "GET /arm/subscriptions": "no Azure subscriptions, so that az login ends well",
    "GET /arm/tenants": "the tenant that a token for Azure Resource Manager is of",
    "GET /subscriptions": "the same at the root, where Azure Resource Manager has it",
    "GET /tenants": "the same at the root",
    "GET /secrets": "list the secrets of the vault, without their values",
    "GET /secrets/{name}": "give the newest version of a secret to who has a token for a vault",
    "GET /secrets/{name}/": "the same as Microsoft's clients ask for it",
    "GET /secrets/{name}/versions": "list the versions of a secret, without their values",
    "GET /secrets/{name}/{version}": "give a version of a secret that is named",
    "GET /_emulator/state": "tell the time and how the jobs are",
    "GET /_emulator/changes": "answer as soon as something changed",
    "POST /_emulator/clock/advance": "let the company's time pass; cycles run when they are due",
    "POST /_emulator/cycles/run": "run what is due, or one job now",
    "GET /_emulator/requests": "list what was asked",
    "DELETE /_emulator/requests": "forget what was asked",
    "GET /_emulator/outbox": "list the e-mails that would have been sent",
    "DELETE /_emulator/outbox": "forget them",
    "POST /_emulator/reset": "go back to the seed",
    "GET /_emulator/snapshot": "write down the world: directory, jobs with all they remember, accounts at Elium",
    "PUT /_emulator/snapshot": "go on in the world of a snapshot",
    "GET /_emulator/faults": "list the faults that are set",
    "POST /_emulator/faults": "set faults: by route, call, chance; delay, status, cut, spoilt or stale answers",
    "DELETE /_emulator/faults": "let everything work again",
    "PUT /_emulator/throttling": "count requests against the documented quotas, or smaller ones",
    "DELETE /_emulator/throttling": "stop counting",
    "PUT /_emulator/replication": "let new objects lag behind in reads and lists",
    "GET /_emulator/elium/{tenant}": "show the accounts and groups at Elium",
    "GET /_emulator/elium/{tenant}/accounts": "show accounts at Elium, page by page, the one changed last first",
    "GET /_emulator/elium/{tenant}/requests": "show what Elium was sent",
    "DELETE /_emulator/elium/{tenant}/requests": "forget what Elium was sent",
    "GET /_emulator/elium/{tenant}/faults": "list the faults that are set at Elium",
    "POST /_emulator/elium/{tenant}/faults": "set faults at Elium",
    "DELETE /_emulator/elium/{tenant}/faults": "let Elium work again",
    "PUT /_emulator/elium/{tenant}/behaviour": "give Elium other habits",
    "GET /_emulator/elium/{tenant}/tokens": "list the tokens that open Elium, by number",
    "POST /_emulator/elium/{tenant}/tokens": "make one more token at Elium; it is shown once",
    "PATCH /_emulator/elium/{tenant}/tokens/{number}": "switch a token at Elium off, or on again",
    "DELETE /_emulator/elium/{tenant}/tokens/{number}": "revoke a token at Elium",
    "GET /_emulator/vault/secrets": "list the secrets of the vault with their versions, never what they are",
    "PUT /_emulator/vault/secrets/{name}": "make a secret in the vault, or a new version of it",
    "PATCH /_emulator/vault/secrets/{name}": "switch the newest version of a secret off, or on again",
    "DELETE /_emulator/vault/secrets/{name}": "remove a secret from the vault",
}
"""Routes of the other faces."""

SIMPLIFIED: Mapping[str, str] = {
    "PUT /applications/{id}/logo": "the picture itself is not kept",
    "GET /organization": "only names and domains are there",
    "GET /organization/{id}": "only names and domains are there",
}
"""Routes of Graph that answer with less than the service does, and what is missing."""

BEHAVIOURS: Sequence[str] = (
    "A call without a token, with an expired, forged or foreign one is refused with 401 InvalidAuthenticationToken",
    "A missing permission is 403 Authorization_RequestDenied, and 401 UnknownError under /synchronization",
    "Application.ReadWrite.OwnedBy opens synchronization to an owner of the service principal only",
    "An unknown path is 404 and a wrong verb 405, both in Graph's error envelope with request ids",
    "Pages end with an absolute nextLink that is followed as it is",
    "Advanced queries need ConsistencyLevel and $count, and are refused or ignored without them as documented",
    "Deleting an application deletes its service principal, and restoring it brings both back",
    "What is deleted does not come back beside something alive that has its name by now",
    "What was deleted is purged thirty days later, by the company's clock",
    "A security group is deleted for good, a Microsoft 365 group softly",
    "The id of an app role assignment is the principal and a random id, little-endian, in base64url",
    "A second equal assignment is refused in one of the two observed wordings",
    "An app role that does not exist cannot be assigned",
    "An app role that is enabled cannot be removed",
    "Instantiating a template twice makes two applications",
    "An explicit null empties a property and a group of properties keeps what is not mentioned",
    "Secrets are replaced as a whole, masked when read, and removed by an empty value",
    "A request of a batch waits for the one it depends on and fails with 424 when that one failed",
    "Requests are counted in resource units and writes, and refused with 429 and Retry-After beyond the quota",
    "A new object answers 404 and is missing in lists until it has been replicated",
    "Everything under /me is refused: there are application tokens only",
    "A write says what it carries, and is refused in Graph's words when it does not",
    "A compressed body is unpacked",
    "Half of a surrogate pair is not a character: 400, and nothing is kept",
    "A property that does not exist is refused in every list, also in an empty one",
    "One thing of any type shows what $select names, and refuses a property that it does not have",
    "A password that is too weak is refused unless the user may have one",
    "A property is refused a value that it cannot have, and what is required cannot be emptied",
    "Dynamic groups are filled by their rules, and provisioning follows",
    "Directory extensions are shown on $select, filtered by, mapped and used in scoping filters",
    "A saved mapping or filter ends a quarantine and forgets what failed",
    "A word that an enumeration of a schema does not have is refused",
    "A value of a schema that is not of its type is refused",
    "A key that a connection does not have is refused",
    "A scoping filter that Entra does not take is refused",
    "Input filters keep out without deprovisioning",
    "Nothing from outside ends in a 500",
    "A cycle runs at the moment when it is due, also when weeks pass at once",
)
"""What holds across routes, a sentence each."""

ABSENT: Mapping[str, str] = absent.REASONS
"""Parts of Graph that a reader may look for; a client is told the same reason."""

"""Values for tests: every default is valid, every argument is what a test is about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any

from provisioning.language import Expression
from provisioning.model.assignment import Assignment, PrincipalKind
from provisioning.model.connection import Connection, DeclaredConnection
from provisioning.model.credentials import Credentials, SecretToken
from provisioning.model.declaration import Declaration, DeclaredSchema
from provisioning.model.identifiers import JobId, ServicePrincipalId, TemplateId
from provisioning.model.job import Job
from provisioning.model.mapping import AttributeMapping, ObjectKind
from provisioning.model.object_mapping import ObjectMapping
from provisioning.model.person import Person
from provisioning.model.schema import SynchronizationSchema
from provisioning.planning.configuration import Configuration

TOKEN = "canary-token-5up3rs3cr3t"
ADDRESS = "https://acme.elium.com/scim/v2"
PRINCIPAL = ServicePrincipalId("3e9b6a20-7c4d-4e1f-8a5b-6c7d8e9f0a1b")
PLAIN_TARGETS = ("userName", "displayName", "nickName", "title", "active")
PLAIN_SOURCES = (
    *("userPrincipalName", "mail", "department", "displayName"),
    *("givenName", "surname", "jobTitle", "otherMails"),
)
WORK_EMAIL = 'emails[type eq "work"].value'
USER_OBJECT = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


def a_job(*, on: bool = False, status: str = "Paused", template: str = "elium") -> Job:
    """Build a job as the service reports it."""
    return Job(JobId(f"{template}.7a1d5f0c.5c0e7d11"), TemplateId(template), is_on=on, status=status)


def a_credentials() -> Credentials:
    """Build the credentials that a declaration names."""
    return Credentials(ADDRESS, SecretToken(TOKEN))


def a_declaration(**differences: Any) -> Declaration:
    """Build a declaration that names address and token, and that the job runs.

    What belongs to the connection may be named as well.
    """
    ours = {each.name for each in fields(DeclaredConnection)} & differences.keys()
    connection = DeclaredConnection(**({"address": ADDRESS} | {name: differences.pop(name) for name in ours}))
    usual: dict[str, Any] = {"connection": connection, "on": True, "token": SecretToken(TOKEN)}
    return Declaration(**(usual | differences))


def an_assignment(name: str = "Staff", *, role: str = "role-user", kind: str = "group") -> Assignment:
    """Build the assignment of a group, whose object id is its name in small letters."""
    return Assignment(name.lower(), PrincipalKind(kind), name, role)


def some_people(count: int, *, through: str = "staff", **attributes: Any) -> tuple[Person, ...]:
    """Build people of a group, each with an address of their own."""
    return tuple(
        Person(
            f"{through}-{number}",
            f"P{number} of {through}",
            {"userPrincipalName": f"{through}{number}@acme.example"} | attributes,
            through=frozenset({through}),
        )
        for number in range(count)
    )


def a_configuration(schema: SynchronizationSchema | None = None, **differences: Any) -> Configuration:
    """Build how provisioning is configured; what belongs to the connection may be named as well."""
    ours = {each.name for each in fields(DeclaredConnection)} & differences.keys()
    declared = DeclaredConnection(**{name: differences.pop(name) for name in ours})
    return Configuration(schema or a_schema(), Connection().edited(declared), **differences)


def a_mapping(target: str = "userName", source: str = "[userPrincipalName]", **differences: Any) -> AttributeMapping:
    """Build a mapping."""
    return AttributeMapping(target, Expression.parse(source), **differences)


def edited(
    schema: SynchronizationSchema, kind: ObjectKind, edit: Callable[[ObjectMapping], ObjectMapping]
) -> SynchronizationSchema:
    """Give a schema whose object mapping of a kind is another one."""
    return schema.having(edit(schema.of(kind)))


def a_declared_schema(**differences: Any) -> DeclaredSchema:
    """Build the schema's part of a declaration."""
    return DeclaredSchema(**differences)


def an_attribute_node(name: str, **differences: Any) -> dict[str, Any]:
    """Build an attributeDefinition as Graph writes it."""
    return {"name": name, "type": "String", "required": False, "mutability": "ReadWrite"} | differences


def a_mapping_node(target: str, attribute: str, **differences: Any) -> dict[str, Any]:
    """Build an attributeMapping as Graph writes it."""
    source = {"expression": f"[{attribute}]", "name": attribute, "type": "Attribute", "parameters": []}
    node = {"defaultValue": None, "exportMissingReferences": False, "flowBehavior": "FlowWhenChanged"}
    return (
        node
        | {"flowType": "Always", "matchingPriority": 0, "targetAttributeName": target, "source": source}
        | differences
    )


def a_closing_schema() -> SynchronizationSchema:
    """Build a schema by which people who leave are disabled."""
    closing = 'Switch([IsSoftDeleted], , "False", "True", "True", "False")'
    return a_schema(
        a_mapping_node("userName", "userPrincipalName", matchingPriority=1),
        a_mapping_node("active", "x", source={"type": "Function", "expression": closing}),
    )


def a_schema(*mappings: dict[str, Any], scope: dict[str, Any] | None = None) -> SynchronizationSchema:
    """Build a schema with a user mapping, as Graph writes it, with keys that nobody here knows."""
    users = {
        "enabled": True,
        "sourceObjectName": "User",
        "targetObjectName": USER_OBJECT,
        "scope": scope,
        "futureKey": {"kept": [None, 1]},
        "attributeMappings": list(mappings) or [a_mapping_node("userName", "userPrincipalName", matchingPriority=1)],
    }
    targets = [an_attribute_node(name) for name in (*PLAIN_TARGETS, WORK_EMAIL)]
    sources = [an_attribute_node(name) for name in PLAIN_SOURCES]
    sources.append(an_attribute_node("manager", type="Reference"))
    return SynchronizationSchema(
        {
            "id": "elium.7a1d5f0c",
            "version": "v1.2",
            "synchronizationRules": [
                {"sourceDirectoryName": "Entra", "targetDirectoryName": "Elium", "objectMappings": [users]}
            ],
            "directories": [
                {"name": "Entra", "objects": [{"name": "User", "attributes": sources}]},
                {"name": "Elium", "objects": [{"name": USER_OBJECT, "attributes": targets}]},
            ],
        }
    )

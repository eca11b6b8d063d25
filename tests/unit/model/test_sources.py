"""The table of source attributes agrees with the schema that a template shows, and with Graph's user."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.engine.template import schema
from provisioning.model.sources import (
    GROUP_SOURCE_ATTRIBUTES,
    SOURCE_ATTRIBUTES,
    SourceAttribute,
    group_source_attribute,
    source_attribute,
)

EXTENSION = "extension_0123456789abcdef0123456789abcdef_costCentre"


def shown(kind: str) -> dict[str, dict[str, Any]]:
    (directory,) = [one for one in schema("elium")["directories"] if one["name"] == "Azure Active Directory"]
    (listed,) = [one for one in directory["objects"] if one["name"] == kind]
    return {attribute["name"]: attribute for attribute in listed["attributes"]}


@pytest.mark.parametrize(("kind", "table"), [("User", SOURCE_ATTRIBUTES), ("Group", GROUP_SOURCE_ATTRIBUTES)])
def test_what_a_template_lists_is_in_the_table_with_its_type(kind: str, table: dict[str, SourceAttribute]) -> None:
    expected = {name: (one["type"], one["multivalued"]) for name, one in shown(kind).items()}

    assert {name: (table[name].type, table[name].has_several) for name in expected} == expected


def test_a_name_of_graphs_leads_to_a_name_of_the_same_property_that_a_template_lists() -> None:
    rows = [row for row in SOURCE_ATTRIBUTES.values() if row.called]

    assert [row.name for row in rows if row.property != SOURCE_ATTRIBUTES[row.called].property] == []
    assert {row.name for row in rows} >= {"mobilePhone", "businessPhones", "officeLocation", "faxNumber"}
    assert {row.name for row in rows} & shown("User").keys() == set()


def test_an_attribute_without_a_property_is_computed_or_a_reference() -> None:
    without = [row for row in SOURCE_ATTRIBUTES.values() if not row.property]

    assert {row.name: (row.is_computed, row.type) for row in without} == {
        "IsSoftDeleted": (True, "Boolean"),
        "appRoleAssignments": (True, "String"),
        "manager": (False, "Reference"),
    }


@pytest.mark.parametrize("name", ["extensionAttribute1", "extensionAttribute15"])
def test_the_fifteen_extension_attributes_are_known(name: str) -> None:
    known = source_attribute(name)

    assert known
    assert known.property == "onPremisesExtensionAttributes"


@pytest.mark.parametrize(
    "name", ["extensionAttribute0", "extensionAttribute16", "extension_12_x", "Mail", "titel", "", f"{EXTENSION} "]
)
def test_a_name_that_no_tenant_has_is_unknown(name: str) -> None:
    assert (source_attribute(name), group_source_attribute(name)) == (None, None)


def test_what_a_tenant_adds_is_known_by_its_form_and_its_type_is_the_tenants() -> None:
    expected = SourceAttribute(name=EXTENSION, property=EXTENSION, type=None)

    assert (source_attribute(EXTENSION), group_source_attribute(EXTENSION)) == (expected, expected)


def test_members_belong_to_groups_and_managers_to_people() -> None:
    assert [source_attribute("members"), group_source_attribute("manager")] == [None, None]

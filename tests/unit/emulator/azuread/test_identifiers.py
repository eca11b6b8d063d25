from __future__ import annotations

import pytest

from emulator.azuread.faults import PluginError
from emulator.azuread.identifiers import GROUP, Shape

ONE = "11111111-1111-4111-8111-111111111111"


def test_an_id_is_read_as_it_was_written() -> None:
    shape = Shape("/servicePrincipals/{sp}/appRoleAssignedTo/{assignment}")

    assert shape.parts(shape.of("sp-1", "a_1-x")) == ["sp-1", "a_1-x"]


@pytest.mark.parametrize("given", ["", "/groups/", "/users/1", "/groups/1/more", "groups/1"])
def test_an_id_of_another_form_is_refused_with_the_form_it_should_have(given: str) -> None:
    with pytest.raises(PluginError, match=r'expected an ID of the form "/groups/{groupId}"'):
        GROUP.parts(given)


def test_a_bare_object_id_is_understood_where_the_form_has_one_part() -> None:
    assert [GROUP.single(ONE), GROUP.single(f"/groups/{ONE}")] == [ONE, ONE]

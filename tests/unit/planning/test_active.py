from __future__ import annotations

import pytest
from builders import a_mapping

from provisioning.model.mapping import AttributeMapping, FlowType
from provisioning.planning.active import disables


@pytest.mark.parametrize(
    ("source", "does"),
    [
        ('Switch([IsSoftDeleted], , "False", "True", "True", "False")', True),
        ("Not([IsSoftDeleted])", True),
        ('IIF([IsSoftDeleted]="True", "False", "True")', True),
        ("[IsSoftDeleted]", False),
        ("[accountEnabled]", False),
        ("NumFromDate([IsSoftDeleted])", False),
        ('"True"', False),
        ('"False"', False),
        ('Switch([IsSoftDeleted], , "False", "True")', False),
        ('IIF([department]="IT", Not([IsSoftDeleted]), "True")', False),
    ],
)
def test_active_must_be_false_of_those_who_left_and_true_of_the_others(source: str, does: bool) -> None:  # noqa: FBT001 - a parameter of the test
    assert disables(a_mapping("active", source)) is does


@pytest.mark.parametrize(
    "mapping",
    [
        None,
        AttributeMapping("active", default="True"),
        a_mapping("active", "Not([IsSoftDeleted])", flow_type=FlowType.OBJECT_ADD_ONLY),
    ],
)
def test_what_is_not_written_again_disables_nobody(mapping: AttributeMapping | None) -> None:
    assert not disables(mapping)

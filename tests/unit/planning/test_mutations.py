"""Every single edit of the default mappings: what touches ``active`` or the matching attribute is always caught."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

import pytest
from builders import a_declared_schema

from emulator.engine.template import schema
from provisioning.language import Expression
from provisioning.model.mapping import DeclaredMapping, FlowType, ObjectKind
from provisioning.model.schema import SynchronizationSchema
from provisioning.planning.active import disables
from provisioning.planning.changes import changed
from provisioning.planning.comparing import schema_changes
from provisioning.planning.configuration import Configuration
from provisioning.planning.rules import Case, Finding, Weight, findings_of
from provisioning.planning.touched import Impact

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

USERS = ObjectKind.USERS
DEFAULT = SynchronizationSchema(schema("elium"))
MAPPINGS = DEFAULT.of(USERS).mappings
ANCHORS = ("active", "userName")
OTHERS = tuple(sorted(MAPPINGS.keys() - {*ANCHORS}))

Edit = dict[str, DeclaredMapping | None]


def an_edit(target: str, text: str) -> Edit:
    return {target: DeclaredMapping(target, {"source": Expression.parse(text)})}


def found(edit: Mapping[str, DeclaredMapping | None]) -> tuple[Finding, ...]:
    declared = a_declared_schema(mappings={USERS: edit})
    changes = schema_changes(DEFAULT, declared)
    after = Configuration(changed(DEFAULT, changes))
    return findings_of(Case(Configuration(DEFAULT), after, changes, declared, Impact()))


def is_stopped(edit: Mapping[str, DeclaredMapping | None]) -> bool:
    """Tell whether an edit is refused, or not made before somebody accepts it by a number."""
    return bool({finding.weight for finding in found(edit)} & {Weight.REFUSED, Weight.ACCEPTABLE})


def source_of(target: str) -> str:
    return MAPPINGS[target].written


def renames(target: str) -> Iterator[Edit]:
    """Misspell a target: a letter less, a letter more, another case, two letters changed over."""
    for name in (target[:-1], f"{target}s", target.swapcase(), target[1] + target[0] + target[2:]):
        yield {target: None, **an_edit(name, source_of(target))}


def mistypes(target: str) -> Iterator[Edit]:
    """Misspell the source attributes, one at a time."""
    text = source_of(target)
    for name in sorted(Expression.parse(text).attributes):
        for wrong in (name[:-1], f"{name}s", name.swapcase(), name[1] + name[0] + name[2:]):
            yield an_edit(target, text.replace(f"[{name}]", f"[{wrong}]"))


ACTIVE_EDITS = [
    an_edit("active", text)
    for text in (
        "[IsSoftDeleted]",
        "Not(Not([IsSoftDeleted]))",
        "Not([accountEnabled])",
        "[accountEnabled]",
        '"True"',
        '"False"',
        'Switch([IsSoftDeleted], "True", "Yes", "False")',
        'IIF([IsSoftDeleted] = "True", "True", "False")',
    )
]
KEYS = {
    f"Switch([IsSoftDeleted], , {', '.join(quoted)})"
    for quoted in permutations(['"False"', '"True"', '"True"', '"False"'])
}


def test_the_default_mappings_have_nothing_but_sense() -> None:
    declared = {target: DeclaredMapping(target, {"source": mapping.source}) for target, mapping in MAPPINGS.items()}

    assert not is_stopped(declared)


@pytest.mark.parametrize("target", ANCHORS)
def test_dropping_an_anchor_is_stopped(target: str) -> None:
    assert is_stopped({target: None})


@pytest.mark.parametrize("target", OTHERS)
def test_dropping_another_mapping_passes(target: str) -> None:
    assert not is_stopped({target: None})


@pytest.mark.parametrize("target", sorted(MAPPINGS))
def test_misspelling_a_target_is_stopped(target: str) -> None:
    assert [edit for edit in renames(target) if not is_stopped(edit)] == []


@pytest.mark.parametrize("target", sorted(MAPPINGS))
def test_misspelling_a_source_attribute_is_stopped(target: str) -> None:
    assert [edit for edit in mistypes(target) if not is_stopped(edit)] == []


@pytest.mark.parametrize("target", OTHERS)
def test_swapping_active_with_another_is_stopped(target: str) -> None:
    swapped = an_edit("active", source_of(target)) | an_edit(target, source_of("active"))

    assert is_stopped(swapped)


@pytest.mark.parametrize("target", OTHERS)
def test_swapping_the_matching_source_with_another_is_told(target: str) -> None:
    swapped = an_edit("userName", source_of(target)) | an_edit(target, source_of("userName"))

    assert [finding for finding in found(swapped) if finding.place.startswith("mappings.users.userName")]


@pytest.mark.parametrize("edit", ACTIVE_EDITS, ids=str)
def test_an_active_that_follows_no_more_is_stopped(edit: Edit) -> None:
    assert "mappings.users.active" in [each.place for each in found(edit) if each.weight is Weight.ACCEPTABLE]


@pytest.mark.parametrize("text", sorted(KEYS))
def test_keys_of_a_switch_that_changed_places_are_stopped_unless_they_mean_the_same(text: str) -> None:
    edit = an_edit("active", text)
    declared = edit["active"]
    assert declared is not None

    follows = disables(declared.applied_to(MAPPINGS["active"]))

    assert is_stopped(edit) is not follows


@pytest.mark.parametrize("text", ["Not([IsSoftDeleted])", 'IIF([IsSoftDeleted] = "True", "False", "True")'])
def test_active_in_other_words_passes(text: str) -> None:
    assert not is_stopped(an_edit("active", text))


@pytest.mark.parametrize("flow", [flow for flow in FlowType if flow is not FlowType.ALWAYS])
def test_an_active_that_is_not_always_written_is_stopped(flow: FlowType) -> None:
    assert is_stopped({"active": DeclaredMapping("active", {"flow_type": flow})})


def test_a_matching_attribute_that_is_none_any_more_is_stopped() -> None:
    assert is_stopped({"userName": DeclaredMapping("userName", {"match": None})})


@pytest.mark.parametrize("target", OTHERS)
def test_a_second_attribute_at_the_same_turn_is_stopped(target: str) -> None:
    assert is_stopped({target: DeclaredMapping(target, {"match": 1})})


@pytest.mark.parametrize("target", [target for target in OTHERS if not target.endswith("manager")])
def test_another_text_for_another_target_passes(target: str) -> None:
    assert not is_stopped(an_edit(target, "[displayName]"))

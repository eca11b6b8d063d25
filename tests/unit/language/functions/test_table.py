from __future__ import annotations

import pytest

from provisioning.language import EvaluationError, Expression
from provisioning.language.functions.table import FUNCTIONS, NotOffered

DOCUMENTED = """
Append AppRoleAssignments AppRoleAssignmentsComplex AssertiveAppRoleAssignmentsComplex BitAnd CBool CDate Coalesce
ConvertToBase64 ConvertToUTF8Hex Count CStr DateAdd DateDiff DateFromNum DefaultDomain Error FormatDateTime Guid
IgnoreFlowIfNullOrEmpty IIF InStr IsNothing IsNull IsNullOrEmpty IsPresent IsString Item Join Left Mid
NormalizeDiacritics Not Now NumFromDate PCase Prepend RandomString Redact RemoveDuplicates Replace SelectUniqueValue
SingleAppRoleAssignment Split StripSpaces Switch ToLower ToUpper Trim Word
"""


def test_every_documented_function_is_in_the_table_and_no_other() -> None:
    assert sorted(DOCUMENTED.split()) == sorted(FUNCTIONS)


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_every_function_says_what_it_does_and_where_that_is_written(name: str) -> None:
    function = FUNCTIONS[name]

    assert function.summary.endswith(".")
    assert function.source.startswith(("Learn: ", "graph: "))


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_signature_names_every_parameter(name: str) -> None:
    function = FUNCTIONS[name]

    assert all(parameter.name in function.signature for parameter in function.parameters)


@pytest.mark.parametrize("name", sorted(name for name in FUNCTIONS if name != "Replace"))
def test_a_function_with_all_its_arguments_null_gives_a_value_or_an_evaluation_error(name: str) -> None:
    function = FUNCTIONS[name]
    if isinstance(function.implementation, NotOffered):
        return
    expression = Expression.parse(f"{name}({', '.join('[nothing]' for _ in function.parameters)})")

    try:
        value = expression.evaluate({})
    except EvaluationError as error:
        assert error.position == 0  # noqa: PT017 - either outcome is fine, a crash is not
    else:
        assert value is None or isinstance(value, str)


def test_only_repeated_parameters_stand_for_more_than_one_argument() -> None:
    assert [parameter.name for parameter in FUNCTIONS["Switch"].parameters_for(6)] == [
        "source", "defaultValue", "key", "value", "key", "value",
    ]  # fmt: skip
    assert [parameter.name for parameter in FUNCTIONS["Mid"].parameters_for(3)] == ["source", "start", "length"]

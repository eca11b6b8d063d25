from __future__ import annotations

from typing import Any

import pytest

from provisioning.language import Expression, ParseError

Node = dict[str, Any]


def an_attribute(name: str) -> Node:
    return {"expression": f"[{name}]", "name": name, "type": "Attribute", "parameters": []}


def a_constant(value: str) -> Node:
    return {"expression": f'"{value}"', "name": value, "type": "Constant", "parameters": []}


def keyed(*parameters: tuple[str, Node]) -> list[Node]:
    return [{"key": key, "value": value} for key, value in parameters]


def test_an_attribute_is_written_as_graph_writes_it() -> None:
    assert Expression.parse("[mail]").to_graph() == an_attribute("mail")


def test_a_constant_keeps_its_quotation_marks_in_the_expression() -> None:
    assert Expression.parse('"x"').to_graph() == a_constant("x")


def test_blank_arguments_are_absent_from_the_parameters() -> None:
    """Graph: synchronizationschema-parseexpression, whose answer this is."""
    assert Expression.parse('Replace([preferredLanguage], "-", , , "_", ,  )').to_graph() == {
        "expression": 'Replace([preferredLanguage], "-", , , "_", , )',
        "name": "Replace",
        "type": "Function",
        "parameters": keyed(
            ("source", an_attribute("preferredLanguage")), ("Find", a_constant("-")), ("Replacement", a_constant("_"))
        ),
    }


def test_numbers_are_quoted_in_the_parameters_and_bare_in_the_expression() -> None:
    """Graph: objectMapping, whose sample this is."""
    assert Expression.parse("Mid([userPrincipalName], 1, 8)").to_graph() == {
        "expression": "Mid([userPrincipalName], 1, 8)",
        "name": "Mid",
        "type": "Function",
        "parameters": keyed(
            ("source", an_attribute("userPrincipalName")), ("start", a_constant("1")), ("length", a_constant("8"))
        ),
    }


def test_repeated_parameters_repeat_their_key() -> None:
    graph = Expression.parse('Join(" ", [givenName], [surname])').to_graph()

    assert graph["parameters"] == keyed(
        ("separator", a_constant(" ")), ("source", an_attribute("givenName")), ("source", an_attribute("surname"))
    )


def test_a_switch_is_taken_apart_into_keys_and_values_alike() -> None:
    graph = Expression.parse('Switch([a], "d", "k", "v")').to_graph()

    assert graph["parameters"] == keyed(
        ("source", an_attribute("a")),
        ("defaultValue", a_constant("d")),
        ("switchValue", a_constant("k")),
        ("switchValue", a_constant("v")),
    )


def test_a_comparison_is_taken_apart_into_one_two_and_three() -> None:
    graph = Expression.parse('IIF([a]="x", "y", "z")').to_graph()

    assert graph["parameters"] == keyed(
        ("one", an_attribute("a")),
        ("two", a_constant("=")),
        ("three", a_constant("x")),
        ("four", a_constant("y")),
        ("five", a_constant("z")),
    )


def test_another_condition_is_only_one() -> None:
    graph = Expression.parse('IIF(CBool([a]), "y", "z")').to_graph()

    condition = {
        "expression": "CBool([a])",
        "name": "CBool",
        "type": "Function",
        "parameters": keyed(("source", an_attribute("a"))),
    }
    assert graph["parameters"] == keyed(("one", condition), ("four", a_constant("y")), ("five", a_constant("z")))


def test_a_bare_word_is_a_constant_without_quotation_marks() -> None:
    graph = Expression.parse('InStr("a", "b", 1, vbTextCompare)').to_graph()

    assert graph["parameters"] == keyed(
        ("value1", a_constant("a")),
        ("value2", a_constant("b")),
        ("start", a_constant("1")),
        ("compareType", a_constant("vbTextCompare") | {"expression": "vbTextCompare"}),
    )


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ({"expression": "[mail]", "name": "mail", "type": "Attribute", "parameters": []}, "[mail]"),
        ({"expression": "mail", "type": "attribute"}, "[mail]"),
        ({"expression": None, "name": "mail", "type": "Attribute", "parameters": None}, "[mail]"),
        ({"expression": '"x"', "name": None, "type": "Constant"}, '"x"'),
        ({"expression": "x", "type": "Constant"}, '"x"'),
        ({"expression": " x ", "type": "Constant"}, '" x "'),
        ({"expression": 'say "x"', "type": "Constant"}, '"say \\"x\\""'),
        ({"expression": '"a" or "b"', "type": "Constant"}, '"\\"a\\" or \\"b\\""'),
        ({"expression": "", "type": "Constant"}, '""'),
        ({"expression": None, "name": "x", "type": "Constant"}, '"x"'),
        ({"type": "Constant"}, '""'),
        ({"expression": "007", "type": "Constant"}, "007"),
        ({"expression": "Not([a])", "name": None, "type": "Function", "parameters": None}, "Not([a])"),
        ({"expression": "Not([a])", "type": None}, "Not([a])"),
        ({"expression": "Not([a])", "@odata.type": "#microsoft.graph.attributeMappingSource"}, "Not([a])"),
    ],
)
def test_the_expression_of_a_source_is_what_counts(source: dict[str, object], text: str) -> None:
    assert str(Expression.from_graph(source)) == text


@pytest.mark.parametrize("source", [{}, {"expression": None, "name": "Not", "type": "Function"}])
def test_a_source_without_an_expression_is_refused(source: dict[str, object]) -> None:
    with pytest.raises(ParseError, match="has no expression"):
        Expression.from_graph(source)

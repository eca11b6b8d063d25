"""The page ``docs/reference/expressions.md``: both languages, out of the tables by which they are evaluated.

The examples are the first documented case of each function in ``tests/conformance``.
"""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from provisioning.docstrings import below_members, in_markdown
from provisioning.language.choices import Choices
from provisioning.language.functions.table import FUNCTIONS, Function, NotOffered
from provisioning.language.operands import REFUSED
from provisioning.language.operators import OPERATORS
from provisioning.language.reading import DEEPEST, LONGEST

if TYPE_CHECKING:
    from collections.abc import Iterator

CONFORMANCE = Path(__file__).parents[2] / "tests" / "conformance"

_LEARN = "https://learn.microsoft.com/entra/identity"
_PAGES = {
    "Learn: functions-for-customizing-application-data": (
        f"{_LEARN}/app-provisioning/functions-for-customizing-application-data"
    ),
    "Learn: customize-application-attributes": f"{_LEARN}/app-provisioning/customize-application-attributes",
    "Learn: hybrid/cloud-sync/reference-expressions": f"{_LEARN}/hybrid/cloud-sync/reference-expressions",
    "graph: synchronizationschema-functions": (
        "https://learn.microsoft.com/graph/api/synchronization-synchronizationschema-functions"
    ),
}
"""Where to read on, by the page that a function's source names."""

HEAD = f"""# Expressions and scoping filters

Administrators of Entra write two little languages.
An *expression* computes the value of a target attribute from the attributes of a person.
A *scoping filter* says from the same attributes whether the person is provisioned at all.
This page is written by `python -m tools.manual` from the tables by which both are evaluated.

## Expressions

An expression is an attribute, a text, or a function of expressions:

```
[userPrincipalName]
"Elium"
Join(" ", [givenName], [surname])
Switch([IsSoftDeleted], , "False", "True", "True", "False")
IIF([country] = "FR", [department], "Abroad")
```

- Names of functions and attributes are case-sensitive.
- An argument that is not needed is left blank, but its comma stays, unless nothing follows.
- In a text, `\\\\` is a backslash and `\\"` a quotation mark. Before any other character a backslash stands for itself.
- A comparison (`=`, `<>`, `<`, `<=`, `>`, `>=`) is understood as the condition of `IIF` and in `CBool` only.
  There is no `AND` and no `OR`: put an `IIF` inside the `IIF`.
- Every value is a text, nothing at all, or a list of texts. Booleans are `True` and `False`, numbers are digits.
- Nothing in means nothing out, unless the table says otherwise. Where one text is needed, a list of one will do.
- An expression has at most {LONGEST:,} characters, and at most {DEEPEST} functions inside each other.

An expression that Entra would not save is a *parse error*: it shows the place, and the nearest name.
One that has no value for a certain person, such as the third item of a list of two, is an *evaluation error*: Entra
would fail that person, and provision the others.

## Functions
"""

AFTER_FUNCTIONS = r"""
## Regular expressions

`Replace`, `REGEX MATCH` and `NOT REGEX MATCH` take regular expressions of .NET: named groups are `(?<name>…)`, and a
replacement refers to them as `${name}`.
They are put into the terms of the package `regex`, which takes nearly all of it as it is; what has no counterpart is
refused with a sentence: balancing groups, conditionals, `\G`, and the options `n` and `x`.

An engine that searches by trying can take for ever when a text can match in many ways, as with `(a+)+$`: write `a+$`.
Ours sees through many of these, Entra's may not, so they are pointed out before anything is saved, whatever they cost
here.
One match may take a quarter of a second; what takes longer is stopped, and the sentence names the expression.

## Scoping filters

A clause is an attribute, an operator and a value.
Clauses in one list must all hold; of several lists one must hold:

```yaml
- [department EQUALS Sales, mail IS NOT NULL]
- ['userPrincipalName REGEX MATCH ^ext-.*@contoso\.com$']
```

A value stands as it is, blanks in the middle included.
It needs quotation marks, straight double ones, only when it begins or ends with a blank, has quotation marks around it,
or would read as a second clause behind `OR`, `AND` or a comma: without them that is refused, since the value would
swallow the clause.
Operators may be written in any case, with blanks or with underscores.

Of an attribute that is null or empty, every clause is false, `NOT EQUALS` and `NOT REGEX MATCH` too: only `IS NULL` is
true.
So no operator is asked of an empty text: write `IS NULL` or `IS NOT NULL`.
Several values in one attribute are not supported.

Graph has two more sets of groups in a filter, `inputFilterGroups` and `categoryFilterGroups`, which nobody writes here.
Where a schema holds them, they are asked first, and of each set one group must hold.
Who no longer satisfies `inputFilterGroups` is not looked at any more: the account stays as it is.
"""


def page() -> str:
    """Write the page, in Markdown."""
    return "\n".join((HEAD, *_functions(), AFTER_FUNCTIONS, *_operators(), "", *_operands(), "", *_choices(), ""))


def _functions() -> Iterator[str]:
    examples = _examples()
    yield "| Function | What it does | Example |"
    yield "| --- | --- | --- |"
    for function in sorted(FUNCTIONS.values(), key=lambda row: row.name.casefold()):
        yield f"| {_named(function)} | {_summary_of(function)} | {examples.get(function.name, '')} |"


def _named(function: Function) -> str:
    page_name, _, anchor = function.source.partition("#")
    return f"[`{function.signature}`]({_PAGES[page_name]}#{anchor or function.name.lower()})"


def _summary_of(function: Function) -> str:
    if isinstance(function.implementation, NotOffered):
        return f"{function.summary} **Not offered here**: {function.implementation.reason}."
    return function.summary


def _examples() -> dict[str, str]:
    """Find for each function the first case that its own chapter at Microsoft documents."""
    found: dict[str, str] = {}
    for case in _cases():
        name = case["expression"].partition("(")[0]
        is_simple = not case.keys() & {"choices", "now", "domain"}
        if case["anchor"] == name.lower() and is_simple and isinstance(case.get("value"), str | list):
            found.setdefault(name, _example(case))
    return found


def _example(case: dict[str, Any]) -> str:
    person = {**case["given"], **case.get("attributes", {})}
    known = ", ".join(f"{name} = {_code(value)}" for name, value in person.items() if f"[{name}]" in case["expression"])
    return f"{_code(case['expression'])} gives {_code(case['value'])}" + (f", where {known}" if known else "")


def _cases() -> Iterator[dict[str, Any]]:
    for path in sorted(CONFORMANCE.glob("expressions-*.json")):
        for block in json.loads(path.read_text(encoding="utf-8")):
            anchor = block["source"].partition("#")[2]
            yield from ({**case, "given": block["given"], "anchor": anchor} for case in block["cases"])


def _operators() -> Iterator[str]:
    yield "| Operator | True when the attribute | Value | For attributes of type |"
    yield "| --- | --- | --- | --- |"
    for operator in OPERATORS.values():
        types = ", ".join([*sorted(operator.fits), *(f"{type_} (disputed)" for type_ in sorted(operator.disputed))])
        yield f"| `{operator.name}` | {operator.meaning} | {'yes' if operator.takes_value else 'none'} | {types} |"


def _operands() -> Iterator[str]:
    yield "Entra does not filter by these, nor by any name that ends in `DateTime`:"
    yield ""
    yield "| Attribute | Because |"
    yield "| --- | --- |"
    yield from (f"| `{name}` | {reason} |" for name, reason in sorted(REFUSED.items()))


def _choices() -> Iterator[str]:
    yield "## What is left open"
    yield ""
    yield "What Microsoft's documents leave open, or contradict each other in, is a choice."
    yield ""
    yield "| Choice | Default | What is known |"
    yield "| --- | --- | --- |"
    known = {name: in_markdown(text) for name, text in below_members(Choices).items()}
    yield from (f"| `{choice.name}` | `{choice.default}` | {known[choice.name]} |" for choice in fields(Choices))


def _code(value: object) -> str:
    if not value:
        return "nothing"
    shown = (value if isinstance(value, str) else json.dumps(value)).replace("|", "\\|").replace("\n", " ")
    return f"`{shown}`"

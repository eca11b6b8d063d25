"""The functions of the expression language: every one that an administrator can write, and nothing else.

Names and parameters: Learn: functions-for-customizing-application-data. The keys by which Graph names the parameters:
graph: synchronizationschema-functions, -parseexpression, objectMapping; where no page shows one, the reference's own
name of the parameter stands in.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

from provisioning.language.dotnet.date_formats import pieces_of
from provisioning.language.dotnet.regex import regex_of
from provisioning.language.functions import chance, choosing, dates, diacritics, lists, logic, roles, texts
from provisioning.language.functions.casing import language_of, proper_case
from provisioning.language.values import Value, number_of, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


class Kind(Enum):
    """What an argument is taken as."""

    TEXT = "text"
    NUMBER = "whole number"
    ANY = "any value"
    CONDITION = "condition"


def _as_it_is(value: Value) -> Value:
    return value


TAKE: Mapping[Kind, Callable[[Value], object]] = {
    Kind.TEXT: text_of,
    Kind.NUMBER: number_of,
    Kind.ANY: _as_it_is,
    Kind.CONDITION: _as_it_is,
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a function."""

    name: str
    """Its name in Microsoft's reference, such as ``oldValue``."""

    key: str = ""
    """Its name in Graph, such as ``Find``; empty when it is the same."""

    kind: Kind = Kind.TEXT
    required: bool = True
    repeated: bool = False
    words: tuple[str, ...] = ()
    """The bare words that it may be, such as ``vbTextCompare``."""

    check: Callable[[str], object] | None = None
    """What refuses a constant that can never do, by an evaluation error."""

    @property
    def graph_key(self) -> str:
        """Its name in Graph."""
        return self.key or self.name


@dataclass(frozen=True, slots=True)
class Plain:
    """Every argument is evaluated, and the function is called with what they gave."""

    call: Callable[..., Value]


@dataclass(frozen=True, slots=True)
class Surrounded:
    """As :class:`Plain`, and the first argument is what surrounds the evaluation: the time, chance, the doubts."""

    call: Callable[..., Value]


@dataclass(frozen=True, slots=True)
class Choosing:
    """The function itself decides which arguments are evaluated."""

    build: Callable[[Sequence[choosing.Branch]], choosing.Evaluator]


@dataclass(frozen=True, slots=True)
class NotOffered:
    """Entra knows the function, but not for provisioning to an application such as this."""

    reason: str


Implementation: TypeAlias = Plain | Surrounded | Choosing | NotOffered


@dataclass(frozen=True, slots=True)
class Function:
    """One row of the table."""

    name: str
    parameters: tuple[Parameter, ...]
    summary: str
    """What it does, in one sentence."""

    implementation: Implementation
    source: str = "Learn: functions-for-customizing-application-data"
    """Where Microsoft describes it."""

    shorter: tuple[Parameter, ...] | None = None
    """A second, shorter list of parameters that is also understood."""

    @property
    def signature(self) -> str:
        """How it is called, such as ``Mid(source, start, length)``."""
        shown = [parameter.name if parameter.required else f"[{parameter.name}]" for parameter in self.parameters]
        more = ["…"] if any(parameter.repeated for parameter in self.parameters) else []
        return f"{self.name}({', '.join(shown + more)})"

    def takes(self, count: int) -> bool:
        """Tell whether it can be called with *count* arguments. Optional ones at the end may be left out."""
        fixed = [parameter for parameter in self.parameters if not parameter.repeated]
        repeated = len(self.parameters) - len(fixed)
        if repeated:
            return count > len(fixed) and (count - len(fixed)) % repeated == 0
        least = max((place for place, parameter in enumerate(fixed, start=1) if parameter.required), default=0)
        return least <= count <= len(fixed) or (self.shorter is not None and count == len(self.shorter))

    def parameters_for(self, count: int) -> tuple[Parameter, ...]:
        """List the parameters that *count* arguments stand for, a repeated one as often as it is meant."""
        if self.shorter is not None and count == len(self.shorter):
            return self.shorter
        fixed = tuple(parameter for parameter in self.parameters if not parameter.repeated)
        repeated = self.parameters[len(fixed) :]
        rounds = (count - len(fixed)) // len(repeated) if repeated else 0
        return (fixed + repeated * rounds)[:count]


def _text(name: str, key: str = "") -> Parameter:
    return Parameter(name, key)


def _number(name: str, key: str = "") -> Parameter:
    return Parameter(name, key, Kind.NUMBER)


def _any(name: str, key: str = "") -> Parameter:
    return Parameter(name, key, Kind.ANY)


def _optional(parameter: Parameter) -> Parameter:
    return replace(parameter, required=False)


def _repeated(parameter: Parameter) -> Parameter:
    return replace(parameter, repeated=True)


_CLOUD_SYNC = "Learn: hybrid/cloud-sync/reference-expressions"
_GRAPH = "graph: synchronizationschema-functions"
_CUSTOMIZE = "Learn: customize-application-attributes#provisioning-a-role-to-a-scim-app"

_SOURCE = _text("source")
_ROLES = _any("appRoleAssignments", "source")
_VALUE = _any("expression", "source")
_INTERVAL = Parameter("interval", check=dates.known_interval)
_CULTURE = Parameter("culture", required=False, check=language_of)
_STYLES = Parameter("dateTimeStyles", "dateTimeStyle", required=False, check=dates.white_space)
_FORMATS = (Parameter("inputFormat", check=pieces_of), Parameter("outputFormat", check=pieces_of))
_REPLACE = (
    _SOURCE,
    _optional(_text("oldValue", "Find")),
    Parameter("regexPattern", "RegularExpression", required=False, check=regex_of),
    _optional(_text("regexGroupName", "RegularExpressionGroupName")),
    _optional(_text("replacementValue", "Replacement")),
    _optional(_text("replacementAttributeName", "ReplacementPropertyName")),
    _optional(_text("template", "Template")),
)

_ROWS = (
    Function("Append", (_SOURCE, _text("suffix")), "Put a suffix behind a text.", Plain(texts.append)),
    Function(
        "AppRoleAssignments",
        (_ROLES,),
        "List the names of the roles; Graph lists the function without a meaning.",
        Plain(roles.app_roles),
        _GRAPH,
    ),
    Function(
        "AppRoleAssignmentsComplex",
        (_ROLES,),
        "Give every role with its attributes; roles are added at the target, never removed.",
        Plain(roles.complex_app_roles),
    ),
    Function(
        "AssertiveAppRoleAssignmentsComplex",
        (_ROLES,),
        "Give every role with its attributes; the list at the target is replaced.",
        Plain(roles.assertive_complex_app_roles),
        _CUSTOMIZE,
    ),
    Function(
        "BitAnd",
        (_number("value1", "left"), _number("value2", "right")),
        "Keep the bits that both numbers have.",
        Plain(logic.bit_and),
    ),
    Function(
        "CBool",
        (Parameter("expression", "source", Kind.CONDITION),),
        "Tell whether a comparison holds, or a number is not zero.",
        Plain(logic.is_true),
    ),
    Function("CDate", (_text("expression"),), "Turn a date into UTC, as M/d/yyyy h:mm:ss tt.", Plain(dates.to_date)),
    Function("Coalesce", (_repeated(_any("source")),), "Give the first that is not null.", Choosing(choosing.coalesce)),
    Function("ConvertToBase64", (_SOURCE,), "Encode a text as Base64 of its UTF-16.", Plain(texts.to_base64)),
    Function("ConvertToUTF8Hex", (_SOURCE,), "Encode a text as hexadecimal UTF-8.", Plain(texts.to_utf8_hex)),
    Function("Count", (_any("attribute"),), "Count the values of an attribute.", Plain(lists.count)),
    Function("CStr", (_any("value"),), "Give a value as a text.", Plain(texts.to_text)),
    Function(
        "DateAdd",
        (_INTERVAL, _number("value"), _text("dateTime")),
        "Move a date by so many years, months, weeks, days, hours, minutes or seconds.",
        Plain(dates.date_add),
    ),
    Function(
        "DateDiff",
        (_INTERVAL, _text("date1"), _text("date2")),
        "Count the years, months, weeks, days, hours, minutes or seconds from one date to another.",
        Plain(dates.date_diff),
    ),
    Function(
        "DateFromNum",
        (_number("value", "source"),),
        "Turn a date of Active Directory into a date.",
        Plain(dates.date_from_number),
    ),
    Function(
        "DefaultDomain",
        (),
        "Give the tenant's default domain; Graph lists the function without a meaning.",
        Surrounded(logic.default_domain),
        _GRAPH,
    ),
    Function("Error", (_text("message"),), "Fail with a message.", Plain(logic.fail), _CLOUD_SYNC),
    Function(
        "FormatDateTime",
        (_SOURCE, _STYLES, *_FORMATS),
        "Read a date by one .NET format and write it by another.",
        Surrounded(dates.format_date_time),
        shorter=(_SOURCE, *_FORMATS),
    ),
    Function("Guid", (), "Give a random GUID.", Surrounded(chance.guid)),
    Function("IgnoreFlowIfNullOrEmpty", (_VALUE,), "Let nothing flow when empty.", Plain(logic.ignored_if_empty)),
    Function(
        "IIF",
        (Parameter("condition", "one", Kind.CONDITION), _any("valueIfTrue", "four"), _any("valueIfFalse", "five")),
        "Give one value when the condition holds, another when not.",
        Choosing(choosing.iif),
    ),
    Function(
        "InStr",
        (
            _text("value1"),
            _text("value2"),
            _optional(_number("start")),
            replace(_optional(_text("compareType")), words=texts.COMPARISONS, check=texts.check_comparison),
        ),
        "Find a text in another: the position counted from 1, or 0.",
        Plain(texts.index_of),
    ),
    Function(
        "IsNothing", (_VALUE,), "Tell whether there is no value; the former name of IsNull.", Plain(logic.null), _GRAPH
    ),
    Function("IsNull", (_VALUE,), "Tell whether there is no value.", Plain(logic.null)),
    Function(
        "IsNullOrEmpty", (_VALUE,), "Tell whether there is no value or an empty text.", Plain(logic.null_or_empty)
    ),
    Function("IsPresent", (_VALUE,), "Tell whether there is a text that is not empty.", Plain(logic.present)),
    Function("IsString", (_VALUE,), "Tell whether the value is a single text.", Plain(logic.is_text)),
    Function(
        "Item",
        (_any("attribute", "source"), _number("index")),
        "Give one value of a list, counted from 1.",
        Plain(lists.item),
    ),
    Function(
        "Join",
        (_text("separator"), _repeated(_any("source"))),
        "Join texts and lists with a separator, passing over what is empty.",
        Surrounded(logic.joined),
    ),
    Function(
        "Left",
        (_text("string", "source"), _number("numChars", "length")),
        "Give the beginning of a text.",
        Plain(texts.left),
    ),
    Function(
        "Mid",
        (_SOURCE, _number("start"), _number("length")),
        "Give a part of a text, counted from 1.",
        Plain(texts.mid),
    ),
    Function(
        "NormalizeDiacritics",
        (_SOURCE,),
        "Replace Latin letters with marks by plain ones.",
        Plain(diacritics.normalize_diacritics),
    ),
    Function("Not", (_SOURCE,), "Turn True into False, and everything else into True.", Plain(logic.negated)),
    Function("Now", (), "Give the present moment in UTC, as M/d/yyyy h:mm:ss tt.", Surrounded(dates.now)),
    Function(
        "NumFromDate",
        (_text("value", "source"),),
        "Turn a date into one of Active Directory.",
        Plain(dates.number_from_date),
    ),
    Function(
        "PCase",
        (_SOURCE, _optional(_text("wordSeparators"))),
        "Begin each word with a capital, the rest in lower case.",
        Plain(proper_case),
    ),
    Function("Prepend", (_text("prefix"), _SOURCE), "Put a prefix before a text.", Plain(texts.prepend), _GRAPH),
    Function(
        "RandomString",
        (
            _number("length"),
            _number("minimumNumbers"),
            _number("minimumSpecialCharacters"),
            _number("minimumCapital"),
            _number("minimumLowerCase"),
            _optional(_text("charactersToAvoid")),
        ),
        "Give a random text with at least so many characters of each kind.",
        Surrounded(chance.random_string),
    ),
    Function("Redact", (_VALUE,), "Let the value flow, but hide it in the provisioning log.", Plain(texts.redact)),
    Function(
        "RemoveDuplicates",
        (_any("attribute", "source"),),
        "Keep the first of each value.",
        Plain(lists.remove_duplicates),
    ),
    Function(
        "Replace",
        _REPLACE,
        "Replace a text, or what a regular expression matches; or fill a template; or fall back on another attribute.",
        Choosing(choosing.replace([parameter.name for parameter in _REPLACE])),
    ),
    Function(
        "SelectUniqueValue",
        (_repeated(_any("uniqueValueRule")),),
        "Give the first value that nobody at the target has yet.",
        NotOffered("only provisioning from HR systems to Active Directory has it"),
    ),
    Function("SingleAppRoleAssignment", (_ROLES,), "Give one role as a text.", Plain(roles.single_app_role)),
    Function("Split", (_SOURCE, _text("delimiter")), "Split a text into a list.", Plain(lists.split)),
    Function("StripSpaces", (_SOURCE,), "Remove every space.", Plain(texts.strip_spaces)),
    Function(
        "Switch",
        (
            _any("source"),
            _optional(_any("defaultValue")),
            _repeated(_any("key", "switchValue")),
            _repeated(_any("value", "switchValue")),
        ),
        "Give the value whose key equals the source, else the default.",
        Choosing(choosing.switch),
    ),
    Function("ToLower", (_SOURCE, _CULTURE), "Put a text in lower case.", Plain(texts.to_lower)),
    Function("ToUpper", (_SOURCE, _CULTURE), "Put a text in upper case.", Plain(texts.to_upper)),
    Function("Trim", (_any("source"),), "Remove white space at both ends.", Plain(texts.trim), _CLOUD_SYNC),
    Function(
        "Word",
        (_text("string", "source"), _number("wordNumber"), _text("delimiters")),
        "Give the n-th word of a text.",
        Plain(texts.word),
    ),
)

FUNCTIONS: Mapping[str, Function] = {row.name: row for row in _ROWS}
"""Every function, by its name."""

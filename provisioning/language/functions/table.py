"""The functions of the expression language: every one that an administrator can write, and nothing else.

Names and parameters: Learn: functions-for-customizing-application-data. The keys by which Graph names the parameters:
graph: synchronizationschema-functions, -parseexpression, objectMapping; where no page shows one, the reference's own
name of the parameter stands in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from provisioning.language.dotnet.date_formats import pieces_of
from provisioning.language.dotnet.regex import regex_of
from provisioning.language.functions import chance, choosing, dates, diacritics, lists, logic, roles, texts
from provisioning.language.functions.casing import language_of, proper_case
from provisioning.language.functions.emptiness import (
    always_possible,
    as_last,
    blank_possible,
    first_present,
    nothing_if_empty,
    of_any,
    of_sources_together,
    shortened_source,
    surely_there,
)
from provisioning.language.functions.function import (
    TAKE,
    Choosing,
    Function,
    Implementation,
    Kind,
    Need,
    NotOffered,
    Parameter,
    Plain,
    Surrounded,
)

__all__ = [
    "FUNCTIONS",
    "TAKE",
    "Choosing",
    "Function",
    "Implementation",
    "Kind",
    "Need",
    "NotOffered",
    "Parameter",
    "Plain",
    "Surrounded",
]


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


def _handed_on(parameter: Parameter) -> Parameter:
    return replace(parameter, is_handed_on=True)


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
    Parameter("regexPattern", "RegularExpression", required=False, check=regex_of, is_pattern=True),
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
        gives=Kind.TEXTS,
    ),
    Function(
        "AppRoleAssignmentsComplex",
        (_ROLES,),
        "Give every role with its attributes; roles are added at the target, never removed.",
        Plain(roles.complex_app_roles),
        gives=Kind.TEXTS,
    ),
    Function(
        "AssertiveAppRoleAssignmentsComplex",
        (_ROLES,),
        "Give every role with its attributes; the list at the target is replaced.",
        Plain(roles.assertive_complex_app_roles),
        _CUSTOMIZE,
        gives=Kind.TEXTS,
    ),
    Function(
        "BitAnd",
        (_number("value1", "left"), _number("value2", "right")),
        "Keep the bits that both numbers have.",
        Plain(logic.bit_and),
        gives=Kind.NUMBER,
        emptiness=surely_there,
    ),
    Function(
        "CBool",
        (Parameter("expression", "source", Kind.CONDITION),),
        "Tell whether a comparison holds, or a number is not zero.",
        Plain(logic.is_true),
        gives=Kind.BOOLEAN,
        emptiness=surely_there,
    ),
    Function("CDate", (_text("expression"),), "Turn a date into UTC, as M/d/yyyy h:mm:ss tt.", Plain(dates.to_date)),
    Function(
        "Coalesce",
        (_repeated(_handed_on(_any("source"))),),
        "Give the first that is not null.",
        Choosing(choosing.coalesce),
        gives=Kind.AS_GIVEN,
        emptiness=first_present,
    ),
    Function("ConvertToBase64", (_SOURCE,), "Encode a text as Base64 of its UTF-16.", Plain(texts.to_base64)),
    Function("ConvertToUTF8Hex", (_SOURCE,), "Encode a text as hexadecimal UTF-8.", Plain(texts.to_utf8_hex)),
    Function(
        "Count",
        (_any("attribute"),),
        "Count the values of an attribute.",
        Plain(lists.count),
        gives=Kind.NUMBER,
        emptiness=surely_there,
    ),
    Function("CStr", (_any("value"),), "Give a value as a text.", Plain(texts.to_text), gives=Kind.AS_GIVEN),
    Function(
        "DateAdd",
        (_INTERVAL, _number("value"), _text("dateTime")),
        "Move a date by so many years, months, weeks, days, hours, minutes or seconds.",
        Plain(dates.date_add),
        emptiness=of_any,
    ),
    Function(
        "DateDiff",
        (_INTERVAL, _text("date1"), _text("date2")),
        "Count the years, months, weeks, days, hours, minutes or seconds from one date to another.",
        Plain(dates.date_diff),
        gives=Kind.NUMBER,
        emptiness=of_any,
    ),
    Function(
        "DateFromNum",
        (_number("value", "source"),),
        "Turn a date of Active Directory into a date.",
        Plain(dates.date_from_number),
        emptiness=surely_there,
    ),
    Function(
        "DefaultDomain",
        (),
        "Give the tenant's default domain; Graph lists the function without a meaning.",
        Surrounded(logic.default_domain),
        _GRAPH,
        needs=frozenset({Need.DOMAIN}),
        emptiness=surely_there,
    ),
    Function(
        "Error", (_text("message"),), "Fail with a message.", Plain(logic.fail), _CLOUD_SYNC, emptiness=surely_there
    ),
    Function(
        "FormatDateTime",
        (_SOURCE, _STYLES, *_FORMATS),
        "Read a date by one .NET format and write it by another.",
        Surrounded(dates.format_date_time),
        shorter=(_SOURCE, *_FORMATS),
        needs=frozenset({Need.NOW}),
    ),
    Function(
        "Guid",
        (),
        "Give a random GUID.",
        Surrounded(chance.guid),
        needs=frozenset({Need.CHANCE}),
        emptiness=surely_there,
    ),
    Function(
        "IgnoreFlowIfNullOrEmpty",
        (_handed_on(_VALUE),),
        "Let nothing flow when empty.",
        Plain(logic.ignored_if_empty),
        gives=Kind.AS_GIVEN,
        emptiness=nothing_if_empty,
    ),
    Function(
        "IIF",
        (
            Parameter("condition", "one", Kind.CONDITION),
            _handed_on(_any("valueIfTrue", "four")),
            _handed_on(_any("valueIfFalse", "five")),
        ),
        "Give one value when the condition holds, another when not.",
        Choosing(choosing.iif),
        gives=Kind.AS_GIVEN,
        emptiness=of_any,
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
        gives=Kind.NUMBER,
        emptiness=surely_there,
    ),
    Function(
        "IsNothing",
        (_VALUE,),
        "Tell whether there is no value; the former name of IsNull.",
        Plain(logic.null),
        _GRAPH,
        gives=Kind.BOOLEAN,
        emptiness=surely_there,
    ),
    Function(
        "IsNull",
        (_VALUE,),
        "Tell whether there is no value.",
        Plain(logic.null),
        gives=Kind.BOOLEAN,
        emptiness=surely_there,
    ),
    Function(
        "IsNullOrEmpty",
        (_VALUE,),
        "Tell whether there is no value or an empty text.",
        Plain(logic.null_or_empty),
        gives=Kind.BOOLEAN,
        emptiness=surely_there,
    ),
    Function(
        "IsPresent",
        (_VALUE,),
        "Tell whether there is a text that is not empty.",
        Plain(logic.present),
        gives=Kind.BOOLEAN,
        emptiness=surely_there,
    ),
    Function(
        "IsString",
        (_VALUE,),
        "Tell whether the value is a single text.",
        Plain(logic.is_text),
        gives=Kind.BOOLEAN,
        emptiness=surely_there,
    ),
    Function(
        "Item",
        (_any("attribute", "source"), _number("index")),
        "Give one value of a list, counted from 1.",
        Plain(lists.item),
        gives=Kind.AS_GIVEN,
        emptiness=blank_possible,
    ),
    Function(
        "Join",
        (_text("separator"), _repeated(_any("source"))),
        "Join texts and lists with a separator, passing over what is empty.",
        Surrounded(logic.joined),
        emptiness=of_sources_together,
    ),
    Function(
        "Left",
        (_text("string", "source"), _number("numChars", "length")),
        "Give the beginning of a text.",
        Plain(texts.left),
        gives=Kind.AS_GIVEN,
        emptiness=blank_possible,
    ),
    Function(
        "Mid",
        (_SOURCE, _number("start"), _number("length")),
        "Give a part of a text, counted from 1.",
        Plain(texts.mid),
        gives=Kind.AS_GIVEN,
        emptiness=shortened_source,
    ),
    Function(
        "NormalizeDiacritics",
        (_SOURCE,),
        "Replace Latin letters with marks by plain ones.",
        Plain(diacritics.normalize_diacritics),
    ),
    Function(
        "Not",
        (_SOURCE,),
        "Turn True into False, and everything else into True.",
        Plain(logic.negated),
        gives=Kind.BOOLEAN,
        emptiness=surely_there,
    ),
    Function(
        "Now",
        (),
        "Give the present moment in UTC, as M/d/yyyy h:mm:ss tt.",
        Surrounded(dates.now),
        needs=frozenset({Need.NOW}),
        emptiness=surely_there,
    ),
    Function(
        "NumFromDate",
        (_text("value", "source"),),
        "Turn a date into one of Active Directory.",
        Plain(dates.number_from_date),
        gives=Kind.NUMBER,
    ),
    Function(
        "PCase",
        (_SOURCE, _optional(_text("wordSeparators"))),
        "Begin each word with a capital, the rest in lower case.",
        Plain(proper_case),
        gives=Kind.AS_GIVEN,
    ),
    Function(
        "Prepend",
        (_text("prefix"), _SOURCE),
        "Put a prefix before a text.",
        Plain(texts.prepend),
        _GRAPH,
        emptiness=as_last,
    ),
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
        needs=frozenset({Need.CHANCE}),
        emptiness=surely_there,
    ),
    Function(
        "Redact",
        (_handed_on(_VALUE),),
        "Let the value flow, but hide it in the provisioning log.",
        Plain(texts.redact),
        gives=Kind.AS_GIVEN,
    ),
    Function(
        "RemoveDuplicates",
        (_any("attribute", "source"),),
        "Keep the first of each value.",
        Plain(lists.remove_duplicates),
        gives=Kind.TEXTS,
    ),
    Function(
        "Replace",
        _REPLACE,
        "Replace a text, or what a regular expression matches; or fill a template; or fall back on another attribute.",
        Choosing(choosing.replace([parameter.name for parameter in _REPLACE])),
        gives=Kind.AS_GIVEN,
        emptiness=always_possible,
    ),
    Function(
        "SelectUniqueValue",
        (_repeated(_any("uniqueValueRule")),),
        "Give the first value that nobody at the target has yet.",
        NotOffered("only provisioning from HR systems to Active Directory has it"),
        emptiness=of_any,
    ),
    Function(
        "SingleAppRoleAssignment",
        (_ROLES,),
        "Give one role as a text.",
        Plain(roles.single_app_role),
        gives=Kind.AS_GIVEN,
    ),
    Function("Split", (_SOURCE, _text("delimiter")), "Split a text into a list.", Plain(lists.split), gives=Kind.TEXTS),
    Function(
        "StripSpaces",
        (_SOURCE,),
        "Remove every space.",
        Plain(texts.strip_spaces),
        gives=Kind.AS_GIVEN,
        emptiness=shortened_source,
    ),
    Function(
        "Switch",
        (
            _any("source"),
            _optional(_handed_on(_any("defaultValue"))),
            _repeated(_any("key", "switchValue")),
            _repeated(_handed_on(_any("value", "switchValue"))),
        ),
        "Give the value whose key equals the source, else the default.",
        Choosing(choosing.switch),
        gives=Kind.AS_GIVEN,
        emptiness=of_any,
    ),
    Function("ToLower", (_SOURCE, _CULTURE), "Put a text in lower case.", Plain(texts.to_lower), gives=Kind.AS_GIVEN),
    Function("ToUpper", (_SOURCE, _CULTURE), "Put a text in upper case.", Plain(texts.to_upper), gives=Kind.AS_GIVEN),
    Function(
        "Trim",
        (_any("source"),),
        "Remove white space at both ends.",
        Plain(texts.trim),
        _CLOUD_SYNC,
        gives=Kind.AS_GIVEN,
        emptiness=shortened_source,
    ),
    Function(
        "Word",
        (_text("string", "source"), _number("wordNumber"), _text("delimiters")),
        "Give the n-th word of a text.",
        Plain(texts.word),
        gives=Kind.AS_GIVEN,
        emptiness=blank_possible,
    ),
)

FUNCTIONS: Mapping[str, Function] = {row.name: row for row in _ROWS}
"""Every function, by its name."""

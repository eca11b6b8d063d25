from __future__ import annotations

import pytest

from provisioning.language import Expression, ParseError


@pytest.mark.parametrize(
    ("text", "problem", "hint"),
    [
        ('Jion(" ", [a])', "There is no function Jion. Did you mean Join?", "Write Join."),
        ('join(" ", [a])', "The names of functions are case-sensitive: this one is written Join.", "Write Join."),
        ("tolowr([a])", "There is no function tolowr. Did you mean ToLower?", "Write ToLower."),
        ("Xyzzy([a])", "There is no function Xyzzy.", ""),
        ("Append([a])", "Append cannot take 1 argument.", "It is called as Append(source, suffix)."),
        ("Now([a])", "Now cannot take 1 argument.", "It is called as Now()."),
        ("ToLower()", "ToLower cannot take 0 arguments.", "It is called as ToLower(source, [culture])."),
        ("Join([a])", "Join cannot take 1 argument.", "It is called as Join(separator, source, …)."),
        ("Append([a], )", "The suffix of Append is missing.", "It is called as Append(source, suffix)."),
        ("Append(, [a])", "The source of Append is missing.", "It is called as Append(source, suffix)."),
        (
            'ToLower([a]="x")',
            "A comparison is understood only as the condition of IIF and in CBool.",
            "",
        ),
        ("mail", "The bare word mail has no meaning here.", 'An attribute is written [mail], a text "mail".'),
        ("Not(True)", "The bare word True has no meaning here.", 'Write "True": every value is a text.'),
        ("Not(Nwo)", "The bare word Nwo has no meaning here.", 'Write Now(…), [Nwo] or "Nwo".'),
        (
            'IIF(mail="x", "1", "2")',
            "The bare word mail has no meaning here.",
            'An attribute is written [mail], a text "mail".',
        ),
        (
            'IIF([a]=True, "1", "2")',
            "The bare word True has no meaning here.",
            'Write "True": every value is a text.',
        ),
        ("IgnoreAttributeFlow", "IgnoreAttributeFlow is offered only for provisioning from HR systems.", ""),
        (
            'SelectUniqueValue("a", "b")',
            "SelectUniqueValue is not offered here: only provisioning from HR systems to Active Directory has it.",
            "",
        ),
    ],
)
def test_what_means_nothing_is_explained_with_what_was_probably_meant(text: str, problem: str, hint: str) -> None:
    with pytest.raises(ParseError) as caught:
        Expression.parse(text)

    assert (caught.value.problem, caught.value.hint) == (problem, hint)


def test_the_first_mistake_in_the_text_is_the_one_that_is_told() -> None:
    with pytest.raises(ParseError) as caught:
        Expression.parse('Join("", Uper([a]), lower([b]))')

    assert caught.value.position == len('Join("", ')


def test_a_replace_that_does_nothing_known_lists_what_it_can_do() -> None:
    with pytest.raises(ParseError) as caught:
        Expression.parse('Replace([a], "x", "y", , "z", , )')

    assert (
        caught.value.problem == "Replace does not know what to do with oldValue and regexPattern and replacementValue."
    )
    assert caught.value.hint.startswith("Give it oldValue and replacementValue; or ")

from __future__ import annotations

import pytest

from provisioning.graph.scrubbing import scrubbed


@pytest.mark.parametrize(
    ("text", "secret", "told"),
    [
        ("Bearer canary-5up3r is unknown", "canary-5up3r", "Bearer *** is unknown"),
        ("xcanary-5up3rx", "canary-5up3r", "x***x"),
        ("?token=a%2Fb%2Bc%3D123", "a/b+c=123", "?token=***"),
        ("a.b.c.d.e and axbxcxdxe", "a.b.c.d.e", "*** and axbxcxdxe"),
        ("The token is missing or wrong", "wrong", "The token is missing or wrong"),
        ("unauthorizedly is not unauthorized", "unauthorized", "unauthorizedly is not ***"),
        ("nothing to hide", "", "nothing to hide"),
    ],
)
def test_a_secret_is_hidden_and_no_other_word(text: str, secret: str, told: str) -> None:
    assert scrubbed(text, [secret]) == told


def test_every_secret_is_hidden() -> None:
    assert scrubbed("first-secret second-secret", ["first-secret", "second-secret"]) == "*** ***"

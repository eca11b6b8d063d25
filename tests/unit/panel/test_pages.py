"""What is drawn: commands that are copied, and names that turn nothing around them."""

from __future__ import annotations

import pytest

from provisioning.errors import ProvisioningError
from provisioning.panel.pages import drawn


@pytest.mark.parametrize(
    ("hint", "commands"),
    [
        ("elium start dev", ["elium start dev"]),
        ("Mend the cause, then: elium start dev", ["elium start dev"]),
        ("It is off. elium start dev.", ["elium start dev"]),
        ("Run `pulumi refresh`, and then `pulumi up`.", ["pulumi refresh", "pulumi up"]),
        ("Give the workflow `permissions: id-token: write`.", []),
        ("Is elium panel still running?", []),
    ],
)
def test_each_command_in_a_hint_has_a_button_that_copies_it(hint: str, commands: list[str]) -> None:
    shown = drawn("trouble", trouble=ProvisioningError("It is so.", hint=hint))

    assert [part.partition("</code>")[0] for part in shown.split("<code>")[1:]] == commands
    assert shown.count("data-copy") == len(commands)


def test_a_command_in_the_message_is_copied_too() -> None:
    shown = drawn("trouble", trouble=ProvisioningError("It is off. Run `pulumi refresh` first."))

    assert "<code>pulumi refresh</code>" in shown


def test_a_caret_stands_below_what_it_points_at() -> None:
    shown = drawn("trouble", trouble=ProvisioningError("A bracket is missing.\n    Join(<b>\n        ^\nThere."))

    assert [part.partition("</pre>")[0] for part in shown.split("<pre>")[1:]] == ["    Join(&lt;b&gt;\n        ^"]
    assert shown.count("<strong>") == 2


def test_a_name_turns_nothing_around_it() -> None:
    shown = drawn(
        "trouble", trouble=ProvisioningError("There is nobody called \u202elive\u2067, and nobody was asked.")
    )

    assert "There is nobody called live, and nobody was asked." in shown

"""What a rotation says of a token that the configuration leaves to Entra."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from provisioning.model.credentials import SecretToken
from provisioning.operations.configured_token import ConfiguredToken
from provisioning.operations.deployed import Ended
from provisioning.operations.stack_configuration import StackFile


def nothing_is_run(_: Sequence[str], __: Path) -> Ended:
    raise AssertionError


def test_no_up_puts_a_token_back_that_is_kept() -> None:
    file = StackFile("dev", Path(), "provisioning", {"elium:secretToken": "kept"}, frozenset())

    configured = ConfiguredToken.of(file, {}, nothing_is_run)

    assert (configured.token, configured.is_kept) == (None, True)
    assert configured.what_to_do(SecretToken("new")) == ""

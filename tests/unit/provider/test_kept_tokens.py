"""A token that is kept as the service has it: everything goes on but what is saved together with it."""

from __future__ import annotations

from typing import Any

import pytest
from planned_stack import DECLARED, NO_APP_YET, TITLE, a_stack, up_and_running
from pulumi_engine import Pulumi

from provisioning.errors import ConfigurationError, UnavailableError
from provisioning.model.credentials import UNTOLD, Fingerprint
from provisioning.provider.tokens import SeenTokens
from provisioning.provider.unfinished import UnfinishedError

KEPT: dict[str, Any] = {"secretToken": "kept"}

SKIPPING: dict[str, Any] = {"skipOutOfScopeDeletions": True}

SENTENCE = r"secretToken: is kept as Entra has it.*skip out-of-scope deletions: off → on.*Nothing was changed"


def writes(stack: Pulumi) -> list[str]:
    reads = ("job", "secrets", "schema", "assignments", "templates", "roles", "people", "apps")
    return [each for each in stack.service.asked if not each.startswith(reads)]


async def test_a_job_that_is_adopted_with_a_kept_token_is_not_written() -> None:
    earlier = await up_and_running()
    stack = Pulumi(earlier.service, is_planned=True)

    await stack.up(**DECLARED, **KEPT)

    assert writes(stack) == []
    assert stack.inputs["secretToken"] == UNTOLD


async def test_a_mapping_is_changed_without_the_token() -> None:
    stack = await up_and_running()
    known = stack.inputs["secretToken"]

    await stack.up(**DECLARED, **KEPT, **TITLE)

    assert writes(stack) == ["save schema"]
    assert stack.inputs["secretToken"] == known


@pytest.mark.parametrize("preview", [True, False])
async def test_what_is_saved_with_the_token_is_refused_before_anything_is_done(preview: bool) -> None:  # noqa: FBT001 - a case
    stack = await up_and_running()

    with pytest.raises(ConfigurationError, match=SENTENCE) as error:
        await stack.up(**DECLARED, **KEPT, **TITLE, **SKIPPING, preview=preview)
    assert writes(stack) == []
    assert error.value.hint == "Write the token, env: and a name, or file: and a path, in place of kept."


@pytest.mark.parametrize("preview", [True, False])
async def test_a_job_that_stands_alone_refuses_the_same(preview: bool) -> None:  # noqa: FBT001 - a case
    stack = await Pulumi.running()

    with pytest.raises(ConfigurationError, match=SENTENCE):
        await stack.up(**KEPT, **SKIPPING, preview=preview)
    assert writes(stack) == []


async def test_an_app_that_is_not_there_yet_needs_a_token() -> None:
    with pytest.raises(ConfigurationError, match="is kept as Entra has it"):
        await a_stack().up(**DECLARED, **KEPT, **NO_APP_YET, preview=True)


async def test_a_token_that_is_given_later_is_saved() -> None:
    earlier = await up_and_running()
    stack = Pulumi(earlier.service, is_planned=True)
    await stack.up(**DECLARED, **KEPT)

    await stack.up(**DECLARED)

    assert [each for each in writes(stack) if each.startswith("save")] == ["save secrets"]
    assert Fingerprint.parse(stack.inputs["secretToken"])


async def test_a_change_that_stopped_half_way_goes_on_without_the_token() -> None:
    stack = await up_and_running()
    stack.service.refusing["start"] = UnavailableError("away", status=503)
    await stack.up(**DECLARED, **KEPT, status="off")
    with pytest.raises(UnfinishedError):
        await stack.up(**DECLARED, **KEPT, **TITLE)
    stack.service.refusing.clear()

    await stack.up(**DECLARED, **KEPT, **TITLE)

    assert writes(stack)[-1] == "start"


def test_a_kept_token_is_none_and_its_text_has_any_case() -> None:
    tokens = SeenTokens({})

    assert tokens.fingerprint("Kept", before=None, salt=b"salt") == UNTOLD
    assert tokens.token(UNTOLD) is None
    assert (tokens.is_kept(UNTOLD), tokens.is_kept("scrypt:x")) == (True, False)

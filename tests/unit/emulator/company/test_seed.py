from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from emulator.company import seed as seeds
from emulator.company.seed import SeedError

if TYPE_CHECKING:
    from pathlib import Path

    from emulator import Seed

SMALL: dict[str, Any] = {
    "tenant": {"id": "c0ffee00-1234-4abc-8def-0123456789ac", "displayName": "Small", "domain": "small.example"},
    "clients": [{"displayName": "ci", "appId": "x"}],
}


def test_contoso_has_about_25_people_and_everything_that_stories_need(seed: Seed) -> None:
    assert (len(seed.people), len(seed.groups), len(seed.clients), len(seed.elium)) == (25, 10, 3, 2)


def test_secrets_that_are_left_out_are_made_anew_each_time() -> None:
    first, second = seeds.parse(SMALL), seeds.parse(SMALL)

    assert first.clients[0].secret != second.clients[0].secret


def test_secrets_that_are_given_are_kept_and_never_printed() -> None:
    seed = seeds.parse({**SMALL, "clients": [{"displayName": "ci", "appId": "x", "secret": "given"}]})

    assert seed.clients[0].secret == "given"
    assert "given" not in repr(seed)


def test_ids_are_the_same_every_time(seed: Seed) -> None:
    assert seed.id_of("user", "Ada@contoso.com") == seeds.read().id_of("user", "ada@contoso.com")


def test_every_mistake_is_told_with_its_place() -> None:
    wrong = {
        **SMALL,
        "people": [{"userPrincipalName": "ada", "displayName": "Ada", "manager": "grace@small.example", "shoes": 42}],
        "groups": [{"displayName": "All", "members": ["nobody"], "owners": ["someone"]}],
        "clients": [{"displayName": "ci", "appId": "x", "roles": ["Everything.Do"]}],
    }
    with pytest.raises(SeedError) as refused:
        seeds.parse(wrong)

    assert {
        "people[0].userPrincipalName",
        "people[0].shoes",
        "people[0].manager",
        "groups[0].members",
        "groups[0].owners",
        "clients[0].roles",
    } == {reason.partition(":")[0] for reason in refused.value.reasons}


def test_a_file_that_is_no_seed_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "seed.yaml"
    for text in ("a: [", "- 1"):
        file.write_text(text)
        with pytest.raises(SeedError):
            seeds.read(file)

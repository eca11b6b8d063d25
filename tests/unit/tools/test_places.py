from __future__ import annotations

from pathlib import Path

from tools.places import this_clone, user_cache


def test_this_clone_is_where_the_makefile_is() -> None:
    assert (this_clone().root / "Makefile").is_file()


def test_the_cache_lies_where_the_user_keeps_caches() -> None:
    assert user_cache({"XDG_CACHE_HOME": "/caches", "HOME": "/home/ada"}) == Path("/caches/elium-provisioning")


def test_without_a_wish_the_cache_lies_in_the_home() -> None:
    assert user_cache({"XDG_CACHE_HOME": "", "HOME": "/home/ada"}) == Path("/home/ada/.cache/elium-provisioning")

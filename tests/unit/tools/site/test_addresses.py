from __future__ import annotations

import pytest

from tools.site.addresses import Link, links, page_of, place_of, with_links_of_the_site


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("README.md", "index.md"),
        ("docs/README.md", "contents.md"),
        ("docs/how-to/list-people.md", "how-to/list-people.md"),
        ("tests/witnesses/walk.py", "source/tests/witnesses/walk.py.txt"),
        ("pipelines", "source/pipelines.txt"),
    ],
)
def test_what_is_a_page_is_one_in_the_site_and_all_else_is_text_beside_them(path: str, place: str) -> None:
    assert place_of(path) == place


def test_a_page_of_another_folder_is_not_the_manuals() -> None:
    assert page_of("tests/README.md") is None


@pytest.mark.parametrize(
    ("written", "led"),
    [
        ("[a](../glossary.md#job)", "[a](../glossary.md#job)"),
        ("[a](../README.md)", "[a](../contents.md)"),
        ("[a](../../README.md#what-you-see)", "[a](../index.md#what-you-see)"),
        ("[a](../../tests/walk.py) and [b](x.md)", "[a](../source/tests/walk.py.txt) and [b](x.md)"),
        ("[a](#here)", "[a](#here)"),
        ("[a](https://learn.microsoft.com/x)", "[a](https://learn.microsoft.com/x)"),
        ("`[a](../README.md)`", "`[a](../README.md)`"),
        ("`code` [a](../README.md) `code`", "`code` [a](../contents.md) `code`"),
    ],
)
def test_a_link_leads_to_where_its_file_lies_in_the_site(written: str, led: str) -> None:
    assert with_links_of_the_site(written, "docs/how-to/page.md") == led


def test_what_stands_in_a_block_of_code_is_not_a_link() -> None:
    text = "```text\n[a](../README.md)\n```\n\n[b](../README.md)\n"

    assert list(links(text, "docs/how-to/page.md")) == [Link("docs/README.md", "")]
    assert with_links_of_the_site(text, "docs/how-to/page.md").startswith("```text\n[a](../README.md)\n")

from __future__ import annotations

from tools.site.markdown import in_the_sites_dialect


def test_what_belongs_to_a_numbered_item_stays_with_it() -> None:
    page = "1. Sign in:\n\n   ```shell\n   az login\n   ```\n\n   Then wait.\n2. Look.\n\nAfter it.\n   indented\n"

    assert in_the_sites_dialect(page) == (
        "1. Sign in:\n\n    ```shell\n    az login\n    ```\n\n    Then wait.\n\n2. Look.\n\nAfter it.\n   indented\n"
    )


def test_numbers_and_indents_in_a_block_of_code_stay_as_they_are() -> None:
    page = "```yaml\n1. a\n   b\n```\n"

    assert in_the_sites_dialect(page) == page

from __future__ import annotations

from tools.site.contents import navigation

INDEX = """# The manual

## To do

- [Add](how-to/add.md), as [the glossary](glossary.md) calls it
- [Look](how-to/look.md#closely)

## To understand

- [Whole](whole.md), and [the glossary](glossary.md) again

### Decisions

  [one](decisions/1.md) ·
  [two](decisions/2.md), with [its source](../tests/two.py)
"""


def test_the_site_has_the_order_of_the_index() -> None:
    assert navigation(INDEX) == [
        {"Start": "index.md"},
        "contents.md",
        {"To do": ["how-to/add.md", "glossary.md", "how-to/look.md"]},
        {"To understand": ["whole.md", {"Decisions": ["decisions/1.md", "decisions/2.md"]}]},
    ]

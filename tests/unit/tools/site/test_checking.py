from __future__ import annotations

from pathlib import Path

import pytest

from tools.site.checking import mistakes


def a_site(folder: Path, **pages: str) -> Path:
    for name, body in pages.items():
        file = folder / f"{name.replace('__', '/')}.html"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"<!doctype html><html><body>{body}</body></html>", encoding="utf-8")
    return folder


def test_a_site_whose_links_lead_somewhere_has_no_mistakes(tmp_path: Path) -> None:
    (tmp_path / "style.css").write_text("a { background: url(data:image/png;base64,AA) }", encoding="utf-8")
    links = '<a href="how/to.html#a%20b">x</a> <a href="#top">y</a> <a href="https://elsewhere.example/">z</a>'

    site = a_site(
        tmp_path,
        index=f'<link rel="stylesheet" href="style.css"><h1 id="top"></h1>{links}',
        how__to='<h1 id="a b"></h1><a href="../index.html">back</a> <a href="/index.html">start</a> <a href=".">.</a>',
        how__index="",
    )

    assert mistakes(site) == []


@pytest.mark.parametrize(
    ("body", "mistake"),
    [
        ('<a href="gone.html">x</a>', "index.html: gone.html leads to no file."),
        ('<a href="../tests/walk.py">x</a>', "index.html: ../tests/walk.py leads to no file."),
        ('<img src="gone.png">', "index.html: gone.png leads to no file."),
        ('<a href="#gone">x</a>', "index.html: #gone leads to a page without that anchor."),
        ('<a href="other.html#gone">x</a>', "index.html: other.html#gone leads to a page without that anchor."),
        ('<script src="//cdn.example/x.js"></script>', "index.html: fetches //cdn.example/x.js from elsewhere."),
        ('<img src="https://a.example/x.png">', "index.html: fetches https://a.example/x.png from elsewhere."),
        (
            "<p>These:\n- one</p>",
            "index.html: '- one' runs on in a paragraph; it needs an empty line before.",
        ),
    ],
)
def test_a_mistake_is_told_with_its_page(tmp_path: Path, body: str, mistake: str) -> None:
    assert mistakes(a_site(tmp_path, index=body, other="")) == [mistake]


def test_a_style_that_fetches_from_elsewhere_is_told(tmp_path: Path) -> None:
    (tmp_path / "style.css").write_text("@import url('https://fonts.example/x');", encoding="utf-8")

    assert mistakes(a_site(tmp_path, index="")) == ["style.css: fetches https://fonts.example/x from elsewhere."]


def test_a_site_without_pages_is_a_mistake(tmp_path: Path) -> None:
    assert mistakes(tmp_path) == [f"{tmp_path}: there are no pages."]

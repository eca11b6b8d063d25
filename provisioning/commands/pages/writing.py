"""Where a page goes, and in which form: the end of the file's name says it, and what it needs is looked for first."""

from __future__ import annotations

import importlib.util
import os
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Self

from provisioning.commands.json_form import as_text
from provisioning.commands.pages.blocks import Page
from provisioning.commands.pages.markdown import markdown_of
from provisioning.commands.pages.printing import browser_to_print, pdf_of, run_browser
from provisioning.commands.surroundings import Surroundings
from provisioning.errors import ConfigurationError, installing

NEEDS = ("jinja2", "vl_convert")
"""What pages are made with: the extra ``report``."""


class Form(Enum):
    """What is written."""

    HTML = ".html"
    MARKDOWN = ".md"
    PDF = ".pdf"
    JSON = ".json"


FORMS = ", ".join(form.value for form in Form)


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes one page."""

    surroundings: Surroundings
    out: Path | None
    """Where it goes; ``None`` for stdout."""
    form: Form
    browser: str = ""
    """What prints it, where something has to."""

    @classmethod
    def of(cls, surroundings: Surroundings, out: Path | None, *, is_json: bool) -> Self:
        """Tell what is to be written; without a file it is Markdown, for a terminal and for pipes.

        :raises ConfigurationError: when the name does not tell, or what such pages are made with is not there.
        """
        if out is None:
            return cls(surroundings, None, Form.JSON if is_json else Form.MARKDOWN)
        if out.suffix.lower() not in FORMS.split(", "):
            raise ConfigurationError(
                f"--out: {out.name} ends in none of {FORMS}.", hint="End the name of the file in one of them."
            )
        form = Form(out.suffix.lower())
        if form in {Form.HTML, Form.PDF} and not all(map(importlib.util.find_spec, NEEDS)):
            raise ConfigurationError(
                "A page is drawn with libraries that are not installed here.",
                hint=f"{installing('report')} Or write Markdown: -o report.md.",
            )
        browser = browser_to_print(surroundings.environment) if form is Form.PDF else ""
        return cls(surroundings, out, form, browser)

    def write(self, document: object, page: Page, said: str) -> None:
        """Write it: the *document* where programs read it, else the *page*. *said* is told once a file is written.

        :raises ConfigurationError: when the file cannot be written, or nothing prints it.
        """
        screen, made = self.surroundings.screen, self._made(document, page)
        if self.out is None:
            screen.show(made.decode().rstrip())
            return
        try:
            (self.surroundings.folder / self.out).write_bytes(made)
        except OSError as error:
            raise ConfigurationError(
                f"{self.out} cannot be written: {error.strerror}.", hint="Name another file."
            ) from error
        screen.tell(f"{self.out}: {said}")

    def _made(self, document: object, page: Page) -> bytes:
        if self.form is Form.JSON:
            return _bytes(as_text(document))
        if self.form is Form.MARKDOWN:
            return _bytes(markdown_of(page))
        # What draws is an extra, and takes a second to import, which only a page is worth.
        from provisioning.commands.pages.html import html_of  # noqa: PLC0415 - see above

        if self.form is Form.HTML:
            return _bytes(html_of(page))
        return pdf_of(
            html_of(page, on_paper=True),
            browser=self.browser,
            run=self.surroundings.run or run_browser,
            is_root=os.geteuid() == 0,
        )


def _bytes(text: str) -> bytes:
    """Write it as UTF-8, which has no half of a pair: a name that has one is shown with a question mark."""
    return text.encode("utf-8", errors="replace")

"""A plan as a comment below a pull request: what matters in a line, the changes as a diff, everything in a fold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from provisioning.planning.plan import Plan
from provisioning.planning.wording import describe
from provisioning.words import counted


def as_markdown(plan: Plan, text: str, *, stack: str, checksum: str, more: Iterable[str] = ()) -> str:
    """Write a plan in GitHub's Markdown. *text* is all of it, *more* what else is to be known, a sentence each.

    *checksum* is what it is accepted by; empty when there is nothing to do.

    Names and values of people stand in fences alone, where nothing in them means anything.
    """
    return "\n\n".join(_parts(plan, text, stack, checksum, more)) + "\n"


def _parts(plan: Plan, text: str, stack: str, checksum: str, more: Iterable[str]) -> Iterator[str]:
    yield f"### `{stack}`: {', '.join(_headline(plan))}"
    refusal = plan.refusal if plan else None
    if refusal:
        yield "**Refused**, until the file says otherwise or accepts it:"
        yield fenced("\n".join(filter(None, (refusal.message, refusal.hint))), "text")
    yield from more
    if plan.changes:
        yield fenced("\n".join(map(describe, plan.changes)), "diff")
    if checksum:
        yield f"Plan `{plan.digest}`, checksum `{checksum}`." if plan else f"Checksum `{checksum}`."
    if plan:
        yield f"<details><summary>All of it</summary>\n\n{fenced(text, 'text')}\n\n</details>"


def _headline(plan: Plan) -> Iterator[str]:
    count = len(plan.changes)
    yield "nothing to do" if not plan else counted(count, "change")
    if plan.impact:
        yield f"{plan.impact.leaving.count:,} would leave"
        yield f"{plan.impact.entering.count:,} would enter"
    elif plan.why_uncounted:
        yield "nobody was counted"


def escaped(text: str) -> str:
    """Take the meaning from what Markdown would read into a name: tables, code, mentions, tags."""
    return re.sub(r"([\\|`*_<>\[\]@#])", r"\\\1", text).replace("\n", " ")


def fenced(text: str, language: str) -> str:
    """Put a text into a fence that is longer than any in it (CommonMark: fenced code blocks)."""
    longest = max(map(len, re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"

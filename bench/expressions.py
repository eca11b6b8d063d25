"""How fast expressions are evaluated and scoping filters judge, on one core, once they have been read.

``python -m bench.expressions`` prints it.
"""

from __future__ import annotations

import argparse
import sys
import time
from functools import partial
from typing import TYPE_CHECKING

from provisioning.language import Expression, ScopingFilter

if TYPE_CHECKING:
    from collections.abc import Callable

    from provisioning.language import Attributes

ADA: Attributes = {
    "givenName": "Ada",
    "surname": "Byron",
    "mail": "ada@contoso.com",
    "userPrincipalName": "ada@contoso.com",
    "department": "Mathematics",
    "country": "GB",
    "IsSoftDeleted": "False",
}

SIMPLE = (
    "[mail]",
    'Join(" ", [givenName], [surname])',
    'Switch([IsSoftDeleted], , "False", "True", "True", "False")',
)
LONGER = (
    'ToLower(Join("@", NormalizeDiacritics(StripSpaces(Join(".", [givenName], [surname]))), "contoso.com"))',
    'Replace([userPrincipalName], , "(?<Suffix>@(.)*)", "Suffix", "", , )',
    'IIF([country]="GB", DateAdd("d", 7, CDate("2012-03-16-07:00")), [department])',
)
FILTERS = (
    [["department EQUALS Mathematics", "mail IS NOT NULL"]],
    [["department EQUALS Sales", "mail IS NOT NULL"], [r"userPrincipalName REGEX MATCH ext-.*@contoso\.com"]],
)

TIMES = 100_000
BEST_OF = 5


def main() -> int:
    """Take every measurement and print it."""
    sys.stdout.write(f"$ python -m bench.expressions   # the best of {BEST_OF} times {TIMES:,}\n\n")
    sys.stdout.write("expressions evaluated in a second\n")
    for text in SIMPLE + LONGER:
        _print(_in_a_second(partial(Expression.parse(text).evaluate, ADA)), text)
    sys.stdout.write("\npeople judged in a second\n")
    for readable in FILTERS:
        scoping = ScopingFilter.parse(readable)
        _print(_in_a_second(partial(scoping.admits, ADA)), str(scoping))
    return 0


def _in_a_second(act: Callable[[], object]) -> float:
    return TIMES / min(_seconds_of(act) for _ in range(BEST_OF))


def _seconds_of(act: Callable[[], object]) -> float:
    begin = time.perf_counter()
    for _ in range(TIMES):
        act()
    return time.perf_counter() - begin


def _print(count: float, what: str) -> None:
    sys.stdout.write(f"{count:>12,.0f}  {what}\n")


if __name__ == "__main__":
    argparse.ArgumentParser(prog="python -m bench.expressions", description=__doc__).parse_args()
    sys.exit(main())

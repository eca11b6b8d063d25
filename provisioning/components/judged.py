"""Whether the plan looked at those who are to be assigned in this run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from provisioning.components.stack import errors_as_sentences
from provisioning.errors import UnsafeChangeError


@errors_as_sentences()
def judged_role(declared: Sequence[Mapping[str, str]], role: str, judged: Sequence[Mapping[str, str]] | None) -> str:
    """Give the *role* that the plan found, if those who are to hold it are those whom it *judged*.

    With ``pulumi up --target`` or ``--exclude`` the engine may leave the plan as an earlier run made it, and assign, or
    take an assignment away, all the same. A program that fails here has the engine do neither.

    :raises pulumi.RunError: when the plan judged others.
    """
    sides = [
        {each["principalId"]: f"{each['kind']} {each['name']}" for each in side} for side in (declared, judged or ())
    ]
    others = [side[each] for side in sides for each in sorted(side) if not all(each in either for either in sides)]
    if others:
        raise UnsafeChangeError(
            f"This run leaves the plan out, so what becomes of {', '.join(others)} is not judged. Nobody was assigned.",
            hint="Run `pulumi up` without --target and --exclude, or name the plan among the targets.",
        )
    return role

"""What can stop the set-up, and what can stop a command on a stack."""

from __future__ import annotations


class SetUpError(Exception):
    """The set-up cannot go on. The message is one sentence that says what to do."""


class UnavailableError(Exception):
    """One source has not got it, and the next one is asked. The message says why, without a full stop."""


class StackError(Exception):
    """A stack is not the right one. The message says why, and what to do."""

"""What each exit code means. Those that Pulumi has too mean the same there (pulumi.com/docs/iac/cli/exit-codes)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum


class ExitCode(IntEnum):
    """How a command ended."""

    OK = 0
    OTHER = 1
    CONFIGURATION = 2
    SIGN_IN = 3
    REFUSED = 4
    GRAPH = 5
    QUARANTINE = 6
    STILL_WAITING = 7
    CHANGES = 8
    INTERRUPTED = 130


MEANINGS: Mapping[ExitCode, str] = {
    ExitCode.OK: "done, or told",
    ExitCode.OTHER: "another error; nothing was confirmed; or a bug, with its traceback",
    ExitCode.CONFIGURATION: "the configuration, the stack's name or the command line is wrong; or `--yes` is missing "
    "where nobody can be asked",
    ExitCode.SIGN_IN: "nobody could be signed in, or a permission is missing",
    ExitCode.REFUSED: "a guard of ours refused, or the plan is not the expected one",
    ExitCode.GRAPH: "Microsoft Graph said no, or could not be reached",
    ExitCode.QUARANTINE: "the job is in quarantine",
    ExitCode.STILL_WAITING: "time ran out while waiting",
    ExitCode.CHANGES: "there are changes, where `--exit-code` asks for that",
    ExitCode.INTERRUPTED: "Ctrl-C",
}

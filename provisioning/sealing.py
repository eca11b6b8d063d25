"""Tokens that a program hands to the plugin through the engine, which logs what resources are told (``-v=9``).

A token is sealed with a pad of the same length that is used for nothing else; the pad lies in a file which only this
user may read, and goes when the program ends. So a log has what nobody can open, and the disk never has a token.
"""

from __future__ import annotations

import atexit
import functools
import os
import secrets
import shutil
import tempfile
from pathlib import Path

import pulumi

from provisioning.model.token_source import TokenSource, sealed_with


def handed_over(token: pulumi.Input[str]) -> pulumi.Input[str]:
    """Seal a token; the name of where one lies stays as it is."""
    if isinstance(token, pulumi.Output):
        return pulumi.Output.secret(token.apply(sealed))
    if isinstance(token, str) and TokenSource.parse(token) is None:
        return pulumi.Output.secret(sealed(token))
    return token


@functools.cache
def sealed(token: str) -> str:
    """Seal a token, and leave its pad where the plugin finds it; what is a source already is handed on.

    The plan and the job are told the same token, and a file for it is enough.
    """
    if TokenSource.parse(token) is not None:
        return token
    data = token.encode()
    pad = secrets.token_bytes(len(data))
    path = _folder() / secrets.token_hex(8)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(pad.hex())
    return str(sealed_with(pad, data, str(path)))


@functools.cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="entrasync-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder

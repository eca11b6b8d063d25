"""What programs in other languages have in common: the SDKs, written and compiled as the schema is today."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from language_programs import NodeProject
from pulumi_fleet import company

from emulator import Emulator
from emulator.web.server import Served
from tools.errors import UnavailableError
from tools.places import this_clone
from tools.sdk import compile_node_sdk, surroundings, write_sdks
from tools.setup.progress import Progress

PLATFORMS = ("acme", "bolt")

MakeProject = Callable[[str], NodeProject]


@pytest.fixture(scope="session")
def sdks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the SDKs."""
    folder = tmp_path_factory.mktemp("sdk")
    write_sdks(surroundings(os.environ, Progress(io.StringIO())), folder)
    return folder


@pytest.fixture(scope="session")
def node_sdk(sdks: Path) -> Path:
    """Give the package for Node; skip the test where there is no Node."""
    try:
        return compile_node_sdk(surroundings(os.environ, Progress(io.StringIO())), sdks)
    except UnavailableError as reason:
        pytest.skip(f"A program in TypeScript cannot run: {reason}.")


@pytest.fixture
def project(node_sdk: Path, tmp_path: Path) -> MakeProject:
    """Make a project of a program in TypeScript."""

    def make(program: str) -> NodeProject:
        return NodeProject.of(tmp_path, program, sdk=node_sdk, modules=this_clone().node_modules)

    return make


@pytest.fixture
def served() -> Iterator[Served]:
    """Serve a company with two platforms at Elium."""
    with Emulator(seed=company(PLATFORMS)).serve() as served:
        yield served

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite", action="store_true", help="write what the plans say now over every plan.txt")


@pytest.fixture
def rewrites(request: pytest.FixtureRequest) -> bool:
    """Tell whether the plans are to be written anew; the option is known where this folder is named."""
    return bool(request.config.getoption("--rewrite", default=False))

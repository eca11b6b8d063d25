from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from unit.tools.stage import a_context, asked_of, fails, says

from tools.setup.downloads import is_reachable

if TYPE_CHECKING:
    from pathlib import Path

    from tools.setup.commands import Ended


@pytest.mark.parametrize(("answer", "reachable"), [(says(""), True), (fails("Name or service not known"), False)])
def test_a_site_that_answers_is_reachable(tmp_path: Path, answer: Ended, *, reachable: bool) -> None:
    context = a_context(tmp_path, {"get.pulumi.com": answer})

    assert reachable == is_reachable(context)
    assert len(asked_of(context)) == 1

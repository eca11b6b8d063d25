from __future__ import annotations

import pytest
import typer

from scripts.recover.__main__ import recover


def test_a_stack_that_is_not_the_right_one_is_a_sentence_and_exit_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as ended:
        recover("")

    assert ended.value.exit_code == 2
    assert capsys.readouterr().err == "STACK is empty: name the stack that is meant, such as STACK=dev.\n"

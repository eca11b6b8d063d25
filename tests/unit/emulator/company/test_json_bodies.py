from __future__ import annotations

import json
from typing import Any

import pytest

from emulator.company.json_bodies import read_json


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'"\\ud83d\\ude00"', "\U0001f600"),
        ('"\U0001f600"'.encode(), "\U0001f600"),
        (b'"\\\\ud800"', "\\ud800"),
        (b"\xef\xbb\xbf{}", {}),
        (b"[1e3, -0.5, 12345678901234567890]", [1000.0, -0.5, 12345678901234567890]),
    ],
)
def test_what_everybody_can_write_is_read(body: bytes, value: Any) -> None:
    assert read_json(body) == value


@pytest.mark.parametrize("half", ["\\ud800", "\\uDFFF", "\\ude00\\ud83d", "x\\udbff\\u0041"])
@pytest.mark.parametrize("body", ['"%s"', '{"a": [{"b": "%s"}]}', '{"%s": 1}'])
def test_half_of_a_surrogate_pair_is_named_wherever_it_stands(body: str, half: str) -> None:
    with pytest.raises(ValueError, match=r"^A string has half of a surrogate pair, which is not a character\.$"):
        read_json((body % half).encode())


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"NaN", b"[-Infinity]", b"1e999", b'"\xed\xa0\x80"', b"\xff", '"x"'.encode("utf-16"), b"9" * 5_000],
)
def test_what_json_does_not_have_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"^It is not JSON\.$"):
        read_json(body)


def test_a_depth_without_end_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^It is nested too deeply\.$"):
        read_json(b"[" * 100_000)


def test_what_is_read_can_be_written() -> None:
    read = read_json(b'{"a": ["\\ud83d\\ude00", 1.5, null]}')

    assert json.loads(json.dumps(read, ensure_ascii=False, allow_nan=False).encode()) == read

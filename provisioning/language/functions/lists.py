"""Functions on attributes with several values."""

from __future__ import annotations

from provisioning.errors import EvaluationError
from provisioning.language.values import Value, texts_of


def split(source: str | None, delimiter: str | None) -> list[str] | None:
    """``Split``: the pieces, without white space around them (the sample of Learn: functions#split)."""
    if not delimiter:
        raise EvaluationError("The delimiter of Split is empty.")
    return None if source is None else [piece.strip() for piece in source.split(delimiter)]


def item(source: Value, index: int) -> str:
    """``Item``: counted from 1; an error outside the list (Learn: cloud-sync/reference-expressions#item)."""
    texts = texts_of(source)
    if not 1 <= index <= len(texts):
        raise EvaluationError(f"Item {index} is outside the list, which has {len(texts)}.")
    return texts[index - 1]


def count(source: Value) -> str:
    """``Count``: how many values there are."""
    return str(len(texts_of(source)))


def remove_duplicates(source: Value) -> list[str] | None:
    """``RemoveDuplicates``: the first of each value stays."""
    return None if source is None else list(dict.fromkeys(texts_of(source)))

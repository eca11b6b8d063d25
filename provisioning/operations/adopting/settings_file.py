"""A stack's file with settings laid into it: what it says already stays, comments too, and is never contradicted."""

from __future__ import annotations

import difflib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml as yaml_1_1
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.representer import RoundTripRepresenter
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from provisioning.errors import ConfigurationError

CONFIG = "config"


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """The file as it is, and as it would be."""

    path: Path
    before: str
    """Empty where there is none yet."""
    after: str

    @property
    def diff(self) -> str:
        """Show what would be written, as ``diff -u`` does; empty when nothing would."""
        is_new = not self.before
        lines = difflib.unified_diff(
            self.before.splitlines(),
            self.after.splitlines(),
            "/dev/null" if is_new else self.path.name,
            self.path.name,
            lineterm="",
        )
        return "\n".join(lines)

    @property
    def values(self) -> dict[str, Any]:
        """What it says then, by whole key, encrypted values as they stand there."""
        return dict((yaml_1_1.safe_load(self.after) or {}).get(CONFIG) or {})

    def write(self) -> None:
        """Write it.

        :raises ConfigurationError: when it cannot be written.
        """
        if self.before == self.after:
            return
        # Beside it and then over it: a file that is cut in the middle would be taken for the whole configuration.
        beside = self.path.with_name(f"{self.path.name}.new")
        try:
            beside.write_text(self.after, encoding="utf-8")
            beside.replace(self.path)
        except OSError as error:
            raise ConfigurationError(
                f"{self.path.name} cannot be written: {error.strerror}.", hint="Correct its permissions."
            ) from error


def with_settings(path: Path, settings: Mapping[str, Any], *, namespace: str) -> SettingsFile:
    """Lay *settings* into the file of a stack.

    What the file says is kept: a setting that is there stays, a table gets the rows that it lacks, and a list of names
    those that it lacks.

    :raises ConfigurationError: when the file cannot be read.
    """
    before = _text(path)
    document, as_it_was = _table(before, path), _table(before, path)
    if document.get(CONFIG) is None:
        document[CONFIG] = {}
    for name, value in settings.items():
        _lay(document[CONFIG], f"{namespace}:{name}", value, is_top=True)
    return SettingsFile(path, before, before if document == as_it_was else _dumped(document))


def settings_in(path: Path) -> dict[str, Any]:
    """Give what the file of a stack says, by whole key; nothing where there is no file.

    :raises ConfigurationError: when it cannot be read.
    """
    text = _text(path)
    _table(text, path)
    try:
        return SettingsFile(path, text, text).values
    except yaml_1_1.YAMLError as error:
        raise ConfigurationError(_not_yaml(path, error), hint="Correct the file.") from error


def with_value(path: Path, place: Sequence[str], value: Any, *, namespace: str) -> SettingsFile:  # noqa: ANN401 - YAML's values
    """Write one value into the file of a stack, over what stands there, such as at ``("mappings", "users", "title")``.

    All else stays as it is. An attribute that says more than its source keeps the rest.

    :raises ConfigurationError: when the file cannot be read.
    """
    before = _text(path)
    document = _table(before, path)
    if document.get(CONFIG) is None:
        document[CONFIG] = {}
    table, (first, *others) = document[CONFIG], place
    names = [f"{namespace}:{first}", *others]
    for name in names[:-1]:
        held = _structured(table.get(name))
        table[name] = held if isinstance(held, Mapping) else {}
        table = table[name]
    last = names[-1]
    if isinstance(table.get(last), Mapping) and "source" in table[last]:
        table[last]["source"] = _as_written(value)
    else:
        table[last] = _as_written(value)
    return SettingsFile(path, before, _dumped(document))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{path.name} cannot be read.", hint="Correct the file: it is YAML.") from error


def _table(text: str, path: Path) -> Any:  # noqa: ANN401 - a document that remembers its comments
    try:
        read = _yaml().load(text) if text.strip() else {}
    except YAMLError as error:
        raise ConfigurationError(_not_yaml(path, error), hint="Correct the file.") from error
    if not isinstance(read, Mapping) or not isinstance(read.get(CONFIG) or {}, Mapping):
        raise ConfigurationError(f"{path.name}: config is not a table.", hint="Write one setting a line below it.")
    return read


def _not_yaml(path: Path, error: Exception) -> str:
    """Say where a file stops being YAML, as far as the parser tells."""
    mark = getattr(error, "problem_mark", None)
    where = f": line {mark.line + 1}, column {mark.column + 1}" if mark else ""
    return f"{path.name} is not YAML{where}."


def _lay(table: dict[str, Any], key: str, found: Any, *, is_top: bool = False) -> None:  # noqa: ANN401 - YAML's values
    """Add what a table lacks; where it says something else, that stays, and the plan tells of it."""
    if key not in table:
        table[key] = _as_written(found, is_top=is_top)
        return
    held = _structured(table[key])
    if isinstance(found, Mapping) and isinstance(held, dict):
        for name, value in found.items():
            _lay(held, name, value)
    elif isinstance(found, list) and is_top:
        held = [held] if isinstance(held, str) else held
        known = {str(name).casefold() for name in held}
        held.extend(_as_written(name) for name in found if name.casefold() not in known)
    else:
        return
    if held not in (_structured(table[key]), [table[key]]):
        table[key] = held


def _structured(written: Any) -> Any:  # noqa: ANN401 - values of YAML
    """Read a table or list that stands in the file as JSON."""
    if isinstance(written, str) and written[:1] in {"[", "{"}:
        try:
            return json.loads(written)
        except ValueError:
            return written
    return written


def _as_written(value: Any, *, is_top: bool = False) -> Any:  # noqa: ANN401 - values of YAML
    """Write a value so that Pulumi, and every reader of YAML 1.1, finds the same in it.

    A setting that is not a table is a text, as `pulumi config set` writes it.
    """
    if isinstance(value, Mapping):
        return {key: _as_written(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_as_written(each) for each in value]
    if is_top and not isinstance(value, str):
        return DoubleQuotedScalarString(str(value).lower())
    return DoubleQuotedScalarString(value) if isinstance(value, str) and not _is_plain(value) else value


def _is_plain(text: str) -> bool:
    """Tell whether a text is one to YAML 1.1 as well, which takes ``on`` for a truth value."""
    try:
        return bool(yaml_1_1.safe_load(text) == text)
    except yaml_1_1.YAMLError:
        return False


def _dumped(document: Any) -> str:  # noqa: ANN401 - a document that remembers its comments
    out = io.StringIO()
    _yaml().dump(document, out)
    return out.getvalue()


class _Representer(RoundTripRepresenter):
    """Writes ``null``, where nothing at all would look like a slip."""


def _null(representer: RoundTripRepresenter, _: None) -> Any:  # noqa: ANN401 - a node
    return representer.represent_scalar("tag:yaml.org,2002:null", "null")


_Representer.add_representer(type(None), _null)


def _yaml() -> YAML:
    """Give a reader and writer that keeps comments, quotes and order, and writes lists as Pulumi does."""
    yaml = YAML(typ="rt")
    yaml.Representer = _Representer
    yaml.preserve_quotes = True
    yaml.width = 10_000
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml

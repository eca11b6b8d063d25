"""Stands on the PATH as ``gh``, ``curl`` and ``make``: a forge whose comments and artifacts lie in a folder.

It takes the calls that GitHub's command and the REST interfaces of Azure DevOps and GitLab document, and refuses any
other. Each call is written down with what came on its stdin, so that a test sees what was asked.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

NUMBER = 7
"""The number of the only pull request."""

TOKEN = "token-of-the-forge"

SAID = "calls.jsonl"


@dataclass(frozen=True)
class Forge:
    """What the forge knows."""

    folder: Path

    @property
    def comments(self) -> dict[str, str]:
        """The comments below the pull request, by id."""
        file = self.folder / "comments.json"
        found: dict[str, str] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        return found

    def write(self, text: str, number: str = "") -> dict[str, Any]:
        """Write a comment anew, or one that is there."""
        comments = self.comments
        number = number or str(len(comments) + 1)
        (self.folder / "comments.json").write_text(json.dumps({**comments, number: text}), encoding="utf-8")
        return {"id": int(number)}

    @property
    def merged(self) -> str:
        """The commit that the merge made."""
        return (self.folder / "merged").read_text(encoding="utf-8")

    def artifact(self, name: str) -> Path:
        """Give the folder of an artifact of the pull request's newest run."""
        return self.folder / "artifacts" / name

    def note(self, words: Sequence[str], written: str) -> None:
        """Write down what was called."""
        with (self.folder / SAID).open("a", encoding="utf-8") as file:
            file.write(json.dumps({"words": list(words), "stdin": written}) + "\n")

    @property
    def calls(self) -> list[dict[str, Any]]:
        """What was called, in order."""
        return [json.loads(line) for line in (self.folder / SAID).read_text(encoding="utf-8").splitlines()]


def gh(forge: Forge, words: Sequence[str], written: str) -> Any:
    """Answer ``gh``."""
    assert os.environ["GH_TOKEN"] == TOKEN
    repository = f"repos/{os.environ['GITHUB_REPOSITORY']}"
    match list(words):
        case ["api", "--paginate", "--slurp", path] if path == f"{repository}/issues/{NUMBER}/comments":
            return [[{"id": int(number), "body": text} for number, text in forge.comments.items()]]
        case ["api", "--method", "POST", path, "--input", "-"] if path == f"{repository}/issues/{NUMBER}/comments":
            return forge.write(json.loads(written)["body"])
        case ["api", "--method", "PATCH", path, "--input", "-"]:
            found = re.fullmatch(rf"{repository}/issues/comments/(\d+)", path)
            assert found, path
            return forge.write(json.loads(written)["body"], found[1])
        case ["api", path] if path == f"{repository}/commits/{forge.merged}/pulls":
            return [{"head": {"sha": f"head-of-{forge.merged}"}, "merge_commit_sha": forge.merged}]
        case ["run", "list", "--commit", head, *_] if head == f"head-of-{forge.merged}":
            return [{"databaseId": 41}]
        case ["run", "download", "41", "--name", name, "--dir", folder]:
            shutil.copytree(forge.artifact(name), folder, dirs_exist_ok=True)
            return None
        case _:
            raise AssertionError(f"gh {words}")


def curl(forge: Forge, words: Sequence[str], written: str) -> Any:
    """Answer ``curl --config -``."""
    assert list(words[-2:]) == ["--config", "-"], words
    asked = [re.fullmatch(r'([a-z-]+) = "(.*)"', line) for line in written.splitlines()]
    settings = [(found[1], found[2]) for found in asked if found]
    assert ("header", f"Authorization: Bearer {TOKEN}") in settings, settings
    told = dict(settings)
    body = json.loads(Path(told["data-binary"][1:]).read_text("utf-8")) if "data-binary" in told else {}
    url = urlsplit(told["url"])
    query = {name: values[0] for name, values in parse_qs(url.query).items()}
    platform = gitlab if "/api/v4/" in url.path else azure
    answer = platform(forge, (told.get("request", "GET"), url.path), query, body)
    if "output" not in told:
        return answer
    shutil.copyfile(answer, told["output"])
    return None


def azure(  # noqa: PLR0911 - a return for each call
    forge: Forge, call: tuple[str, str], query: dict[str, str], body: dict[str, Any]
) -> Any:
    """Answer what Azure DevOps documents (azure: REST, git and build)."""
    git, build = "/contoso/The%20fleet/_apis/git/repositories/r1", "/contoso/The%20fleet/_apis/build/builds"
    threads = f"{git}/pullRequests/{NUMBER}/threads"
    method, path = call
    if call == ("GET", threads):
        return {
            "value": [
                {"id": 100 + int(number), "comments": [{"id": int(number), "content": text}]}
                for number, text in forge.comments.items()
            ]
        }
    if call == ("POST", threads):
        return forge.write(body["comments"][0]["content"])
    if method == "PATCH" and (found := re.fullmatch(rf"{threads}/1(\d\d)/comments/(\d+)", path)):
        return forge.write(body["content"], found[2])
    if call == ("POST", f"{git}/pullrequestquery"):
        items = body["queries"][0]["items"]
        assert body["queries"][0]["type"] == "lastMergeCommit"
        return {"results": [{forge.merged: [{"pullRequestId": NUMBER}]} if forge.merged in items else {}]}
    if call == ("GET", build) and query["branchName"] == f"refs/pull/{NUMBER}/merge":
        return {"value": [{"id": 41}]}
    if call == ("GET", f"{build}/41/artifacts"):
        return {"resource": {"downloadUrl": f"https://dev.example/packed/{query['artifactName']}?format=zip"}}
    if method == "GET" and path.startswith("/packed/"):
        return _packed(forge.artifact(path.removeprefix("/packed/")))
    raise AssertionError(call)


def gitlab(forge: Forge, call: tuple[str, str], query: dict[str, str], body: dict[str, Any]) -> Any:
    """Answer what GitLab documents (gitlab: REST, notes, commits and job artifacts)."""
    project = "/api/v4/projects/3"
    notes = f"{project}/merge_requests/{NUMBER}/notes"
    artifacts = f"{project}/jobs/artifacts/refs%2Fmerge-requests%2F{NUMBER}%2Fhead/raw/"
    method, path = call
    if call == ("GET", notes):
        assert query["page"] == "1"
        return [{"id": int(number), "body": text} for number, text in forge.comments.items()]
    if call == ("POST", notes):
        return forge.write(body["body"])
    if method == "PUT" and (found := re.fullmatch(rf"{notes}/(\d+)", path)):
        return forge.write(body["body"], found[1])
    if call == ("GET", f"{project}/repository/commits/{forge.merged}/merge_requests"):
        return [{"iid": NUMBER, "merge_commit_sha": forge.merged, "squash_commit_sha": None, "sha": "head"}]
    if method == "GET" and path.startswith(artifacts):
        return forge.artifact(query["job"]) / unquote(path.removeprefix(artifacts))
    raise AssertionError(call)


def _packed(artifact: Path) -> Path:
    """Pack an artifact as Azure Pipelines does: in a folder of its name."""
    packed = artifact.with_suffix(".zip")
    with zipfile.ZipFile(packed, "w") as archive:
        for file in artifact.rglob("*.*"):
            archive.write(file, f"{artifact.name}/{file.relative_to(artifact)}")
    return packed


def make(forge: Forge, words: Sequence[str], written: str) -> Any:
    """Stand for ``make setup``: the clone of a test is set up already."""
    del forge, written
    assert list(words) == ["setup"], words


def main(program: str, words: Sequence[str]) -> None:
    """Answer a call."""
    forge = Forge(Path(os.environ["PRETEND_FORGE"]))
    written = "" if program == "make" or sys.stdin.isatty() else sys.stdin.read()
    forge.note((program, *words), written)
    answer = {"gh": gh, "curl": curl, "make": make}[program](forge, words, written)
    if answer is not None:
        sys.stdout.write(json.dumps(answer))


def put_on_path(folder: Path) -> None:
    """Write the three programs into a folder."""
    folder.mkdir(parents=True)
    for program in ("gh", "curl", "make"):
        file = folder / program
        file.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{__file__}" {program} "$@"\n', encoding="utf-8")
        file.chmod(0o755)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])

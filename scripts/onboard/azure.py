"""Azure Pipelines and the pull requests of Azure Repos, asked over REST."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from scripts.onboard.curl import Curl
from scripts.onboard.platforms import Run, no_reviewed_plan, setting

VERSION = "7.1"
"""Of the REST interface."""


@dataclass(frozen=True, slots=True)
class Azure:
    """A run of Azure Pipelines (azure: predefined variables); the job's own token signs in."""

    environment: Mapping[str, str]
    run: Run

    def output(self, name: str, value: str) -> None:
        """Hand a value to later steps and jobs (azure: logging commands)."""
        print(f"##vso[task.setvariable variable={name};isOutput=true]{value}", flush=True)  # noqa: T201 - the platform reads it

    def summary(self, page: Path) -> None:
        """Show Markdown on the page of the run."""
        print(f"##vso[task.uploadsummary]{page}", flush=True)  # noqa: T201 - the platform reads it

    def comment(self, marker: str, text: str) -> None:
        """Replace the first comment of our thread, or begin one (azure: REST, pull request threads).

        It is closed from the beginning, so that it blocks nobody.
        """
        number = self.environment.get("SYSTEM_PULLREQUEST_PULLREQUESTID", "")
        if not number:
            return
        threads, body = self._at(f"{self._repository}/pullRequests/{number}/threads"), f"{marker}\n{text}"
        for thread in self._curl.ask(threads)["value"]:
            first: dict[str, Any] = next(iter(thread.get("comments") or ()), {})
            if str(first.get("content") or "").startswith(marker):
                comment = self._at(
                    f"{self._repository}/pullRequests/{number}/threads/{thread['id']}/comments/{first['id']}"
                )
                self._curl.ask(comment, method="PATCH", body={"content": body})
                return
        begun = {"comments": [{"parentCommentId": 0, "content": body, "commentType": "text"}], "status": "closed"}
        self._curl.ask(threads, method="POST", body=begun)

    def reviewed(self, artifact: str, plan: Path) -> None:
        """Take the artifact of the newest run for the pull request whose merge is this commit."""
        commit = setting(self.environment, "BUILD_SOURCEVERSION")
        query = {"queries": [{"type": "lastMergeCommit", "items": [commit]}]}
        found = self._curl.ask(self._at(f"{self._repository}/pullrequestquery"), method="POST", body=query)
        pulls = [pull for result in found["results"] for pull in result.get(commit, ())]
        runs = self._runs(pulls[0]["pullRequestId"]) if pulls else []
        if not runs:
            raise no_reviewed_plan(commit)
        told = self._curl.ask(self._at(f"_apis/build/builds/{runs[0]['id']}/artifacts", artifactName=artifact))
        packed = plan.with_suffix(".zip")
        self._curl.fetch(told["resource"]["downloadUrl"], packed)
        with zipfile.ZipFile(packed) as archive:
            inside = [name for name in archive.namelist() if Path(name).name == plan.name]
            if not inside:
                raise no_reviewed_plan(commit)
            plan.write_bytes(archive.read(inside[0]))
        packed.unlink()

    def _runs(self, pull_request: int) -> list[dict[str, int]]:
        """List the newest run of this pipeline for a pull request (azure: REST, builds)."""
        found: list[dict[str, int]] = self._curl.ask(
            self._at(
                "_apis/build/builds",
                definitions=setting(self.environment, "SYSTEM_DEFINITIONID"),
                branchName=f"refs/pull/{pull_request}/merge",
                queryOrder="queueTimeDescending",
                **{"$top": "1"},
            )
        )["value"]
        return found

    @property
    def _repository(self) -> str:
        return f"_apis/git/repositories/{setting(self.environment, 'BUILD_REPOSITORY_ID')}"

    def _at(self, path: str, **query: str) -> str:
        collection, project = (
            setting(self.environment, name) for name in ("SYSTEM_COLLECTIONURI", "SYSTEM_TEAMPROJECT")
        )
        return f"{collection}{quote(project)}/{path}?{urlencode({**query, 'api-version': VERSION})}"

    @property
    def _curl(self) -> Curl:
        return Curl(self.run, f"Authorization: Bearer {setting(self.environment, 'SYSTEM_ACCESSTOKEN')}")

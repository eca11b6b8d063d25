"""GitLab CI and its merge requests, asked over REST."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from scripts.onboard.curl import Curl
from scripts.onboard.platforms import Run, no_reviewed_plan, setting

TOKEN = "ELIUM_GITLAB_TOKEN"  # noqa: S105 - the name of a variable
"""A project access token, since a job's own may not comment (gitlab: ci/jobs/ci_job_token)."""

PAGE = 100
"""The most that GitLab gives at once."""


@dataclass(frozen=True, slots=True)
class GitLab:
    """A pipeline of GitLab (gitlab: predefined CI/CD variables)."""

    environment: Mapping[str, str]
    run: Run
    outputs: Path
    """The file that the job hands on as its report ``dotenv``."""

    def output(self, name: str, value: str) -> None:
        """Hand a value to later jobs."""
        with self.outputs.open("a", encoding="utf-8") as file:
            file.write(f"{name}={value}\n")

    def summary(self, page: Path) -> None:
        """Name the page: it lies among the job's artifacts."""
        print(page, flush=True)  # noqa: T201 - the job's log

    def comment(self, marker: str, text: str) -> None:
        """Replace the note, or make it (gitlab: REST, merge request notes)."""
        number = self.environment.get("CI_MERGE_REQUEST_IID", "")
        if not number:
            return
        notes = f"{self._project}/merge_requests/{number}/notes"
        earlier = next((note["id"] for note in self._notes(notes) if note["body"].startswith(marker)), None)
        method, url = ("POST", notes) if earlier is None else ("PUT", f"{notes}/{earlier}")
        self._curl.ask(url, method=method, body={"body": f"{marker}\n{text}"})

    def reviewed(self, artifact: str, plan: Path) -> None:
        """Take the file that the job called *artifact* made for the merge request that brought this commit."""
        commit = setting(self.environment, "CI_COMMIT_SHA")
        found = self._curl.ask(f"{self._project}/repository/commits/{commit}/merge_requests")
        merged = [one["iid"] for one in found if commit in {one.get("merge_commit_sha"), one.get("squash_commit_sha")}]
        # Without a merge commit its last commit is this one (gitlab: fast-forward merge).
        merged = merged or [one["iid"] for one in found if one.get("sha") == commit]
        if not merged:
            raise no_reviewed_plan(commit)
        ref = quote(f"refs/merge-requests/{merged[0]}/head", safe="")
        asked = urlencode({"job": artifact}, quote_via=quote)
        where = f"{plan.parent.name}/{plan.name}"
        self._curl.fetch(f"{self._project}/jobs/artifacts/{ref}/raw/{where}?{asked}", plan)

    def _notes(self, url: str) -> Iterator[dict[str, Any]]:
        """List the notes, page after page."""
        for number in count(1):
            page = self._curl.ask(f"{url}?{urlencode({'per_page': PAGE, 'page': number})}")
            yield from page
            if len(page) < PAGE:
                return

    @property
    def _project(self) -> str:
        return f"{setting(self.environment, 'CI_API_V4_URL')}/projects/{setting(self.environment, 'CI_PROJECT_ID')}"

    @property
    def _curl(self) -> Curl:
        # In this header, which curl hands on to no other host when it is sent there (gitlab: REST, authentication).
        return Curl(self.run, f"Authorization: Bearer {setting(self.environment, TOKEN)}")

"""GitHub Actions, asked by its own command ``gh``."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.onboard.platforms import Run, no_reviewed_plan, setting


@dataclass(frozen=True, slots=True)
class GitHub:
    """A run of GitHub Actions (github: default environment variables); ``gh`` reads ``GH_TOKEN``."""

    environment: Mapping[str, str]
    run: Run

    def output(self, name: str, value: str) -> None:
        """Hand a value to later steps and jobs (github: workflow commands)."""
        self._append("GITHUB_OUTPUT", f"{name}={value}\n")

    def summary(self, page: Path) -> None:
        """Show Markdown on the page of the run."""
        self._append("GITHUB_STEP_SUMMARY", page.read_text(encoding="utf-8") + "\n")

    def comment(self, marker: str, text: str) -> None:
        """Replace the comment, or make it (github: REST, issue comments)."""
        found = re.fullmatch(r"refs/pull/(\d+)/merge", setting(self.environment, "GITHUB_REF"))
        if not found:
            return
        comments = f"repos/{self._repository}/issues/{found[1]}/comments"
        pages = json.loads(self.run(("gh", "api", "--paginate", "--slurp", comments), ""))
        earlier = [one["id"] for page in pages for one in page if one["body"].startswith(marker)]
        at = ("PATCH", f"repos/{self._repository}/issues/comments/{earlier[0]}") if earlier else ("POST", comments)
        self.run(("gh", "api", "--method", *at, "--input", "-"), json.dumps({"body": f"{marker}\n{text}"}))

    def reviewed(self, artifact: str, plan: Path) -> None:
        """Take the artifact of the newest run for the last commit of the pull request that was merged."""
        commit = setting(self.environment, "GITHUB_SHA")
        pulls = self._json("api", f"repos/{self._repository}/commits/{commit}/pulls")
        heads = [pull["head"]["sha"] for pull in pulls if pull.get("merge_commit_sha") == commit]
        workflow = setting(self.environment, "GITHUB_WORKFLOW")
        # By commit and event, so that no run of another branch can stand in for it.
        asked = ("--event", "pull_request", "--workflow", workflow, "--limit", "1", "--json", "databaseId")
        runs = self._json("run", "list", "--commit", heads[0], *asked) if heads else []
        if not runs:
            raise no_reviewed_plan(commit)
        self.run(
            ("gh", "run", "download", str(runs[0]["databaseId"]), "--name", artifact, "--dir", str(plan.parent)), ""
        )
        if not plan.exists():
            raise no_reviewed_plan(commit)

    @property
    def _repository(self) -> str:
        return setting(self.environment, "GITHUB_REPOSITORY")

    def _json(self, *words: str) -> Any:  # noqa: ANN401 - whatever GitHub answers
        return json.loads(self.run(("gh", *words), ""))

    def _append(self, variable: str, text: str) -> None:
        with Path(setting(self.environment, variable)).open("a", encoding="utf-8") as file:
            file.write(text)

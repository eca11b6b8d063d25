"""The files in ``pipelines/``, read and run: each job's own shell lines, in order, in a clone that is new for each job.

What the platform would put in is put in from a table, and whatever a table lacks is an error: an expression, a
condition, an action. So the files stay as simple as this reader.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import yaml
from pretend_forge import NUMBER, TOKEN, Forge

ROOT = Path(__file__).resolve().parent.parent
PIPELINES = ROOT / "pipelines"

PULL_REQUEST, PUSH, BY_HAND, NIGHT = "pull_request", "push", "workflow_dispatch", "schedule"
"""What starts a run, in GitHub's words."""

IN_A_CLONE = ("plugin", "provisioning", "scripts", "tools", "Pulumi.yaml", "__main__.py", "pyproject.toml", "uv.lock")

SECONDS_AT_MOST = 300


@dataclass(frozen=True)
class Step:
    """A step of a job."""

    script: str = ""
    own: str = ""
    """What the platform itself does in its place, such as ``actions/checkout``."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    condition: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    """By which its outputs are found."""


@dataclass(frozen=True)
class Job:
    """A job as it would run."""

    identity: str
    """The name by which the platform knows whose token it gives: an environment's, or a service connection's."""
    environment: Mapping[str, str]
    steps: Sequence[Step]


@dataclass(frozen=True)
class Ended:
    """What came of a job."""

    code: int
    """Of the step that failed first."""
    said: str
    results: Path
    """The folder of its results."""

    def page(self, verb: str) -> str:
        return (self.results / f"{verb}.md").read_text(encoding="utf-8")


@dataclass
class Runner(ABC):
    """A platform: what it hands to a job, and where the job runs."""

    folder: Path
    forge: Forge
    surroundings: Mapping[str, str]
    """What every process of the test needs: the PATH, and where the emulator is."""
    variables: Mapping[str, str]
    """What somebody has given the platform once, such as the state's address."""
    token_of: Callable[[str], Mapping[str, str]]
    """Gives the variables by which a job signs in, by the name of its identity."""
    tenants: Callable[[], str]
    """The text of ``tenants.yaml``."""
    artifacts: dict[str, Path] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    event: str = ""
    chosen: str = ""
    """Whom somebody wants to take down."""

    def run(self, event: str, file: str, job: str, chosen: str = "") -> Ended:
        """Run a job of a file, in a clone of its own."""
        self.event, self.chosen = event, chosen
        found = self.job(file, job)
        clone = self._clone()
        code, said = 0, ""
        for step in found.steps:
            if not self.holds(step.condition, has_failed=bool(code)):
                continue
            if step.own:
                self.stand_in(step, clone)
                continue
            ended = subprocess.run(  # noqa: S603 - the step's own lines, which are what is tested
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step.script],  # noqa: S607 - on the PATH
                cwd=clone,
                env={**self.surroundings, **found.environment, **step.environment, **self.told(clone)},
                capture_output=True,
                text=True,
                check=False,
                timeout=SECONDS_AT_MOST,
            )
            said += ended.stdout + ended.stderr
            code = code or ended.returncode
            self.listen(step, ended.stdout, clone)
        self.finish(job, clone)
        # The clone is the next job's, so what is looked at is laid aside.
        results = self._laid_aside(next(iter(clone.glob("out*")), clone / "out"), f"results of {job}")
        return Ended(code, said, results)

    @abstractmethod
    def job(self, file: str, name: str) -> Job:
        """Read a job."""

    @abstractmethod
    def holds(self, condition: str, *, has_failed: bool) -> bool:
        """Tell whether a step runs."""

    @abstractmethod
    def told(self, clone: Path) -> Mapping[str, str]:
        """Give the variables that the platform itself sets."""

    @abstractmethod
    def stand_in(self, step: Step, clone: Path) -> None:
        """Do what the platform would; what is not known here is an error."""

    @abstractmethod
    def listen(self, step: Step, out: str, clone: Path) -> None:
        """Take the outputs of a step."""

    @abstractmethod
    def finish(self, job: str, clone: Path) -> None:
        """Do what comes after the last step."""

    def keep(self, name: str, folder: Path) -> None:
        """Keep an artifact; those of a pull request's run are found at the forge."""
        if self.event == PULL_REQUEST:
            shutil.copytree(folder, self.forge.artifact(name), dirs_exist_ok=True)
        self.artifacts[name] = self._laid_aside(folder, f"artifact {name}")

    def _laid_aside(self, folder: Path, name: str) -> Path:
        aside = self.folder / name.replace("/", "_")
        shutil.rmtree(aside, ignore_errors=True)
        if folder.exists():
            shutil.copytree(folder, aside)
        return aside

    def _clone(self) -> Path:
        """Make a runner's clone, at the place of the one before, so that Python's bytecode is found again."""
        clone = self.folder / "clone"
        shutil.rmtree(clone, ignore_errors=True)
        clone.mkdir()
        for name in IN_A_CLONE:
            (shutil.copytree if (ROOT / name).is_dir() else shutil.copy2)(ROOT / name, clone / name)
        (clone / ".venv").symlink_to(ROOT / ".venv")
        # What `make setup` leaves.
        (clone / ".state").mkdir()
        shutil.copy2(ROOT / ".state" / "toolchain.json", clone / ".state")
        (clone / ".state" / "pulumi-home").symlink_to(self.folder / "home")
        (clone / "tenants.yaml").write_text(self.tenants(), encoding="utf-8")
        return clone


def substituted(text: str, pattern: str, table: Mapping[str, str]) -> str:
    """Put in what stands in a table; anything else is an error."""

    def found(match: re.Match[str]) -> str:
        assert match[1].strip() in table, f"{match[0]} is not in the table"
        return table[match[1].strip()]

    return re.sub(pattern, found, text)


class GitHub(Runner):
    """GitHub Actions."""

    STANDS_FOR: ClassVar = ("actions/checkout", "actions/cache", "azure/login")
    """The clone, what `make setup` leaves in it, and the token that every job has."""

    def job(self, file: str, name: str) -> Job:
        workflow = yaml.safe_load((PIPELINES / "github" / f"{file}.yml").read_text(encoding="utf-8"))
        # YAML 1.1 reads the word `on` as true.
        assert self.event in workflow[True], f"{file} does not run on {self.event}"
        written = workflow["jobs"][name]
        assert self.holds(written.get("if", ""), has_failed=False), f"{name} does not run on {self.event}"
        environment = self._filled(written["env"], written["environment"])
        self._now = written["environment"], environment
        return Job(
            written["environment"],
            environment,
            [
                Step(
                    script=self._text(step.get("run", "")),
                    own=step.get("uses", "").partition("@")[0],
                    settings=step.get("with", {}),
                    condition=step.get("if", ""),
                    environment=self._filled(step.get("env", {}), written["environment"]),
                    name=step.get("id", ""),
                )
                for step in written["steps"]
            ],
        )

    def holds(self, condition: str, *, has_failed: bool) -> bool:
        known = {
            "": not has_failed,
            "always()": True,
            "github.event_name != 'push'": not has_failed and self.event != PUSH,
            "github.event_name == 'push'": not has_failed and self.event == PUSH,
            "${{ !cancelled() && github.event_name != 'pull_request' }}": self.event != PULL_REQUEST,
        }
        return known[condition]

    def told(self, clone: Path) -> Mapping[str, str]:
        ref = f"refs/pull/{NUMBER}/merge" if self.event == PULL_REQUEST else "refs/heads/main"
        return {
            "GITHUB_ACTIONS": "true",
            "GITHUB_REF": ref,
            "GITHUB_REPOSITORY": "contoso/fleet",
            "GITHUB_SHA": self.forge.merged if self.event == PUSH else "a-commit",
            "GITHUB_WORKFLOW": "fleet",
            "GITHUB_OUTPUT": str(clone / ".state" / "outputs"),
            "GITHUB_STEP_SUMMARY": str(clone / ".state" / "summary"),
            **self.token_of(self._now[0]),
        }

    def stand_in(self, step: Step, clone: Path) -> None:
        settings = {name: self._text(str(value)) for name, value in step.settings.items() if name in {"name", "path"}}
        if step.own == "actions/upload-artifact":
            self.keep(settings["name"], clone / settings["path"])
        elif step.own == "actions/download-artifact":
            # Those that a pattern finds; at the first attempt there are none.
            found = self.artifacts.get(settings.get("name") or step.settings["pattern"])
            assert found or "pattern" in step.settings, settings
            if found:
                # What a pattern finds is laid into a folder of its own (github: actions/download-artifact).
                into = clone / settings["path"] / step.settings.get("pattern", "")
                shutil.copytree(found, into)
        else:
            assert step.own in self.STANDS_FOR, step.own

    def listen(self, step: Step, out: str, clone: Path) -> None:
        del out
        if step.name:
            lines = (clone / ".state" / "outputs").read_text(encoding="utf-8").splitlines()
            for output, _, value in (line.partition("=") for line in lines):
                self.outputs[f"needs.{step.name}.outputs.checksum"] = value
                assert output == "ELIUM_CHECKSUM"

    def finish(self, job: str, clone: Path) -> None:
        """Do nothing: each thing that is kept is a step."""

    def _filled(self, written: Mapping[str, str], environment: str) -> dict[str, str]:
        table = {
            **{f"vars.{name}": value for name, value in self.variables.items()},
            **{f"secrets.{name}": value for name, value in self.variables.items()},
            "vars.ARM_CLIENT_ID": self.token_of(environment)["ARM_CLIENT_ID"],
            "github.token": TOKEN,
            "inputs.only": self.chosen,
            "matrix.only": "",
            "strategy.job-index": "0",
            **self.outputs,
        }
        return {name: substituted(value, r"\$\{\{(.*?)\}\}", table) for name, value in written.items()}

    def _text(self, text: str) -> str:
        table = {"strategy.job-index": "0"}
        if hasattr(self, "_now"):
            table |= {f"env.{name}": value for name, value in self._now[1].items()}
        return substituted(text, r"\$\{\{(.*?)\}\}", table)

    _now: tuple[str, Mapping[str, str]]


class Azure(Runner):
    """Azure Pipelines."""

    STANDS_FOR: ClassVar = ("checkout", "Cache@2", "PublishTestResults@2")

    REASONS: Mapping[str, str] = {
        PULL_REQUEST: "PullRequest",
        PUSH: "IndividualCI",
        BY_HAND: "Manual",
        NIGHT: "Schedule",
    }

    def job(self, file: str, name: str) -> Job:
        pipeline = yaml.safe_load((PIPELINES / "azure" / f"{file}.yml").read_text(encoding="utf-8"))
        stage = next(each for each in pipeline["stages"] if each["stage"] == name)
        assert self.holds(stage.get("condition", ""), has_failed=False), f"{name} does not run on {self.event}"
        (written,) = stage["jobs"]
        shards = list(written.get("strategy", {}).get("matrix", {"": {}}).values())
        self._variables = {**self._of([*pipeline["variables"], *stage.get("variables", ())]), **shards[0]}
        steps = [self._step(step) for step in written["steps"]]
        return Job("", {name: value for name, value in self._variables.items() if "." not in name}, steps)

    def _step(self, step: Mapping[str, Any]) -> Step:
        inputs = step.get("inputs", {})
        signed_in = self.token_of(inputs["azureSubscription"]) if "azureSubscription" in inputs else {}
        script = step.get("bash", "") or inputs.get("inlineScript", "")
        own = "" if script else next(name for name in ("task", "checkout", "publish") if name in step)
        return Step(
            script=self._text(script),
            own=step["task"] if own == "task" else own,
            settings={**{name: value for name, value in step.items() if name != "inputs"}, **inputs},
            condition=step.get("condition", ""),
            environment={**{name: self._text(value) for name, value in step.get("env", {}).items()}, **signed_in},
            name=step.get("name", ""),
        )

    def _of(self, written: Sequence[Mapping[str, str]]) -> dict[str, str]:
        known = {
            # A group has what somebody gave the platform; of a secret one the steps must ask for each.
            "elium-fleet": {name: value for name, value in self.variables.items() if "PASSPHRASE" not in name},
            **{f"elium-fleet-{which}": {} for which in ("read", "write", "teardown")},
        }
        table = {"parameters.only": self.chosen}
        found = {"System.AccessToken": TOKEN, "Pipeline.Workspace": str(self.folder / "workspace")}
        found |= {name: value for name, value in self.variables.items() if "PASSPHRASE" in name}
        self._secret = found
        values: dict[str, str] = {}
        for one in written:
            if "group" in one:
                values |= known[one["group"]]
            elif one["value"].startswith("$["):
                values[one["name"]] = self.outputs[one["value"]]
            else:
                filled = substituted(one["value"], r"\$\{\{(.*?)\}\}", table)
                values[one["name"]] = substituted(filled, r"\$\(([^)]*)\)", {**found, **values})
        return values

    def holds(self, condition: str, *, has_failed: bool) -> bool:
        reason = self.REASONS[self.event]
        known = {
            "": not has_failed,
            "succeededOrFailed()": True,
            "in(variables['Build.Reason'], 'PullRequest', 'Manual')": reason in {"PullRequest", "Manual"},
            "in(variables['Build.Reason'], 'IndividualCI', 'BatchedCI')": reason in {"IndividualCI", "BatchedCI"},
            "and(not(canceled()), ne(variables['Build.Reason'], 'PullRequest'))": reason != "PullRequest",
        }
        return known[condition]

    def told(self, clone: Path) -> Mapping[str, str]:
        del clone
        pull_request = {"SYSTEM_PULLREQUEST_PULLREQUESTID": str(NUMBER)} if self.event == PULL_REQUEST else {}
        return {
            "TF_BUILD": "True",
            "BUILD_REPOSITORY_ID": "r1",
            "BUILD_SOURCEVERSION": self.forge.merged if self.event == PUSH else "a-commit",
            "SYSTEM_COLLECTIONURI": "https://dev.example/contoso/",
            "SYSTEM_DEFINITIONID": "5",
            "SYSTEM_TEAMPROJECT": "The fleet",
            **pull_request,
        }

    def stand_in(self, step: Step, clone: Path) -> None:
        if step.own == "publish":
            self.keep(self._text(step.settings["artifact"]), clone / step.settings["publish"])
        elif step.own == "DownloadPipelineArtifact@2":
            name = self._text(step.settings.get("artifactName", ""))
            into = clone / step.settings["targetPath"]
            if name:
                shutil.copytree(self.artifacts[name], into)
            else:
                assert step.settings["itemPattern"] == "elium-teardown-*/**"
                for each, folder in self.artifacts.items():
                    if each.startswith("elium-teardown-"):
                        shutil.copytree(folder, into / each)
        else:
            assert step.own in self.STANDS_FOR, step.own

    def listen(self, step: Step, out: str, clone: Path) -> None:
        del clone
        for name, value in re.findall(
            r"^##vso\[task\.setvariable variable=(\w+);isOutput=true\](.*)$", out, re.MULTILINE
        ):
            self.outputs[f"$[stageDependencies.{step.name}.{step.name}.outputs['{step.name}.{name}']]"] = value

    def finish(self, job: str, clone: Path) -> None:
        """Do nothing: each thing that is kept is a step."""

    def _text(self, text: str) -> str:
        return substituted(
            text, r"(?<!\\)\$\(([^)]*)\)", {**self._secret, **self._variables, "System.StageAttempt": "1"}
        )

    _secret: Mapping[str, str]
    _variables: Mapping[str, str]


class GitLab(Runner):
    """GitLab CI."""

    SOURCES: Mapping[str, str] = {
        PULL_REQUEST: "merge_request_event",
        PUSH: "push",
        BY_HAND: "web",
        NIGHT: "schedule",
    }

    def job(self, file: str, name: str) -> Job:
        del file  # it has but one
        pipeline = yaml.safe_load((PIPELINES / "gitlab" / "fleet.yml").read_text(encoding="utf-8"))
        self._job = written = self._extended(pipeline, name)
        assert any(self._fits(rule["if"]) for rule in written["rules"]), f"{name} does not run on {self.event}"
        identity = written["environment"]["name"]
        signed_in = self.token_of(identity)
        assert written["id_tokens"].keys() == {"ARM_OIDC_TOKEN"}
        given = {
            **self.variables,
            "ARM_CLIENT_ID": signed_in["ARM_CLIENT_ID"],
            "CI_PROJECT_DIR": str(self.folder / "clone"),
        }
        own = {**pipeline["variables"], **written["variables"], "ELIUM_TEARDOWN": self.chosen}
        filled = {name: substituted(str(value), r"\$(\w+)", given) for name, value in own.items()}
        handed_on = self.outputs if "look" in written.get("needs", ()) else {}
        return Job(
            identity,
            {**given, **filled, **signed_in, **handed_on, "ELIUM_GITLAB_TOKEN": TOKEN},
            [Step(own="needs"), Step(script="\n".join([*written["before_script"], *written["script"]]))],
        )

    def _cached(self) -> list[str]:
        """Give the folders that are cached whatever becomes of the job; what only saves time is left out."""
        cache = self._job["cache"]
        every = cache if isinstance(cache, list) else [cache]
        return [path for one in every if one.get("when") == "always" for path in one["paths"]]

    def _extended(self, pipeline: Mapping[str, Any], name: str) -> dict[str, Any]:
        written: dict[str, Any] = pipeline[name]
        base = self._extended(pipeline, written["extends"]) if "extends" in written else {}
        tables = ("variables", "environment")
        return {**base, **written, **{each: {**base.get(each, {}), **written.get(each, {})} for each in tables}}

    def _fits(self, rule: str) -> bool:
        source, is_teardown = self.SOURCES[self.event], bool(self.chosen)
        known = {
            '$CI_PIPELINE_SOURCE == "merge_request_event"': source == "merge_request_event",
            '$CI_PIPELINE_SOURCE == "push" && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH': source == "push",
            '$CI_PIPELINE_SOURCE == "schedule"': source == "schedule",
            '$CI_PIPELINE_SOURCE == "web" && $ELIUM_TEARDOWN == ""': source == "web" and not is_teardown,
            '$CI_PIPELINE_SOURCE == "web" && $ELIUM_TEARDOWN != ""': source == "web" and is_teardown,
        }
        return known[rule]

    def holds(self, condition: str, *, has_failed: bool) -> bool:
        assert not condition
        return not has_failed

    def told(self, clone: Path) -> Mapping[str, str]:
        del clone
        merge_request = {"CI_MERGE_REQUEST_IID": str(NUMBER)} if self.event == PULL_REQUEST else {}
        return {
            "GITLAB_CI": "true",
            "CI_API_V4_URL": "https://gitlab.example/api/v4",
            "CI_COMMIT_SHA": self.forge.merged if self.event == PUSH else "a-commit",
            "CI_JOB_NAME": "reviewed" if self.event == PUSH else "a-job",
            "CI_PROJECT_ID": "3",
            **merge_request,
        }

    def stand_in(self, step: Step, clone: Path) -> None:
        assert step.own == "needs"
        for need in self._job.get("needs", ()):
            name = need["job"] if isinstance(need, dict) else need
            assert name in self.artifacts or isinstance(need, dict), f"{name} did not run"
            if name in self.artifacts:
                shutil.copytree(self.artifacts[name], clone, dirs_exist_ok=True)
        for path in self._cached():
            if (self.folder / "cache" / path).exists():
                shutil.copytree(self.folder / "cache" / path, clone / path, dirs_exist_ok=True)

    def listen(self, step: Step, out: str, clone: Path) -> None:
        """Do nothing: a job hands on a file."""

    def finish(self, job: str, clone: Path) -> None:
        assert self._job["artifacts"]["paths"] == ["out-*"]
        made = self.folder / "made"
        shutil.rmtree(made, ignore_errors=True)
        for folder in clone.glob("out-*"):
            shutil.copytree(folder, made / folder.name)
        if job in {"plan", "reviewed"}:
            # Of one pipeline, which has but one of the two.
            self.artifacts.pop("plan", None), self.artifacts.pop("reviewed", None)
        self.keep(job, made)
        for path in self._cached():
            shutil.copytree(clone / path, self.folder / "cache" / path, dirs_exist_ok=True)
        outputs = clone / self._job["artifacts"].get("reports", {}).get("dotenv", "none")
        if outputs.exists():
            lines = outputs.read_text(encoding="utf-8").splitlines()
            self.outputs |= {name: value for name, _, value in (line.partition("=") for line in lines)}

    _job: Mapping[str, Any]


PLATFORMS: Mapping[str, type[Runner]] = {"github": GitHub, "azure": Azure, "gitlab": GitLab}

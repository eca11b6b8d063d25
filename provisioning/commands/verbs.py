"""Every verb: what it does in a sentence, examples, and what it gives as JSON. A new verb is a row here and a module.

The module is named like the verb and has a function of that name. It is imported when the verb is used, so that
``elium --help`` needs this table alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Example:
    """A command line, and what it is for."""

    line: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Lines:
    """JSON as lines, one document each, of a verb that goes on until it is stopped."""

    option: str
    """With which it does."""
    gives: str
    """Module and class of a line, written as in :class:`Verb`."""


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb."""

    summary: str
    examples: tuple[Example, ...]
    gives: str
    """What ``--json`` writes: module and class below :mod:`provisioning`, such as ``model.job:Job``."""
    when_stopped: str
    """What is told after Ctrl-C."""
    lines: Lines | None = None
    is_lines: bool = False
    """Whether ``--json`` always writes lines, one document each: what may be long is written as it comes."""


_READS = "Nothing was changed."
_ONE_REQUEST = "Whether it was still carried out, elium status says."

VERBS: Mapping[str, Verb] = {
    "doctor": Verb(
        "Look whether everything is in place, before the first up and afterwards.",
        (
            Example("elium doctor dev", "each check: ok, hint, wrong or unknown, and what to do"),
            Example("elium doctor dev --json | jq '.checks[] | select(.verdict == \"wrong\")'", "for a program"),
        ),
        "operations.doctor.checkup:Checkup",
        _READS,
    ),
    "adopt": Verb(
        "Bring what was made in the portal under the program, so that its preview is empty.",
        (
            Example("elium adopt dev", "shows what is found and would be written, and asks"),
            Example('elium adopt prod --app "Elium (prod)" --yes', "one of several apps, in a pipeline"),
            Example("elium adopt dev --json | jq -r .diff", "what it would write into the stack's file"),
        ),
        "operations.adopting.adoption:AdoptReport",
        "Nothing was changed in Entra; the same command goes on.",
    ),
    "plan": Verb(
        "Say what `pulumi up` would do, and whom it touches: the plan of `pulumi preview`, without a run.",
        (
            Example("elium plan dev", "what the file says otherwise than Entra"),
            Example("elium plan dev --markdown > plan.md", "for a pull request"),
            Example("elium plan dev --exit-code", "8 when something would change, 4 when it is refused"),
            Example("elium plan dev --json | jq -r .plan.checksum", "what would be done to whom, as one word"),
            Example("elium plan dev --expect a986db54", "4 when it is not exactly that any more"),
        ),
        "provider.preview:PreviewReport",
        _READS,
    ),
    "status": Verb(
        "Say how provisioning goes: state, cycles, quarantine and what releases it.",
        (
            Example("elium status dev", "how the stack dev is doing"),
            Example("elium status dev --watch", "the same, again whenever it changes"),
            Example("elium status dev --json | jq .state", "for a program"),
        ),
        "operations.status:StatusReport",
        _READS,
        Lines("--watch", "operations.status:StatusReport"),
    ),
    "wait": Verb(
        "Wait for the first cycle, the next one, or until nothing is left to do.",
        (
            Example("elium wait dev", "until the first cycle has ended"),
            Example("elium wait dev --for cycle", "until a cycle that begins from now on has ended"),
            Example("elium wait dev --for steady --within 6h", "until nothing is left to do, six hours at most"),
        ),
        "operations.waiting:WaitReport",
        f"The job goes on. {_READS}",
    ),
    "logs": Verb(
        "Show what was provisioned, and what failed, from the provisioning log.",
        (
            Example("elium logs dev --result failure", "what failed in the last day"),
            Example("elium logs dev --person ada@contoso.com --since 7d", "all that was done about Ada this week"),
            Example("elium logs dev --follow", "new entries as they come"),
        ),
        "operations.logs:LogReport",
        _READS,
        Lines("--follow", "model.provisioning_log:LogEntry"),
    ),
    "explain": Verb(
        "Say why somebody is, or is not, at Elium: each check, with what decides.",
        (
            Example("elium explain dev ada@contoso.com", "why Ada is, or is not, provisioned"),
            Example("elium explain dev ada@contoso.com --values", "and what would be sent for her"),
            Example("elium explain dev ada@contoso.com --json | jq .conclusion", "for a program"),
        ),
        "operations.explanation:Explanation",
        _READS,
    ),
    "people": Verb(
        "List how everybody stands: provisioned, failing, waiting, leaving, left.",
        (
            Example("elium people dev", "everybody, and how many stand how"),
            Example("elium people dev --only failing --only waiting", "who needs a look"),
            Example("elium people dev --csv > people.csv", "for a spreadsheet"),
            Example("elium people dev --target-token env:ELIUM_SECRET_TOKEN", "compared with Elium's own accounts"),
        ),
        "operations.standing:PersonStanding",
        _READS,
        is_lines=True,
    ),
    "report": Verb(
        "Write a stack, a fleet or the proof of a teardown as a page to hand over.",
        (
            Example("elium report dev -o report.html", "one file that loads nothing, to look at and to print"),
            Example("elium report dev --since 7d -o report.html --names made-up", "for somebody outside"),
            Example("elium report dev -o report.pdf", "printed by Chromium or Google Chrome, where one is on PATH"),
            Example("elium report dev > report.md", "Markdown, for a ticket"),
            Example("elium report dev --json | jq '.stack.causes'", "for a program"),
            Example("elium report --fleet tenants.yaml -o fleet.html", "every tenant as it is now, in one file"),
            Example("elium report dev --teardown -o proof.pdf", "whose account was closed when, and what shows it"),
        ),
        "commands.report:Report",
        _READS,
    ),
    "panel": Verb(
        "Show a page on this machine to watch and steer a stack, or many: state, people, log, plan, as it goes.",
        (
            Example("elium panel dev", "writes the address to open; Ctrl-C ends it"),
            Example("elium panel dev --open", "opens it in the browser of this machine"),
            Example("elium panel --fleet tenants.yaml", "every tenant of a file, each with a page of its own"),
            Example("elium panel dev --json | jq -r .address", "for a program"),
        ),
        "commands.panel:Opened",
        _READS,
    ),
    "provision": Verb(
        "Provision people, or a group, at once instead of with the next cycle.",
        (
            Example("elium provision dev ada@contoso.com", "asks first"),
            Example('elium provision dev --group "Elium users" --yes', "a group with its members, five a call"),
            Example("elium provision dev ada@contoso.com --yes --json | jq .rows[0].outcome", "for a program"),
        ),
        "operations.on_demand:ProvisionReport",
        "Calls that were made are done; whoever is missing is provisioned by the next cycle.",
    ),
    "rehearse": Verb(
        "Try what is declared on a copy of the tenant, and show what Entra would send.",
        (
            Example("elium rehearse dev", "who would be created, changed, disabled, or fail"),
            Example("elium rehearse dev --all", "everybody, not the first of each kind"),
            Example("elium rehearse dev --save twin.json", "keep the copy, with made-up names"),
            Example("elium rehearse dev --json | jq '.counts'", "for a program"),
        ),
        "operations.rehearsal.report:RehearsalReport",
        "The emulator was stopped. Nothing was changed in the tenant.",
    ),
    "rotate-token": Verb(
        "Give Entra a new token of Elium, tried before and after it is saved.",
        (
            Example("elium rotate-token dev", "asks for the new token, which is not shown"),
            Example("elium rotate-token dev --new-token file:new-token --yes", "from a file, in a pipeline"),
            Example('elium rotate-token dev --new-token "command:vault kv get -field=token elium"', "from a vault"),
        ),
        "operations.rotating:RotationReport",
        "Which token Entra has saved, it does not show: run the command again with the same one, which does the rest.",
    ),
    "schema": Verb(
        "Keep a job's mappings, filters and actions as a file, compare them, and bring them back.",
        (
            Example("elium schema export dev", "into the folder schemas, under its version"),
            Example("elium schema diff dev", "what differs from the template, line by line"),
            Example("elium schema import prod schemas/tried.json", "shows whom it touches, and asks"),
            Example("elium schema rollback dev", "to the newest kept one that means something else"),
            Example("elium schema reset dev --doit 1a2b3c4d", "exactly what was shown, to the template's"),
        ),
        "operations.schemas:SchemaReport",
        "Whether a schema was still replaced, elium schema diff says.",
    ),
    "start": Verb(
        "Switch the job on; it goes on where it was paused.",
        (
            Example("elium start dev", "asks first"),
            Example("elium start dev --yes", "in a pipeline"),
        ),
        "operations.switching:SwitchReport",
        _ONE_REQUEST,
    ),
    "pause": Verb(
        "Switch the job off: nobody is provisioned or disabled until it is started.",
        (
            Example("elium pause dev", "asks first"),
            Example("elium pause dev --yes", "in a pipeline"),
        ),
        "operations.switching:SwitchReport",
        _ONE_REQUEST,
    ),
    "restart": Verb(
        "Let the job forget what is named, and begin a cycle.",
        (
            Example(
                "elium restart dev --reset Watermark,Escrows", "look at everybody again, and try again what failed"
            ),
            Example(
                "elium restart dev --reset QuarantineState", "after the cause was mended: do not wait for the next try"
            ),
            Example("elium restart dev --reset ForceDeletes", "show whose deletions are held back, and the checksum"),
            Example("elium restart dev --reset ForceDeletes --doit 1a2b3c4d", "carry exactly these out"),
        ),
        "operations.switching:SwitchReport",
        _ONE_REQUEST,
    ),
    "fleet plan": Verb(
        "Say what `elium fleet up` would do, tenant by tenant.",
        (
            Example("elium fleet plan", "every tenant of tenants.yaml"),
            Example("elium fleet plan --only region=eu --markdown > plan.md", "some of them, for a pull request"),
            Example("elium fleet plan --out plan.json", "and keep the checksums, to apply exactly this later"),
        ),
        "fleet.acts:TenantPlan",
        _READS,
        is_lines=True,
    ),
    "fleet up": Verb(
        "Bring about what the file declares, for each tenant; killed and repeated, it does the rest.",
        (
            Example("elium fleet up", "shows what would be done, and asks"),
            Example("elium fleet up --canary 2 --stop-after 3 --yes", "two first, and no further after three failures"),
            Example("elium fleet up --plan plan.json", "exactly what was shown; a tenant that moved is left alone"),
            Example("elium fleet up --resume", "go on with the run that was cut"),
        ),
        "fleet.acts:TenantOutcome",
        "What is done is recorded; elium fleet up --resume goes on.",
        is_lines=True,
    ),
    "fleet status": Verb(
        "Say how the job of each tenant is.",
        (
            Example("elium fleet status", "a line for each"),
            Example("elium fleet status --only region=eu --json", "for a program"),
        ),
        "fleet.acts:TenantOutcome",
        _READS,
        is_lines=True,
    ),
    "fleet drift": Verb(
        "Say which tenants are at Entra otherwise than they were brought about, and end with 8 if any is.",
        (Example("elium fleet drift --junit drift.xml", "every night, in a pipeline"),),
        "fleet.acts:TenantPlan",
        _READS,
        is_lines=True,
    ),
    "fleet doctor": Verb(
        "Look whether everything is in place, for each tenant.",
        (Example("elium fleet doctor --only ring=first", "what is wrong, and what to do, a tenant a line"),),
        "fleet.acts:TenantOutcome",
        _READS,
        is_lines=True,
    ),
    "fleet rotate": Verb(
        "Give Entra the tokens that are new where they lie; who has the right one already is left alone.",
        (
            Example("elium fleet rotate", "after tokens were replaced in the vault"),
            Example("elium fleet rotate --only acme --yes", "one tenant, in a pipeline"),
        ),
        "fleet.acts:TenantOutcome",
        "Whom it had reached has the new token; the same command does the rest.",
        is_lines=True,
    ),
    "fleet teardown": Verb(
        "Close the accounts of tenants, prove it, and take their stacks down.",
        (
            Example("elium fleet teardown --only ring=trial", "what would happen, and the checksum; nothing is done"),
            Example("elium fleet teardown --only ring=trial --doit 1a2b3c4d", "exactly that; repeated, it goes on"),
        ),
        "fleet.acts:TenantOutcome",
        "What is done is in each tenant's journal; the same command goes on.",
        is_lines=True,
    ),
    "fleet unlock": Verb(
        "Show who holds the stacks' locks, and release what a run on another machine has left.",
        (
            Example("elium fleet unlock", "who holds what, since when, and whether that can still be at work"),
            Example("elium fleet unlock --only acme --doit 1a2b3c4d", "release exactly what was shown"),
        ),
        "fleet.unlocking:LockOutcome",
        "Whose lock is left, elium fleet unlock says.",
        is_lines=True,
    ),
    "fleet report": Verb(
        "Tell what came of the last run, tenant by tenant; how they are now, elium report --fleet says.",
        (
            Example('elium fleet report --markdown >> "$GITHUB_STEP_SUMMARY"', "for a pipeline's page"),
            Example("elium fleet report --junit results.xml", "for its tests"),
        ),
        "fleet.acts:TenantOutcome",
        _READS,
        is_lines=True,
    ),
    "fleet worker": Verb(
        "Work on what others have begun, until it is told to end.",
        (Example("elium fleet worker --at-once 8", "on each machine, with ELIUM_FLEET_DATABASE_URL"),),
        "fleet.acts:TenantOutcome",
        "What it had begun is finished by another worker.",
        is_lines=True,
    ),
    "teardown": Verb(
        "Close the accounts, prove it, and take the stack down: the job goes last.",
        (
            Example("elium teardown dev", "show what would happen, and the checksum; nothing is done"),
            Example("elium teardown dev --doit 1a2b3c4d", "do exactly that; repeated, it goes on where it was"),
            Example("elium teardown dev --target-token env:ELIUM_SECRET_TOKEN", "let Elium itself be the proof"),
            Example("elium teardown dev --doit 1a2b3c4d --report proof.html", "and keep the evidence"),
        ),
        "operations.teardown.report:TeardownReport",
        "What is done is in the journal; the same command goes on.",
    ),
    "plugin install": Verb(
        "Put the plugin where Pulumi finds it, for programs of your own.",
        (
            Example("elium plugin install", "once for each environment of Python, and after an upgrade"),
            Example("elium plugin install --json | jq -r .file", "where it lies"),
        ),
        "operations.plugin_home:PluginReport",
        "The same command does the rest.",
    ),
    "plugin uninstall": Verb(
        "Take the plugin away again.",
        (Example("elium plugin uninstall", "this version's; others stay"),),
        "operations.plugin_home:PluginReport",
        "The same command does the rest.",
    ),
}
"""In the order in which ``elium --help`` lists them. Verbs of two words are one group's."""

GROUPS: Mapping[str, str] = {
    "fleet": "Many tenants from one file: plan, bring about, watch.",
    "plugin": "The plugin of Pulumi, where the engine finds it.",
}
"""By the first word: what its verbs are about."""

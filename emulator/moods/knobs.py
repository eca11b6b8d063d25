"""What the documents leave open about the provisioning service, as one value that can be set.

Where Microsoft's documents contradict each other or are silent, the emulator does the first thing named here and can
be told to do the other. Each docstring says what is known: *documented* (by Microsoft), *observed* (in a published log
or by a third party), *inferred* or *unknown*. ``make docs`` writes ``docs/reference/knobs.md`` from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from provisioning.language import BY_THE_REFERENCE, Choices


@dataclass(frozen=True, slots=True, kw_only=True)
class Knobs:
    """What the provisioning service does where its documents leave something open."""

    # Time

    interval: timedelta = timedelta(minutes=40)
    """From the start of one cycle to the next. Documented as "about every 40 minutes" for SCIM, observed as ``PT40M``;
    one page says 20 to 40 (Learn: use-scim-to-provision-users-and-groups; check-status-user-account-provisioning)."""

    assignment_lag: timedelta = timedelta()
    """How long a new app role assignment goes unnoticed. Documented as "a few minutes", without a number
    (Learn: provision-on-demand)."""

    dynamic_group_lag: timedelta = timedelta()
    """How long it takes until a dynamic group follows a change of a person, a manager or its rule. Unknown: documented
    is only that all rules are processed when an attribute changes (Learn: groups-create-rule)."""

    timeout: timedelta = timedelta(seconds=30)
    """How long the target may take to answer one request. Unknown."""

    # What goes over the wire

    patch_dialect: Literal["from-url", "legacy", "aadOptscim062020"] = "from-url"
    """Shape of PATCH bodies. Documented: legacy unless the tenant URL carries ``aadOptscim062020``; provision on
    demand ignores the flag. What a given gallery app gets is unknown (Learn:
    application-provisioning-config-problem-scim-compatibility)."""

    send_url_flags: bool = False
    """Whether the flags of the tenant URL are part of the URLs that the target sees. Unknown."""

    adscimversion: str | None = "5.0"
    """Value of the ``ADSCIMVersion`` header; ``None`` sends none. Observed in 2019 (azure-docs#21660)."""

    user_agent: str | None = None
    """Value of the ``User-Agent`` header; ``None`` sends none. Inferred: none is documented."""

    manager_shape: Literal["string", "reference-list"] = "string"
    """How a manager is written in PATCH. ``string`` is observed (Captain-P-Goldfish/SCIM-SDK#686), ``reference-list``
    is what the SCIM tutorial prints (Learn: use-scim-to-provision-users-and-groups, example 5)."""

    member_ref_null: bool = True
    """Whether group members carry ``"$ref": null``. Documented so; observed without it elsewhere."""

    members_per_patch: int = 1
    """How many memberships one PATCH carries. Unknown for custom apps; targets are asked to accept several
    (Learn: use-scim-to-provision-users-and-groups)."""

    group_schema_uri: bool = True
    """Whether a new group lists Microsoft's own schema URI. Documented in the tutorial, and documented as corrected in
    2018 (Learn: application-provisioning-config-problem-scim-compatibility)."""

    enterprise_schema_always: bool = True
    """Whether a new user lists the enterprise schema although no enterprise attribute is sent. Documented in the
    tutorial; the role samples list the core schema only (Learn: customize-application-attributes)."""

    empty_roles_in_post: bool = True
    """Whether a new user has ``"roles": []``. Documented in the tutorial's example."""

    primary_work_email: bool = True
    """Whether the work e-mail of a new user is marked primary. Documented in the tutorial's example."""

    probe_groups: bool = True
    """Whether the connection is tested with a random group too, when groups are mapped. Documented as "random user and
    group"; published logs mostly show the user only."""

    check_references: bool = True
    """Whether the target is asked if a manager or member is already set before it is written. Documented
    (Learn: use-scim-to-provision-users-and-groups, example 4)."""

    check_references_of_new: bool = False
    """The same for objects that were created in this very cycle. Unknown."""

    remove_references: bool = True
    """Whether a manager who is no longer there is removed at the target. Inferred: ``Remove`` is documented for
    members, and values that became empty do not flow."""

    members_despite_exclusion_fail: bool = False
    """Whether a group that is answered with its members, although they were excluded, fails as
    ``MultipleEntriesInResponse``. Documented in one sentence (Learn: concept-provisioning-logs)."""

    requests_at_once: int = 1
    """How many objects are exported at the same time. Unknown; targets must sustain 25 requests a second. One at a
    time gives a request log that reads in order."""

    # Scope and matching

    exclude_default_access: bool = False
    """Whether an assignment with the Default Access role does not count. The gallery tutorials say so; the
    troubleshooting page says that it ended in 2020 (Learn:
    application-provisioning-config-problem-no-users-provisioned)."""

    unfilterable: Literal["refused", "saved"] = "refused"
    """What becomes of a filter on an attribute that does not exist or that Entra does not filter by, with an operator
    of another type, or on a number that is not one. The pages say that it does not work; that saving it is refused
    with 400 is inferred
    (Learn: define-conditional-rules-for-provisioning-user-accounts; known-issues#scoping-filters)."""

    duplicate_sources: Literal["fail", "link-both"] = "fail"
    """What becomes of a second source object that matches the same account: ``DuplicateSourceEntries``, or both
    linked. Both are documented (Learn: known-issues)."""

    rehired_takes_over: bool = False
    """Whether a new object of the directory takes over the account of one that was deleted, when it matches it: someone
    who is hired again under the same name. Unknown; otherwise ``duplicate_sources`` decides."""

    vanished_account: Literal["created-anew", "invalid-anchor"] = "created-anew"
    """What becomes of someone whose account is gone at the target. That it is made anew is observed (Microsoft's
    answer 76516141); the log's documentation has ``InvalidAnchor`` for it, and recommends a restart
    (Learn: concept-provisioning-logs#error-codes)."""

    scope_switch_needs_restart: bool = True
    """Whether a change between assigned people and everybody waits for a restart. Documented so (Learn: known-issues);
    the portal restarts by itself."""

    matching_special_characters_fail: bool = False
    """Whether a matching value with a quote or a backslash fails. Documented as a limit (Learn: known-issues)."""

    # Attribute flow

    flow_null_values: bool = False
    """Whether an attribute that became empty is removed at the target. Documented as unsupported outbound
    (Learn: clear-attribute-values)."""

    delta_only_attributes: bool = False
    """Whether an incremental cycle sees only the attributes that changed, so that a ``Switch`` on another one finds
    nothing. Documented as a caution (Learn: functions-for-customizing-application-data#switch)."""

    empty_text_flows: bool = False
    """Whether an expression that gives an empty text writes it. Unknown; null never flows (documented)."""

    language: Choices = BY_THE_REFERENCE
    """What is left open of the languages of expressions and filters; see :class:`provisioning.language.Choices`."""

    # Leaving

    account_enabled_disables: bool = False
    """Whether a mapping that reads ``accountEnabled``, such as ``active`` from ``[accountEnabled]``, is sent of someone
    whose account is disabled in the directory. A note says that disabling may be driven by it; the table of the same
    page needs ``IsSoftDeleted`` (Learn: customize-application-attributes; how-provisioning-works#deprovisioning)."""

    supports_soft_delete: bool = True
    """Whether the connector can disable; one that cannot sends DELETE instead. Documented as a property of some gallery
    connectors; which, is unknown (Learn: how-provisioning-works#deprovisioning)."""

    delete_after_unassign: Literal["on-hard-delete", "never"] = "on-hard-delete"
    """What a hard delete does to someone who had left the scope before. Disputed: the page said that nothing is sent,
    and was reworded because a DELETE is (entra-docs#1151)."""

    lost_fast_purge: bool = False
    """Whether someone who was deleted and purged between two cycles is forgotten without a DELETE. Observed once
    (azure-docs#30269)."""

    threshold_counts: Literal["above", "from"] = "above"
    """Whether deletions are held when there are more than the threshold, or already when it is met. The page says both
    (Learn: accidental-deletions)."""

    staged_cycle_continues: bool = True
    """Whether creations and updates still run in a cycle whose deletions are held. Unknown."""

    # Failures

    honour_retry_after: bool = True
    """Whether a 429 is waited out and repeated within the cycle. Weakly observed; documented only as "retried
    automatically"."""

    retry_after_cap: timedelta = timedelta(minutes=2)
    """The longest such wait; a longer one fails the object with ``TooManyRequests``. Unknown."""

    conflict_code: str = "Conflict"
    """Error code of a 409. Documented; ``SystemForCrossDomainIdentityManagementServiceIncompatibleFiltering`` is
    observed."""

    escrow_retries: tuple[timedelta, ...] = (timedelta(), timedelta(hours=6), timedelta(hours=12), timedelta(hours=24))
    """When a failed object is tried again: in the next cycle, six hours after that, then twelve and twenty-four hours
    after the first failure. Documented as 6, 12 and 24 hours; the first retry within minutes is observed (Learn:
    application-provisioning-quarantine-status)."""

    escrow_daily: timedelta = timedelta(hours=24)
    """The rhythm after those. Documented."""

    escrow_lifetime: timedelta = timedelta(days=28)
    """After this long a failed object is no longer tried. Documented, mixed up with the end of a quarantine."""

    escrow_unresolved_references: bool = True
    """Whether a reference to someone in scope whose own export failed is retried like a failure. Inferred from the
    documented count of reference failures; a reference to someone out of scope waits for a restart (documented)."""

    # Quarantine

    quarantine_from: int = 5_000
    """From how many failures on the share and the number are looked at. Documented as "roughly, may change"."""

    quarantine_share: float = 0.40
    """Share of failed events above which the job is quarantined. Documented (60 % before 2021)."""

    quarantine_failures: int = 40_000
    """Failures, without references, above which the job is quarantined. Documented."""

    quarantine_total: int = 60_000
    """Failures, references included, above which the job is quarantined. Documented."""

    quarantine_retries: tuple[timedelta, ...] = (
        timedelta(minutes=5),
        timedelta(hours=6),
        timedelta(hours=12),
        timedelta(hours=24),
    )
    """Waits before the next attempts, the last one repeated. Five minutes is observed in a captured job; the rest is
    documented (Learn: application-provisioning-quarantine-status)."""

    quarantine_lifetime: timedelta = timedelta(days=28)
    """After this long in quarantine the job is disabled. Documented as "more than 4 weeks"."""

    prune_escrows_in_initial_cycle: bool = False
    """Whether an initial cycle with too many failures drops them, finishes and pauses, instead of going to quarantine.
    Documented as a possibility (graph: synchronizationstatus, escrowsPruned)."""

    # How it shows itself in Graph

    new_job_code: Literal["Paused", "NotConfigured"] = "Paused"
    """Status code of a job that was never started. ``Paused`` with ``PT40M`` is captured, ``NotConfigured`` with the
    longest .NET time span is in the reference (graph: synchronization-synchronizationjob-post)."""

    paused_schedule_state: Literal["Paused", "Disabled"] = "Paused"
    """Schedule state of a paused job. Unknown; only ``Active`` is told apart by clients."""

    second_job: Literal["another", "existing", "conflict"] = "another"
    """What a second POST of a job for the same template does. Unknown."""

    directory_name: str = "Microsoft Entra ID"
    """What the log calls the directory. Documented; older texts say ``Azure Active Directory``."""

    scoping_details: Literal["sentences", "names"] = "sentences"
    """Wording of the scoping step's details. Both are documented, from two generations."""

    on_demand_answer: Literal["v2020", "syncfabric", "v2023"] = "v2020"
    """Shape of the answer of provision on demand: an object, the same under another context with ``{}`` for groups, or
    a named status with a list. All three are published (graph: synchronizationjob-provisionondemand)."""

    on_demand_any_case: bool = True
    """Whether ``objectTypeName`` may be ``user``. Documented both ways: the table of the page tells ``User`` and
    ``user`` apart by scenario, a sample of it sends ``user`` (graph: synchronizationjob-provisionondemand)."""

    on_demand_members: int = 5
    """How many members of a group one call takes. Documented (Learn: provision-on-demand)."""

    on_demand_calls: int = 5
    """How many calls fit into :attr:`on_demand_window`. Documented (graph: synchronizationjob-provisionondemand)."""

    on_demand_window: timedelta = timedelta(seconds=10)
    """See :attr:`on_demand_calls`."""

    log_retention: timedelta = timedelta(days=30)
    """How long log entries are kept: 30 days with a premium licence, 7 without. Documented
    (Learn: concept-provisioning-logs)."""

"""Making a job, once: Graph has no key by which a creation could be repeated, and its lists lag behind.

Theory of operation. What is not known is whether a creation that was asked for was carried out, because its answer was
lost, cannot be read, or says that there is one already; or because an earlier run did not live to see it. As long as
that is so, the list is watched. A job of the template that it shows is adopted. When it has shown none for as long as
it may lag, there is none, and the job is asked for (again).

After an answer the list is not read: the answer is the proof, and a list that lags would prove nothing (reliability 3,
rules 1 to 3).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from provisioning.errors import (
    ConfigurationError,
    ConflictError,
    GraphError,
    ProvisioningError,
    ThrottledError,
    UnavailableError,
)
from provisioning.graph import paths, wire
from provisioning.graph.exchange import CREATED, PASSING_TROUBLE, WITHIN, Exchange, Request
from provisioning.graph.patience import Patience
from provisioning.model.identifiers import ServicePrincipalId, TemplateId
from provisioning.model.job import Job

LISTS_LAG_BY = timedelta(seconds=60)
"""How long a list may not show what was created (reliability 3, rule 3)."""

AT_ONCE = timedelta()
"""No patience: an error is being explained, which is not worth a wait."""


@dataclass(slots=True)
class JobCreation:
    """One job that is wanted."""

    graph: Exchange
    principal: ServicePrincipalId
    template: TemplateId
    unsure_since: datetime | None = None
    """Since when it is not known whether the job was made; ``None`` when it was not."""

    async def job(self) -> Job:
        """Make it, or adopt what was made already."""
        patience = Patience(self.graph.clock, within=WITHIN)
        return await patience.until_it_works(self._attempt, unless=PASSING_TROUBLE)

    async def _attempt(self) -> Job:
        made = await self._made_already() if self.unsure_since is not None else None
        if made:
            return made
        request = Request("POST", paths.jobs_of(self.principal), {"templateId": self.template}, answered_by=CREATED)
        try:
            return await self.graph.once(request, wire.job_of)
        except (UnavailableError, ConflictError):
            self.unsure_since = self.graph.clock.now()
            raise

    async def _made_already(self) -> Job | None:
        """Find the job that may have been made; ``None`` when the list would show it by now.

        :raises UnavailableError: while the list may lag.
        """
        jobs = await self.graph.listed(paths.jobs_of(self.principal), wire.job_of)
        made = next((job for job in jobs if job.template == self.template), None)
        if made is None and self.unsure_since and self.graph.clock.now() < self.unsure_since + LISTS_LAG_BY:
            raise UnavailableError(
                "Whether the synchronization job was made is not known: the answer was lost, and lists lag behind.",
                status=0,
                hint="Run it again in a minute: a job that was made is found and adopted.",
            )
        return made


async def refuse_unknown_template(
    graph: Exchange, principal: ServicePrincipalId, template: TemplateId, error: GraphError
) -> None:
    """Say what the app offers, where Graph's no may be about the template: it does not say so itself (graph 5.2).

    :raises ConfigurationError: when the template is not among those that the app offers.
    """
    if isinstance(error, ThrottledError | ConflictError) or not error.status:
        return
    try:
        listed = await graph.listed(paths.templates_of(principal), wire.template_of, within=AT_ONCE)
    except ProvisioningError:
        return
    offered = sorted(one.id for one in listed)
    if template not in offered:
        raise ConfigurationError(
            f"{template!r} is not a synchronization template of this app; it offers "
            f"{', '.join(map(repr, offered)) or 'none'}.",
            hint="Declare one of these, or none to take the app's own default."
            if offered
            else "Add the app from the gallery; an app registered by hand has no connector.",
        ) from error

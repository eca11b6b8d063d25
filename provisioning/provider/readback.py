"""From what the service holds to the inputs that would declare it: so drift is seen, and an import starts true.

Only what was declared is read back into a declaration; what was not stays unsaid. An import has declared nothing yet
and gets the settings of the tutorial, but no mappings: those stay the app's until somebody declares them.
"""

from __future__ import annotations

from collections.abc import Mapping

from provisioning.errors import ExpressionError
from provisioning.language import ScopingFilter
from provisioning.model.connection import SETTINGS
from provisioning.model.credentials import UNTOLD
from provisioning.model.identifiers import JobAddress
from provisioning.model.mapping import AttributeDefinition, AttributeMapping, ObjectAction, ObjectKind
from provisioning.model.observed import Observed
from provisioning.model.schema import SynchronizationSchema
from provisioning.provider.properties import Plain
from provisioning.provider.turn import SAID_ONCE
from provisioning.settings.job import JobInputs
from provisioning.settings.mappings import Clauses

OURS_ALONE = (*SAID_ONCE, "onDestroy", "assignments")
"""Inputs that the job does not hold: what speaks to the plan, and what azuread holds."""

DEFAULTS = {name: JobInputs.model_fields[name].default.value for name in ("scope", "status")}
"""What an input that nobody wrote says all the same."""


def inputs_of(address: JobAddress, observed: Observed, declared: Plain) -> Plain:
    """Give the inputs as the service holds them, for the names in *declared*; for all settings when it is empty.

    What has a default is declared by it, and is named where the service holds something else.
    """
    is_import = not declared
    held = _settings_held(address, observed, declared) | _schema_held(observed.schema, declared)
    inputs = {name: value for name, value in held.items() if is_import or name in declared or _differs(name, value)}
    inputs |= {name: declared[name] for name in OURS_ALONE if name in declared}
    if observed.connection.has_token and (is_import or "secretToken" in declared):
        inputs["secretToken"] = declared.get("secretToken", UNTOLD)
    return inputs


def _differs(name: str, value: object) -> bool:
    """Tell whether something is not as its default says."""
    return name in DEFAULTS and value != DEFAULTS[name]


def _settings_held(address: JobAddress, observed: Observed, declared: Plain) -> Plain:
    connection, job = observed.connection, observed.job
    held: Plain = {
        "servicePrincipalId": address.service_principal,
        "templateId": job.template if job else None,
        "scope": connection.scope.value,
        "status": "on" if job and job.is_switched_on else "off",
    }
    held |= {setting.place: _named(setting.held(connection), declared.get(setting.place)) for setting in SETTINGS}
    return {name: value for name, value in held.items() if value is not None}


def _named(held: object, declared: object) -> object:
    """Give what is held; of a table, the names that are declared, and all where none is."""
    if isinstance(held, dict) and isinstance(declared, dict) and declared:
        return {name: value for name, value in held.items() if name in declared}
    return held


def _schema_held(schema: SynchronizationSchema | None, declared: Plain) -> Plain:
    """Read what was declared about the schema out of it, in the same form."""
    if schema is None:
        return {}
    return {
        "mappings": {
            kind: _mappings_held(schema.of(ObjectKind(kind)).mappings, targets)
            for kind, targets in (declared.get("mappings") or {}).items()
        },
        "filters": {
            kind: _filter_held(schema.of(ObjectKind(kind)).filter, clauses)
            for kind, clauses in (declared.get("filters") or {}).items()
        },
        "objects": {
            kind: _kind_held(schema, ObjectKind(kind), names)
            for kind, names in (declared.get("objects") or {}).items()
            if names
        },
        "attributes": {
            kind: _attributes_held(
                {**schema.of(ObjectKind(kind)).sources, **schema.of(ObjectKind(kind)).targets}, names
            )
            for kind, names in (declared.get("attributes") or {}).items()
        },
    }


def _kind_held(schema: SynchronizationSchema, kind: ObjectKind, declared: Plain) -> Plain:
    """Read what was declared of a kind: its switch, its actions."""
    actions = schema.of(kind).actions
    held = {
        "enabled": schema.of(kind).is_enabled,
        "actions": [action.value for action in ObjectAction if action in actions],
    }
    return {name: held[name] for name in declared}


def _attributes_held(held: Mapping[str, AttributeDefinition], declared: Mapping[str, Plain]) -> Plain:
    """Read the declared attributes; one that is gone is left out."""
    return {
        name: {each: _attribute_written(held[name])[each] for each in names}
        for name, names in declared.items()
        if name in held
    }


def _attribute_written(attribute: AttributeDefinition) -> Plain:
    return {"type": attribute.type, "caseExact": attribute.case_exact}


def _mappings_held(observed: Mapping[str, AttributeMapping], declared: Mapping[str, Plain | None]) -> Plain:
    """Read the declared targets; a mapping that is gone is left out, one that should be gone is shown."""
    held: Plain = {}
    for target, names in declared.items():
        if target in observed:
            written = _written(observed[target])
            held[target] = {name: written[name] for name in names} if names is not None else written
        elif names is None:
            held[target] = None
    return held


def _written(mapping: AttributeMapping) -> Plain:
    """Write a mapping as a configuration would."""
    return {
        "source": mapping.written or None,
        "match": mapping.match or 0,
        "default": mapping.default,
        "flowType": mapping.flow_type.value,
        "flowBehavior": mapping.flow_behavior.value,
    }


def _filter_held(observed: ScopingFilter | None, declared: Clauses | None) -> Clauses | None:
    """Write a filter as a configuration would; as this one did, when it means the same."""
    written = observed.declared if observed else None
    if declared and written == _parsed(declared):
        return declared
    return written.readable if written else None


def _parsed(declared: Clauses) -> ScopingFilter | None:
    """Read what was declared; an earlier release took clauses that are refused today, which then differ."""
    try:
        return ScopingFilter.parse(declared)
    except ExpressionError:
        return None

"""One look at a stack and at the Entra tenant that its environment names."""

from __future__ import annotations

from provisioning.graph.connect import connect
from provisioning.operations.recovery.looking import Look, look_at
from scripts.recover.engine import Engine, Preview


async def look(engine: Engine, preview: Preview) -> Look:
    """Look once; nothing is changed."""
    graph = await connect(engine.environment)
    try:
        return await look_at(graph, engine.stack, engine.export(), preview.steps)
    finally:
        await graph.close()

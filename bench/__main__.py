"""``python -m bench`` takes every measurement, one after the other."""

from __future__ import annotations

import sys

from bench import connections, engine, expressions, graph, impact, plugin

if __name__ == "__main__":
    sys.exit(
        expressions.main() or impact.main() or graph.main() or engine.main() or connections.main() or plugin.main()
    )

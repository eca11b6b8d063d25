"""``python -m provisioning.commands``: the command, where it is not on the PATH."""

from __future__ import annotations

from provisioning.commands.elium import main

if __name__ == "__main__":
    main()

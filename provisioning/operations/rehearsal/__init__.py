"""A rehearsal: what a stack declares is tried on a copy of the tenant, in an emulator that is started for it."""

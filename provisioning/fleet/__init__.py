"""Many tenants: one file that declares them, what is done for each, and the engine that does not lose count."""

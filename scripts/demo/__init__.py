"""The main job, on real parts, without a tenant: a made-up company appears in a made-up Elium."""

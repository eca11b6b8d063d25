"""``elium plugin``: the plugin of Pulumi that does the work, where the engine finds it."""

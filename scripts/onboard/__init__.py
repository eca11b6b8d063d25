"""What a pipeline calls for many tenants: ``elium fleet``, and its results where the platform shows them."""

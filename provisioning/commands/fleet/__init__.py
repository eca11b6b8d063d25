"""``elium fleet``: the verbs over many tenants, one a module, over :mod:`provisioning.fleet`."""

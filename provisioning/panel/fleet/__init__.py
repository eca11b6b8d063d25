"""The place of many tenants: how each of them is, and the way to the page of one."""

"""The Pulumi engine and its Python language host: which one is used, and where it comes from."""

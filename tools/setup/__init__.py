"""``make setup``: from a fresh clone to everything that ``make demo`` and ``make test`` need.

Three things are prepared, in this order: the locked Python environment, the Pulumi engine, the azuread plugin.
For each there is a table of sources, tried from the cheapest to the dearest; a source that has nothing says why.
Only the standard library is used, because at first there is nothing else.
"""

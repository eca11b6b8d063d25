"""What the functions of the expression language do, by theme. The table in :mod:`.table` says which there are."""

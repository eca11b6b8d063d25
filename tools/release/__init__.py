"""``make release``: everything that a version is handed out as, out of one commit, the same bytes each time.

What is built stands in one list, :data:`tools.release.parts.PARTS`. Only what is committed is released: the commit's
files are laid out apart, so that nothing else can travel along, and its time is the time of everything that is built.
"""

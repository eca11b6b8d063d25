"""What is needed before anything can run: the toolchain, how it is set up, and the environment it runs in.

Nothing of this is part of the product. Nothing of the product is imported here either, since the set-up runs on a bare
Python; but for :mod:`tools.manual`, which runs later and writes pages of the manual.
"""

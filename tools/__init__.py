"""What the workshop needs before anything can run: the toolchain, how it is set up, and the environment it runs in.

Nothing of this is part of the product, and nothing of the product is imported here: the set-up runs on a bare Python.
"""

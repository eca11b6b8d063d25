"""Everything in the manual that a program writes: reference pages, parts of pages, the schema that editors read.

``python -m tools.manual``, which is ``make docs``, writes all of it, and it is the only command that does. A page is
written from what already says the fact: a field's docstring, a function's row, a route.
"""

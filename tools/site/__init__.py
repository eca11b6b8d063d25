"""The manual as a site: pages of ``docs/`` with search, and the reference of what a program may import.

``python -m tools.site``, which is ``make site``, makes it. Zensical turns Markdown into pages and mkdocstrings
docstrings into reference; what is here lays out for them what the clone holds (:mod:`tools.site.staging`), in the order
of the manual's index (:mod:`tools.site.contents`), and reads the pages that came of it (:mod:`tools.site.checking`).
"""

"""Looking whether everything is in place, before a stack is deployed and afterwards: checks, each by itself.

What is asked of Graph is asked once, whoever needs it (:mod:`.chart`). A check that cannot be made says why.
"""

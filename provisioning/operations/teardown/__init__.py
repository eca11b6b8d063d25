"""Taking a stack down with proof: accounts are closed and shown to be, before the job goes that could close them.

The order is the only safe one: close accounts, prove it, pause, delete the job, destroy, purge. Once the job is gone
nobody knows which account belonged to whom, and no later job closes it (graph: synchronizationjob-delete).
"""

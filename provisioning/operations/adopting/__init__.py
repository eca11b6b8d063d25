"""Bring what was made in the portal under the program: find it, write what declares it, put it into the state.

In this order: :mod:`finding` looks at Entra, :mod:`settings_found` writes settings, :mod:`settings_file` lays them into
the stack's file, :mod:`proposal` holds that the program would change nothing by it, and :mod:`importing` gives the
engine what it imports.
"""

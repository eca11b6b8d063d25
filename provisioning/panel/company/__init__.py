"""The demonstration: the emulator's company, the wire and Elium side by side, and what can be done to each.

It is there where the environment says that the emulator is (``ELIUM_EMULATOR_URL``). Nothing of the emulator is
imported: people come over Graph, as anybody's would; what only it has (its clock, what Elium was sent, faults) comes
over its control interface, which docs/reference/emulator.md describes.

How it works: :mod:`watched` asks the emulator for the next change and is answered when there is one. Then what is
looked at just now is read anew, a page of fifty people, requests or accounts each, and never the whole.
"""

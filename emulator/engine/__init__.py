"""The provisioning service: what makes the people of a directory appear in a SCIM target, and leave it again.

A person's journey: directory → scope verdict → match → flow → SCIM dialect → link → log. Each of these words is a
module whose rules are pure; :mod:`emulator.engine.export` carries out what they decide for one object,
:mod:`emulator.engine.cycle` for all that changed, and :mod:`emulator.engine.service` is the door that Graph knocks at.
"""

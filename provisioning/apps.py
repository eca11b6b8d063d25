"""What one gallery app is like, as a value: what its tutorial says where others say something else.

Below the component nothing knows of Elium; messages there speak of inputs and of the app's own name.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class App:
    """A gallery app that people are provisioned into."""

    name: str
    """Its name in the gallery, and in the tutorial, such as ``Elium``."""
    namespace: str
    """Where its settings stand in a stack's configuration, such as ``elium``."""
    scim_path: str
    """What the tutorial puts behind the tenant URL, such as ``/scim/v2``."""
    token_is_found: str
    """Where an administrator of the app finds the token."""
    type: str
    """The type of its component in Pulumi's state."""


ELIUM = App(
    name="Elium",
    namespace="elium",
    scim_path="/scim/v2",
    token_is_found="My Profile > Settings > ADVANCED > Security",  # noqa: S106 - where it is, not what it is
    type="elium:index:EliumProvisioning",
)
"""Learn: elium-provisioning-tutorial, step 2 and 5."""

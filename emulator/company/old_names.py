"""What the old directory, Azure AD Graph, called properties; mappings, filters and membership rules still say it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

GRAPH_NAMES: Mapping[str, str] = {
    "objectId": "id",
    "mobile": "mobilePhone",
    "facsimileTelephoneNumber": "faxNumber",
    "physicalDeliveryOfficeName": "officeLocation",
    "originalUserPrincipalName": "userPrincipalName",
}
"""Old name to Graph's, where they differ and nothing else does."""

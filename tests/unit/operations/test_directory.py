"""Names are found over Graph by the rule, and with the words, by which azuread's functions find them."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from provisioning.errors import ConfigurationError
from provisioning.graph.apps import GalleryApp, PrincipalFound
from provisioning.model.assignment import PrincipalKind
from provisioning.operations.directory import gallery_template_id, principals
from provisioning.operations.lookups import Principal

GUID = "3e9b6a20-7c4d-4e1f-8a5b-6c7d8e9f0a1b"
GUEST = "ada_fabrikam.com#EXT#@contoso.onmicrosoft.com"
SALES = PrincipalFound("id-sales", "Sales")
ADA = PrincipalFound("id-ada", "Ada Byron", "ada@contoso.com")
TWINS = (PrincipalFound("id-1", "Twin", "one@contoso.com"), PrincipalFound("id-2", "Twin", "two@contoso.com"))


@dataclass
class Company:
    """Finds what a test says is there."""

    there: dict[tuple[str, str], tuple[PrincipalFound, ...]] = field(default_factory=dict)
    gallery: tuple[GalleryApp, ...] = ()
    asked: list[tuple[str, str]] = field(default_factory=list)

    async def gallery_apps(self, name: str) -> tuple[GalleryApp, ...]:
        del name
        return self.gallery

    async def principals_by(self, kind: PrincipalKind, name: str, value: str) -> tuple[PrincipalFound, ...]:
        del kind
        self.asked.append((name, value))
        return self.there.get((name, value), ())


async def test_who_is_named_twice_is_found_once_by_the_first_name() -> None:
    company = Company({("displayName", "Sales"): (SALES,), ("id", GUID): (ADA,), ("mail", "ada@x.com"): (ADA,)})

    assert await principals(company, ["Sales"], ["ada@x.com", GUID], before="elium:") == [
        Principal("id-sales", PrincipalKind.GROUP, "Sales"),
        Principal("id-ada", PrincipalKind.USER, "ada@x.com"),
    ]
    assert company.asked[1:3] == [("userPrincipalName", "ada@x.com"), ("mail", "ada@x.com")]


async def test_every_name_that_is_not_found_is_told_at_once() -> None:
    company = Company(
        {("displayName", "Twin"): TWINS, ("displayName", "Twins"): TWINS, ("displayName", "ada byron"): (ADA,)}
    )

    with pytest.raises(ConfigurationError) as refusal:
        await principals(company, ["Twins", "Nobody"], ["ada@x.com", GUEST, "Twin", "ada byron"], before="elium:")

    assert refusal.value.reasons == (
        "elium:groups.0: 'Twins' exists more than once.",
        "elium:groups.1: 'Nobody' does not exist.",
        "elium:users.0: 'ada@x.com' does not exist. A guest is written ada_x.com#EXT#@<tenant>.onmicrosoft.com.",
        f"elium:users.1: '{GUEST}' does not exist.",
        "elium:users.2: 2 users are called 'Twin'; write one of one@contoso.com, two@contoso.com.",
        "elium:users.3: there is no user 'ada byron'.",
    )
    assert refusal.value.hint == "Correct the names, or write the object ids of those that are meant."


@pytest.mark.parametrize(
    ("gallery", "said"),
    [
        ((), "elium:galleryApp: 'Elium' does not exist."),
        ((GalleryApp("a", ("sync",)), GalleryApp("b", ("sync",))), "elium:galleryApp: 'Elium' exists more than once."),
        ((GalleryApp("a", ()),), "elium:galleryApp: 'Elium' is in the gallery, but has no provisioning connector."),
    ],
)
async def test_an_app_that_the_gallery_does_not_have_is_told(gallery: tuple[GalleryApp, ...], said: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        await gallery_template_id(Company(gallery=gallery), "Elium", before="elium:")

    assert refusal.value.message == said
    assert refusal.value.hint

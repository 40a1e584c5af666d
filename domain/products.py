"""What can be ordered, with which options."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from domain.model import Value


class Product(StrEnum):
    """The two products of the guide."""

    DOCFLY_PA = "docfly_pa"
    DOCFLY = "docfly"


LONGEST_TERM_YEARS = {Product.DOCFLY_PA: 3, Product.DOCFLY: 10}
"""What a first term or a renewal may last; the shortest is a year."""


class RenewalMode(StrEnum):
    """*Tacito* or *a scadenza*; changeable at any time."""

    AUTOMATIC = "automatic"
    ON_REQUEST = "on_request"


class StarterKit(StrEnum):
    """Storage bought in advance; the base bundle holds 1 GB."""

    KIT_1GB = "kit_1gb"
    KIT_5GB = "kit_5gb"
    KIT_10GB = "kit_10gb"
    KIT_20GB = "kit_20gb"
    KIT_50GB = "kit_50gb"

    @property
    def gb(self) -> int:
        """Gigabytes in all, the base bundle's included."""
        return int(self.removeprefix("kit_").removesuffix("gb"))


class Quotas(Value):
    """What the provider is asked to open."""

    gb: int
    users: int
    archives: int
    definitions: int


Extra = Annotated[int, Field(ge=0, le=10_000, strict=True)]


class DocflyPaOptions(Value):
    """DocFly Fatturazione PA: e-invoices to the public administration."""

    product: Literal[Product.DOCFLY_PA]
    renewal_years: Annotated[int, Field(ge=1, le=LONGEST_TERM_YEARS[Product.DOCFLY_PA], strict=True)] = 1
    renewal_mode: RenewalMode = RenewalMode.AUTOMATIC
    extra_gb: Extra = 0

    @property
    def quotas(self) -> Quotas:
        """One GB is included."""
        return Quotas(gb=1 + self.extra_gb, users=1, archives=1, definitions=0)


class DocflyOptions(Value):
    """DocFly Conservazione: legal digital preservation. Base bundle: 1 GB, 1 archivio, 2 definizioni."""

    product: Literal[Product.DOCFLY]
    renewal_years: Annotated[int, Field(ge=1, le=LONGEST_TERM_YEARS[Product.DOCFLY], strict=True)] = 1
    renewal_mode: RenewalMode = RenewalMode.AUTOMATIC
    starter_kit: StarterKit = StarterKit.KIT_1GB
    extra_users: Extra = 0
    extra_archives: Extra = 0
    extra_definitions: Extra = 0

    @property
    def quotas(self) -> Quotas:
        """The base bundle and what was added."""
        return Quotas(
            gb=self.starter_kit.gb,
            users=1 + self.extra_users,
            archives=1 + self.extra_archives,
            definitions=2 + self.extra_definitions,
        )


Options = Annotated[DocflyPaOptions | DocflyOptions, Field(discriminator="product")]

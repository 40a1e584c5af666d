"""The bodies of an order's requests: the domain's values, with the limits of admission."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.fields import Euros, ExternalId, Words
from db.partners import PartnerRow
from domain.model import Value
from domain.orders import Order, Recipient
from domain.products import DocflyOptions, DocflyPaOptions


class _Common(Value):
    titolare_id: UUID
    external_id: ExternalId | None = None
    expected_total: Euros | None = None


class DocflyPaRequest(DocflyPaOptions, _Common):
    """*Acquista DocFly PA*."""

    @property
    def options(self) -> DocflyPaOptions:
        """What of it is the product's."""
        return DocflyPaOptions(**self.model_dump(include=set(DocflyPaOptions.model_fields)))


class DocflyRequest(DocflyOptions, _Common):
    """*Nuovo*: the wizard's two steps at once."""

    @property
    def options(self) -> DocflyOptions:
        """What of it is the product's."""
        return DocflyOptions(**self.model_dump(include=set(DocflyOptions.model_fields)))


OrderRequest = Annotated[DocflyPaRequest | DocflyRequest, Field(discriminator="product")]


def order_of(
    wish: DocflyPaRequest | DocflyRequest, *, order_id: UUID, partner: PartnerRow, external_id_note: UUID | None
) -> Order:
    """The domain's value. The partner's own text stays behind, as a note."""
    return Order(
        order_id=order_id,
        partner_id=partner.id,
        reminder_days=tuple(partner.reminder_days),
        titolare_id=wish.titolare_id,
        options=wish.options,
        expected_total_cents=wish.expected_total and wish.expected_total.cents,
        external_id_note=external_id_note,
    )


class ContractMailRequest(Value):
    """Where the contracts should go."""

    to: Recipient = Recipient.PEC


class CancellationRequest(Value):
    """Why the order should end."""

    reason: Words | None = None


class NothingRequest(Value):
    """The body of what needs none: it may be left out."""


class ReleaseRequest(Value):
    """Why the hold ends."""

    reason: Words | None = None

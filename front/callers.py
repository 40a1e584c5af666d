"""Who asks, by whatever they were known."""

from dataclasses import dataclass
from uuid import UUID

from db.base import EVERY_PARTNER, Owner
from domain.lifecycle import Actor


@dataclass(frozen=True, kw_only=True)
class Caller:
    """A partner's program or person, or an operator, who has no partner and sees them all."""

    id: UUID
    """Of the API key, or of the user."""
    partner_id: UUID | None

    @property
    def owner(self) -> Owner:
        """Whose rows the caller may read."""
        return self.partner_id or EVERY_PARTNER

    @property
    def is_operator(self) -> bool:
        """Whether it is one of us."""
        return self.partner_id is None

    @property
    def requester_id(self) -> UUID:
        """Whose Idempotency-Keys theirs are: a partner's programs share them."""
        return self.partner_id or self.id

    @property
    def actor(self) -> Actor:
        """As what they move."""
        return Actor.OPERATOR if self.is_operator else Actor.PARTNER

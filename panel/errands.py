"""Why somebody registers or changes a titolare: where they go on from there, or back."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel

from domain.titolari import NEEDED_AS_RESPONSABILE, Kind, can_order, needed_to_order
from panel.buying import Entry


class Errand(BaseModel):
    """Who waits for a titolare, if anybody does: the wizard, or an order that needs its responsabili."""

    per: Entry | None = None
    ordine: UUID | None = None

    def needed(self, kind: Kind) -> tuple[str, ...]:
        """The fields without which the wizard's product isn't ordered, or nobody is a responsabile."""
        if self.ordine is not None:
            return NEEDED_AS_RESPONSABILE
        if self.per is None or not can_order(kind):
            return ()
        return needed_to_order(kind, needs_activity=self.per.needs_activity)

    def then(self, titolare_id: UUID) -> str:
        """Where it goes on."""
        if self.ordine is not None:
            return f"/ordini/{self.ordine}/responsabili?persona={titolare_id}"
        return f"/{self.per}/acquista/opzioni?titolare={titolare_id}" if self.per else f"/titolari/{titolare_id}"

    def back(self, titolare_id: UUID | None) -> str:
        """Where whoever gives the form up goes: `titolare_id`, whom it would have changed."""
        if self.ordine is not None:
            return f"/ordini/{self.ordine}/responsabili"
        if titolare_id is not None:
            return f"/titolari/{titolare_id}"
        return f"/titolari/nuovo?per={self.per}" if self.per else "/titolari/nuovo"


For = Annotated[Errand, Query()]

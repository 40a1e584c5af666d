"""What is left of a titolare who was erased (GDPR art. 17), and what the law keeps (the domain, section 9)."""

from datetime import date, datetime
from enum import StrEnum
from typing import Final

from domain.calendar import rome_day
from domain.model import Value
from domain.titolari import Titolare

YEARS_KEPT: Final = 10
"""Art. 2220 c.c. (books and invoices) and art. 2946 c.c. (claims out of a contract)."""

NOTHING: Final = ""


class Kept(StrEnum):
    """What outlives an erasure."""

    ORDER = "order"
    """The order, its price, and the holder's name, tax ids and address: the invoice's."""
    PAPERS = "papers"
    """The contracts as they were sent, the receipt of their acceptance, and what was attached to the order."""
    APPOINTMENT = "appointment"
    """Who was responsabile: name and codice fiscale."""
    DECISION = "decision"
    """Who decided on the contract, how and when, and the mail that asked them."""
    MAIL = "mail"
    """The address of a mail that is still on its way."""


class Keeping(Value):
    """One thing that is kept, of which order, and to which day."""

    what: Kept
    number: str
    until: date


def kept_until(ended_at: datetime) -> date:
    """Ten years from the end of the year in which the last thing happened, in Rome."""
    return date(rome_day(ended_at).year + YEARS_KEPT, 12, 31)


def fields_of(titolare: Titolare) -> list[str]:
    """The personal data that a titolare has: every field but their kind."""
    return [name for name in Titolare.model_fields if name != "kind" and getattr(titolare, name) is not None]


def for_invoices(titolare: Titolare) -> Titolare:
    """A holder without what no invoice needs."""
    return titolare.model_copy(update={"phone": NOTHING, "email": NOTHING, "pec": None, "birth": None})


def for_appointments(titolare: Titolare) -> Titolare:
    """A responsabile of whom only name and codice fiscale are left."""
    kept = {"given_name", "family_name", "codice_fiscale"}
    return erased(titolare).model_copy(update=titolare.model_dump(include=kept))


def erased(titolare: Titolare) -> Titolare:
    """A record that is nobody's any more."""
    optional = {name for name, field in Titolare.model_fields.items() if not field.is_required()}
    nowhere = titolare.address.model_copy(update=dict.fromkeys(type(titolare.address).model_fields, NOTHING))
    texts = dict.fromkeys(Titolare.model_fields.keys() - optional - {"kind", "address"}, NOTHING)
    return titolare.model_copy(update={**texts, **dict.fromkeys(optional), "address": nowhere})

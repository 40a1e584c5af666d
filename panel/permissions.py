"""Why somebody may only look, in the words that stand where a button would."""

from domain.errors import OnlyPartners
from domain.users import Right
from front.problems import PROBLEMS
from panel.visitors import Visitor

NOT_ALLOWED = "il Suo ruolo non lo permette."
AS_A_GUEST = "sta guardando come il partner, senza poter cambiare nulla."


def why_not(who: Visitor, right: Right) -> str | None:
    """None if they hold the right."""
    if right in who.rights:
        return None
    return AS_A_GUEST if who.is_guest else NOT_ALLOWED


def why_not_as_partner(who: Visitor, right: Right) -> str | None:
    """The same, for what only a partner's own people do."""
    return PROBLEMS[OnlyPartners].titolo if who.is_operator else why_not(who, right)

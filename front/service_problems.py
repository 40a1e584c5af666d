"""What the errors of services say to people: a part of `front/problems.py`."""

from domain import service_errors as e
from domain.errors import DomainError
from front.problem import Problem

SERVICE_PROBLEMS: dict[type[DomainError], Problem] = {
    e.ServiceTerminated: Problem(
        409,
        "Il servizio è cessato.",
        "Non si può più rinnovare né ampliare: fare un nuovo ordine.",
        "It can't be renewed or extended any more: place a new order.",
    ),
    e.ServiceSuspended: Problem(
        409,
        "Il servizio è sospeso: va prima rinnovato.",
        "Rinnovarlo entro il {renewable_until}, poi ripetere.",
        "Renew it by {renewable_until}, then ask again.",
    ),
    e.RenewalTooEarly: Problem(
        409,
        "Il servizio non si può ancora rinnovare.",
        "Riprovare dal {renewable_from}.",
        "Try again from {renewable_from}.",
    ),
    e.ExpiryChanged: Problem(
        409,
        "La scadenza del servizio non è quella attesa.",
        "Nulla è stato addebitato. Il servizio scade il {expires_on}: forse è già stato rinnovato.",
        "Nothing was charged. The service expires on {expires_on}: it may have been renewed already.",
    ),
    e.RenewalNotAutomatic: Problem(
        409,
        "Il servizio non si rinnova più da sé, o non per tanti anni.",
        "Nulla è stato addebitato.",
        "Nothing was charged.",
    ),
    e.TermOutOfRange: Problem(
        422,
        "Il prodotto non si può rinnovare per tanti anni.",
        "Indicare da 1 a {longest_years} anni.",
        "Give 1 to {longest_years} years.",
    ),
    e.ProviderRefused: Problem(
        409,
        "Il fornitore non accetta la richiesta per questo servizio.",
        "Un operatore deve prima chiarirlo con il fornitore, che ha risposto {code}.",
        "An operator must first clear it up with the provider, who answered {code}.",
    ),
}

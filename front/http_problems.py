"""What is wrong with a request itself, in words: a part of `front/problems.py`."""

from domain.errors import DomainError
from front import errors as e
from front.problem import Problem

HTTP_PROBLEMS: dict[type[DomainError], Problem] = {
    e.InvalidRequest: Problem(
        422,
        "Alcuni campi non sono validi.",
        "Correggere i campi elencati in errors e ripetere.",
        "Mend the fields listed in errors and ask again.",
    ),
    e.MalformedBody: Problem(
        400, "Il corpo non è JSON.", "Inviare un oggetto JSON in UTF-8.", "Send a JSON object in UTF-8."
    ),
    e.MalformedForm: Problem(
        400,
        "Il modulo non è intero, o non è un modulo.",
        "Inviare multipart/form-data fino al suo delimitatore finale.",
        "Send multipart/form-data up to its closing boundary.",
    ),
    e.BodyTooLarge: Problem(
        413,
        "Il corpo è troppo grande.",
        "Inviare al massimo {limit_bytes} byte.",
        "Send {limit_bytes} bytes at most.",
    ),
    e.NotAcceptable: Problem(
        406,
        "La risorsa non esiste nel formato richiesto.",
        "Inviare Accept: {offered}.",
        "Send Accept: {offered}.",
    ),
    e.UnsupportedBody: Problem(
        415,
        "Il tipo del corpo non è ammesso.",
        "Inviare Content-Type: {expected}.",
        "Send Content-Type: {expected}.",
    ),
    e.NoSuchResource: Problem(
        404,
        "A questo indirizzo non c'è nulla.",
        "Controllare l'indirizzo in /openapi.json.",
        "Check it in /openapi.json.",
    ),
    e.MethodNotAllowed: Problem(
        405, "Metodo non ammesso.", "Controllare il metodo in /openapi.json.", "Check the method in /openapi.json."
    ),
    e.InvalidSignature: Problem(
        401,
        "La firma non è del fornitore.",
        "Firmare secondo Standard Webhooks con la chiave concordata.",
        "Sign as Standard Webhooks asks, with the agreed key.",
    ),
    e.PreconditionRequired: Problem(
        428,
        "Manca l'intestazione If-Match.",
        "Leggere la risorsa e ripetere la richiesta con il suo ETag in If-Match.",
        "Read the resource and ask again with its ETag in If-Match.",
    ),
    e.PreconditionFailed: Problem(
        412,
        "La risorsa non è più quella indicata in If-Match.",
        "Nulla è cambiato. Rileggere la risorsa e ripetere la richiesta con il suo ETag attuale.",
        "Nothing was changed. Read the resource again and ask with its present ETag.",
    ),
    e.UnexpectedError: Problem(
        500,
        "Qualcosa è andato storto da parte nostra.",
        "Ripetere la richiesta tale e quale; se non basta, rivolgersi all'assistenza.",
        "Repeat the request as it is; if that doesn't help, ask the support.",
    ),
}

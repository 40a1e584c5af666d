"""What each error says to people: the only place where errors become words."""

from domain import errors as e
from domain.errors import DomainError
from front.document_problems import DOCUMENT_PROBLEMS
from front.http_problems import HTTP_PROBLEMS
from front.money_problems import MONEY_PROBLEMS
from front.problem import Problem
from front.service_problems import SERVICE_PROBLEMS

_NEW_KEY = "Use a new key for a new request."

PROBLEMS: dict[type[DomainError], Problem] = (
    HTTP_PROBLEMS
    | SERVICE_PROBLEMS
    | MONEY_PROBLEMS
    | DOCUMENT_PROBLEMS
    | {
        e.Unauthenticated: Problem(
            401,
            "La chiave API manca, è sconosciuta o è stata revocata.",
            "Inviare Authorization: Bearer dfk_… con una chiave valida.",
            "Send Authorization: Bearer dfk_… with a valid key.",
        ),
        e.OnlyOperators: Problem(
            403, "Solo un operatore può farlo.", "Rivolgersi all'assistenza.", "Ask the support to do it."
        ),
        e.OnlyPartners: Problem(
            403,
            "Solo un partner può farlo.",
            "Usare la chiave API del partner per conto del quale si agisce.",
            "Use the API key of the partner in whose name you act.",
        ),
        e.TitolareNotFound: Problem(
            404,
            "Titolare inesistente.",
            "Controllare l'id nell'elenco dei titolari.",
            "Look its id up in /v1/titolari.",
        ),
        e.TitolareInUse: Problem(
            409,
            "Il titolare serve ancora a un ordine o a un servizio.",
            "Annullare prima l'ordine {number}, sostituirne il responsabile o attendere la fine del suo servizio.",
            "First cancel order {number}, replace its responsabile, or wait for the end of its service.",
        ),
        e.OrderNotFound: Problem(
            404, "Ordine inesistente.", "Controllare l'id nell'elenco degli ordini.", "Look its id up in /v1/orders."
        ),
        e.ServiceNotFound: Problem(
            404, "Servizio inesistente.", "Controllare l'id nell'ordine.", "Look its id up in its order."
        ),
        e.PartnerNotFound: Problem(
            404, "Partner inesistente.", "Controllare l'id del partner.", "Check the partner's id."
        ),
        e.TokenDead: Problem(
            410,
            "Il link di accettazione non è più valido.",
            "Usare il link dell'ultima e-mail ricevuta.",
            "Use the link of the newest mail.",
        ),
        e.TitolareMayNotOrder: Problem(
            422,
            "Questo titolare non può avere il prodotto richiesto.",
            "Completare prima il titolare: manca {missing}.",
            "Complete the titolare first: {missing} is missing.",
        ),
        e.InsufficientCredit: Problem(
            402,
            "Il credito del partner non copre il prezzo.",
            "Ricaricare il credito, poi ripetere con una nuova Idempotency-Key.",
            "Top the credit up, then ask again with a new Idempotency-Key.",
        ),
        e.DuplicateOpenOrder: Problem(
            409,
            "Il titolare ha già un ordine vivo per questo prodotto.",
            "Proseguire con l'ordine esistente, oppure annullarlo prima di farne un altro.",
            "Go on with the existing order, or cancel it before placing another.",
        ),
        e.PriceChanged: Problem(
            409,
            "Il prezzo non è quello atteso.",
            "Nulla è stato addebitato. Se il nuovo prezzo va bene, ripetere indicandolo con una nuova Idempotency-Key.",
            "Nothing was charged. If the new price is right, ask again with it and a new Idempotency-Key.",
        ),
        e.NoPriceList: Problem(
            503,
            "Nessun listino è in vigore.",
            "Un operatore deve caricare un listino.",
            "An operator must load a price list.",
        ),
        e.PriceListInForce: Problem(
            409,
            "Un listino entra in vigore solo in un giorno futuro.",
            "Indicare in valid_from un giorno successivo al {today}.",
            "Give a valid_from after {today}.",
        ),
        e.IdempotencyKeyMissing: Problem(
            400,
            "L'intestazione Idempotency-Key manca o non è valida.",
            "Inviare da 1 a 255 caratteri ASCII visibili, diversi per ogni richiesta.",
            "Send 1 to 255 visible ASCII characters, different for each request.",
        ),
        e.IdempotencyKeyReused: Problem(
            422, "Questa Idempotency-Key è già stata usata per un'altra richiesta.", "Usare una nuova chiave.", _NEW_KEY
        ),
        e.NotAwaitingDocuments: Problem(
            409,
            "L'ordine non è in attesa documentazione.",
            "Leggere lo stato dell'ordine: i contratti si inviano e si accettano solo in attesa documentazione.",
            "Read the order's status: contracts are sent and accepted only while it is awaiting_documents.",
        ),
        e.OrderHeld: Problem(
            409,
            "L'ordine è sospeso: il titolare non riconosce il partner.",
            "Un operatore deve prima sbloccarlo.",
            "An operator must release it first.",
        ),
        e.OrderNotHeld: Problem(
            409, "L'ordine non è sospeso.", "Non c'è nulla da sbloccare.", "There is nothing to release."
        ),
        e.ContactsChanged: Problem(
            412,
            "Nel frattempo gli indirizzi sono stati corretti, o i contratti inviati di nuovo.",
            "Nulla è cambiato. Rileggere l'ordine e ripetere la richiesta con il suo ETag attuale.",
            "Nothing was changed. Read the order again and ask with its present ETag.",
        ),
        e.TooEarlyToResend: Problem(
            409,
            "L'ultima e-mail è troppo recente.",
            "Riprovare dal {can_resend_at}.",
            "Try again from {can_resend_at}.",
        ),
        e.TooManyResends: Problem(
            409,
            "Le dieci e-mail consentite sono esaurite.",
            "Contattare il destinatario per altra via.",
            "Reach the recipient in another way.",
        ),
        e.NotAccepted: Problem(
            409,
            "Il titolare non ha accettato l'ordine.",
            "La prova esiste da quando il titolare ha accettato i contratti.",
            "There is a proof once the titolare has accepted the contracts.",
        ),
        e.ExtensionTooLong: Problem(
            409,
            "Il titolare avrebbe più tempo del massimo.",
            "Il termine per accettare non può superare {latest}.",
            "The time to accept can't go beyond {latest}.",
        ),
        e.ResponsabileNotEligible: Problem(
            422,
            "Uno dei titolari scelti non può essere responsabile.",
            "Scegliere per {role} una persona fisica con PEC e dati di nascita; per un ente pubblico, dichiarare con "
            '"internal": true che è interna all\'ente: manca {missing}.',
            "Choose a natural person with PEC and birth data for {role}; for a public body, declare by "
            '"internal": true that it is one of its own people: {missing} is missing.',
        ),
        e.ResponsabiliNotAssignable: Problem(
            409,
            "I responsabili non si possono più cambiare.",
            "Si assegnano prima dell'attivazione.",
            "They are assigned before the activation.",
        ),
        e.DocumentsClosed: Problem(
            409,
            "All'ordine non si possono più aggiungere documenti.",
            "L'ordine è annullato.",
            "The order is cancelled.",
        ),
        e.OrderNotCancellable: Problem(
            409,
            "L'ordine non si può più annullare.",
            "È già attivo o già annullato: leggerne lo stato.",
            "It is active or cancelled already: read its status.",
        ),
        e.NotActivationFailed: Problem(
            409,
            "Non c'è un'attivazione fallita da ritentare.",
            "Leggere lo stato dell'ordine.",
            "Read the order's status.",
        ),
        e.ReferenceAlreadyUsed: Problem(
            409,
            "Esiste già una ricarica con questo riferimento.",
            "Controllare i movimenti del partner.",
            "Check the partner's entries.",
        ),
        e.DatabaseUnavailable: Problem(
            503,
            "Servizio momentaneamente non disponibile.",
            "Ripetere la richiesta tale e quale.",
            "Repeat the request as it is.",
        ),
        e.EngineUnavailable: Problem(
            503,
            "Il motore degli ordini non ha risposto in tempo.",
            "Ripetere la richiesta tale e quale.",
            "Repeat the request as it is.",
        ),
        e.MailServerUnavailable: Problem(
            503, "Il server di posta non risponde.", "Riprovare più tardi.", "Try again later."
        ),
        e.ProviderUnavailable: Problem(503, "Il fornitore non risponde.", "Riprovare più tardi.", "Try again later."),
        e.TimestampUnavailable: Problem(
            503, "Il servizio di marcatura temporale non risponde.", "Riprovare più tardi.", "Try again later."
        ),
        e.SealNotValid: Problem(
            503, "Il certificato del sigillo non è valido.", "Riprovare più tardi.", "Try again later."
        ),
        e.ReceiptPending: Problem(
            503,
            "La ricevuta non è ancora sigillata.",
            "Ripetere la richiesta tale e quale tra qualche secondo.",
            "Repeat the request as it is in a few seconds.",
        ),
        e.AccountPending: Problem(503, "L'account non è ancora aperto.", "Riprovare più tardi.", "Try again later."),
    }
)

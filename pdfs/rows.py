"""What orders hold, as Italian rows of a table: a label and its words."""

from datetime import UTC, date, datetime
from typing import Any, assert_never

from domain.addresses import Address
from domain.prices import Price
from domain.products import DocflyOptions, DocflyPaOptions
from domain.titolari import NATURAL_PERSONS, Activity, Birth, Kind, Titolare
from domain.words import ITEM_NAMES, PRODUCT_NAMES, RENEWAL_MODES, euro, giorno

Row = tuple[str, str]

KINDS = {
    Kind.PERSONA_FISICA: "persona fisica",
    Kind.DITTA_INDIVIDUALE: "ditta individuale",
    Kind.LIBERO_PROFESSIONISTA: "libero professionista",
    Kind.PERSONA_GIURIDICA: "persona giuridica",
    Kind.PUBBLICA_AMMINISTRAZIONE: "pubblica amministrazione",
}
ACTIVITIES = {
    Activity.AZIENDA: "azienda",
    Activity.DITTA_INDIVIDUALE: "ditta individuale",
    Activity.LIBERO_PROFESSIONISTA: "libero professionista",
    Activity.STUDIO_ASSOCIATO: "studio associato",
}


def titolare_rows(titolare: Titolare) -> list[Row]:
    """Everything that is known of a titolare; what isn't there has no row."""
    person = titolare.kind in NATURAL_PERSONS
    rows = {
        "Denominazione": titolare.denominazione,
        "Natura": KINDS[titolare.kind],
        "Attività svolta": titolare.activity and ACTIVITIES[titolare.activity],
        "Nome e cognome" if person else "Legale rappresentante": signer(titolare),
        "Nascita" if person else "Nascita del rappresentante": titolare.birth and _birth(titolare.birth),
        "Codice fiscale": titolare.codice_fiscale,
        "Partita IVA": titolare.partita_iva,
        "Indirizzo": _address(titolare.address),
        "Telefono": titolare.phone,
        "E-mail": titolare.email,
        "PEC": titolare.pec,
        "Codice IPA": titolare.ipa_code,
        "Codice univoco ufficio": titolare.office_code,
    }
    return [(label, words) for label, words in rows.items() if words]


def signer(titolare: Titolare) -> str:
    """The person who signs: the titolare, or its legal representative."""
    return f"{titolare.given_name} {titolare.family_name}"


def _birth(birth: Birth) -> str:
    return f"{giorno(birth.date)}, {birth.place}"


def _address(address: Address) -> str:
    return f"{address.street}, {address.postal_code} {address.city} ({address.province}), {address.country}"


def option_rows(options: DocflyPaOptions | DocflyOptions) -> list[Row]:
    """What is ordered, in all: what the base bundle holds is counted in."""
    quotas = options.quotas
    rows = [
        ("Servizio", PRODUCT_NAMES[options.product]),
        ("Durata", f"{options.renewal_years} {'anno' if options.renewal_years == 1 else 'anni'}"),
        ("Rinnovo", RENEWAL_MODES[options.renewal_mode]),
        ("Spazio", f"{quotas.gb} GB"),
    ]
    match options:
        case DocflyPaOptions():
            return rows
        case DocflyOptions():
            counted = {"Utenti": quotas.users, "Archivi": quotas.archives, "Definizioni": quotas.definitions}
            return rows + [(label, str(quantity)) for label, quantity in counted.items()]
        case _:
            assert_never(options)


def price_words(price: Price) -> dict[str, Any]:
    """The price line by line: item, quantity, years, net per unit and year, net; then the sums."""
    lines = [
        (ITEM_NAMES[line.item], str(line.quantity), str(line.years), euro(line.unit_net_cents), euro(line.net_cents))
        for line in price.lines
    ]
    sums = [
        ("Imponibile", euro(price.net_cents)),
        (f"IVA {price.vat_percent}%", euro(price.vat_cents)),
        ("Totale", euro(price.total_cents)),
    ]
    return {"lines": lines, "sums": sums, "list": giorno(price.list_valid_from)}


def midnight(day: date) -> datetime:
    """The instant that stands for a day in a file's own date."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)

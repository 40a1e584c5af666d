"""The contract forms of each product: what the titolare is sent, and accepts."""

from datetime import date
from typing import Any

from domain.model import Value
from domain.prices import Price
from domain.products import DocflyOptions, DocflyPaOptions, Product
from domain.titolari import Kind, Titolare, display_name
from domain.words import PRODUCT_NAMES, giorno
from pdfs.rows import midnight, option_rows, price_words, signer, titolare_rows
from pdfs.typeset import typeset


class Contract(Value):
    """A form: the name of its template and file, and the version of its words. Other words are another version."""

    name: str
    title: str
    version: str


ORDER_FORM = Contract(name="modulo-d-ordine", title="Modulo d'ordine", version="2026-11")
SERVICE_REQUEST = Contract(
    name="richiesta-di-erogazione", title="Richiesta di erogazione del servizio", version="2026-12"
)
ONEROUS_CLAUSES = Contract(
    name="clausole-vessatorie", title="Approvazione specifica delle clausole vessatorie", version="2026-12"
)
PROCESSOR = Contract(
    name="nomina-responsabile-trattamento", title="Nomina a responsabile del trattamento", version="2026-11"
)
PRESERVATION = Contract(
    name="nomina-responsabile-conservazione", title="Nomina del responsabile della conservazione", version="2026-11"
)

CONTRACTS: dict[Product, tuple[Contract, ...]] = {
    Product.DOCFLY_PA: (ORDER_FORM, SERVICE_REQUEST, ONEROUS_CLAUSES, PROCESSOR, PRESERVATION),
    Product.DOCFLY: (ORDER_FORM, SERVICE_REQUEST, ONEROUS_CLAUSES, PROCESSOR, PRESERVATION),
}
"""The set of each product, in the order in which it is read."""


class ContractFacts(Value):
    """What the forms say of an order. Not until when it may be accepted: that may be put off, and the mail says it."""

    number: str
    placed_on: date
    options: DocflyPaOptions | DocflyOptions
    price: Price
    titolare: Titolare
    partner: str


class ContractFile(Value):
    """A form filled in: PDF/A-2b, the same to the byte for the same facts."""

    name: str
    title: str
    version: str
    content: bytes


def contract_set(facts: ContractFacts) -> tuple[ContractFile, ...]:
    """The forms of the order's product, filled in."""
    words = _words(facts)
    return tuple(_fill_in(contract, facts, words) for contract in CONTRACTS[facts.options.product])


def _words(facts: ContractFacts) -> dict[str, Any]:
    titolare = facts.titolare
    return {
        "number": facts.number,
        "placed_on": giorno(facts.placed_on),
        "product": PRODUCT_NAMES[facts.options.product],
        "partner": facts.partner,
        "holder": display_name(titolare),
        "signer": signer(titolare),
        "public": titolare.kind is Kind.PUBBLICA_AMMINISTRAZIONE,
        "titolare": titolare_rows(titolare),
        "options": option_rows(facts.options),
        "price": price_words(facts.price),
    }


def _fill_in(contract: Contract, facts: ContractFacts, words: dict[str, Any]) -> ContractFile:
    form = contract.model_dump()
    return ContractFile(
        **form, content=typeset(contract.name, at=midnight(facts.placed_on), words={**words, "form": form})
    )

"""Orders to print."""

from datetime import date
from typing import Any

from domain.prices import Item, PriceList, quote
from domain.products import DocflyOptions, DocflyPaOptions, Product, StarterKit
from domain.titolari import Titolare
from pdfs.contracts import ContractFacts, contract_set
from tests import identities

PRICES = PriceList(valid_from=date(2026, 1, 1), vat_percent=22, net_cents=dict.fromkeys(Item, 61_725), note="invented")
DOCFLY_PA = DocflyPaOptions(product=Product.DOCFLY_PA, extra_gb=3)
DOCFLY = DocflyOptions(product=Product.DOCFLY, renewal_years=2, starter_kit=StarterKit.KIT_10GB, extra_users=4)
ACCENTS = "Caffè «L'Età dell'Oro» di D'Àngelo, Müller & Żółć S.n.c."
HOSTILE = r'#import "x" #panic() *a* _b_ $c$ `d` <b> @e \u{0} // /* = == - + "}]) ~ -- ...'
LONG = "W" * 200


def titolare(**changes: Any) -> Titolare:
    return Titolare(**identities.company(**{"denominazione": ACCENTS, **changes}))


COMPANY = titolare()


def facts(options: DocflyPaOptions | DocflyOptions = DOCFLY_PA, **changes: Any) -> ContractFacts:
    given: dict[str, Any] = {
        "number": "2026-000001",
        "placed_on": date(2026, 3, 1),
        "options": options,
        "price": quote(options, under=PRICES),
        "titolare": COMPANY,
        "partner": "Studio Bianchi",
    }
    return ContractFacts(**{**given, **changes})


def contents(facts: ContractFacts) -> dict[str, bytes]:
    return {file.name: file.content for file in contract_set(facts)}

"""The contract forms: the right set, with the order's facts in it, whatever they look like."""

from pathlib import Path

import pytest

from domain.products import DocflyOptions, DocflyPaOptions, Product
from domain.titolari import Activity, Kind
from pdfs import typeset
from pdfs.contracts import CONTRACTS, contract_set
from pdfs.rows import ACTIVITIES, KINDS
from tests.pdfs.reading import pages, places, squeezed, text
from tests.pdfs.samples import DOCFLY, DOCFLY_PA, HOSTILE, LONG, contents, facts, titolare

BOTH = [
    "modulo-d-ordine",
    "richiesta-di-erogazione",
    "clausole-vessatorie",
    "nomina-responsabile-trattamento",
    "nomina-responsabile-conservazione",
]
OTHERS = {"layout", "conditions", "ricevuta-di-accettazione", "estratto-conto"}
HIGHEST, WIDEST = 842, 595 - 62
LONGEST = {
    "titolare": titolare(denominazione=LONG, given_name=LONG, family_name="Ü" * 200, pec=f"{'w' * 64}@pec.example"),
    "partner": "M" * 200,
}


def test_each_product_has_its_set() -> None:
    assert {product: [one.name for one in contracts] for product, contracts in CONTRACTS.items()} == {
        Product.DOCFLY_PA: BOTH,
        Product.DOCFLY: BOTH,
    }


def test_every_form_has_a_template_and_every_template_a_form() -> None:
    forms = {contract.name for contracts in CONTRACTS.values() for contract in contracts}
    assert {file.stem for file in Path(typeset.TEMPLATES).iterdir()} == forms | OTHERS


def test_every_kind_and_activity_has_its_words() -> None:
    assert (set(KINDS), set(ACTIVITIES)) == (set(Kind), set(Activity))


@pytest.mark.parametrize("options", [DOCFLY_PA, DOCFLY], ids=lambda options: options.product)
def test_a_set_says_whose_form_it_is_and_which(options: DocflyPaOptions | DocflyOptions) -> None:
    for file in contract_set(facts(options)):
        printed = pages(file.content)
        assert 1 <= len(printed) <= 2
        for number, page in enumerate(printed, start=1):
            assert "Ordine2026-000001" in page
            assert f"{squeezed(file.title)},versione{file.version}pagina{number}di{len(printed)}" in page
        assert "Testodiesempio" in printed[0]


def test_the_order_form_has_the_price_line_by_line() -> None:
    form = text(contents(facts(DOCFLY))["modulo-d-ordine"])
    for words in (
        *("DocFly Conservazione 1 2 617,25 € 1.234,50 €", "Utenti aggiuntivi 4 2 617,25 € 4.938,00 €"),
        *("Imponibile 7.407,00 €", "IVA 22% 1.629,54 €", "Totale 9.036,54 €"),
        *("Studio Bianchi", "01/03/2026", "Utenti 5", "Spazio 10 GB", "Rinnovo tacito"),
    ):
        assert squeezed(words) in form


def test_the_request_has_everything_that_is_known_of_the_titolare() -> None:
    whole = titolare(kind="pubblica_amministrazione", ipa_code="c_a390", office_code="UFABCD")
    form = text(contents(facts(titolare=whole))["richiesta-di-erogazione"])
    for words in (
        *(whole.denominazione, whole.codice_fiscale, whole.partita_iva, whole.email, whole.pec, whole.phone),
        *("pubblica amministrazione", "Maria Rossi", "10/12/1985, Arezzo", "c_a390", "UFABCD"),
        "Via Roma 1, 52100 Arezzo (AR), IT",
    ):
        assert squeezed(str(words)) in form


def test_clauses_keep_the_numbers_of_their_articles() -> None:
    files = contents(facts())
    for article in ("3. Durata e rinnovo.", "7. Limitazione di responsabilità.", "12. Legge applicabile"):
        assert squeezed(article) in text(files["richiesta-di-erogazione"])
        assert squeezed(article.replace(".", "", 1)) in text(files["clausole-vessatorie"])
    assert "Corrispettivi" not in text(files["clausole-vessatorie"])


@pytest.mark.parametrize("name", ["richiesta-di-erogazione", "clausole-vessatorie"])
def test_a_tacit_renewal_is_as_long_as_the_first_term(name: str) -> None:
    assert squeezed("si rinnova per la stessa durata") in text(contents(facts(DOCFLY))[name])


def test_a_public_body_names_one_of_its_own() -> None:
    public = titolare(kind="pubblica_amministrazione", ipa_code="c_a390", office_code="UFABCD")
    name = "nomina-responsabile-conservazione"
    assert "unfunzionariointerno" in text(contents(facts(DOCFLY, titolare=public))[name])
    assert "unfunzionariointerno" not in text(contents(facts(DOCFLY))[name])


def test_a_name_that_is_markup_is_printed_as_it_is() -> None:
    for content in contents(facts(DOCFLY, titolare=titolare(denominazione=HOSTILE), partner=HOSTILE)).values():
        assert squeezed(HOSTILE) in text(content)


def test_the_longest_names_stay_within_the_margins() -> None:
    for content in contents(facts(DOCFLY, **LONGEST)).values():
        assert LONG in text(content)
        assert all(0 < x <= WIDEST and 0 < y < HIGHEST for x, y in places(content))


def test_the_same_facts_are_the_same_bytes_and_others_are_not() -> None:
    assert contract_set(facts()) == contract_set(facts())
    assert not set(contents(facts()).values()) & set(contents(facts(number="2026-000002")).values())

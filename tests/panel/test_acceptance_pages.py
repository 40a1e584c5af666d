"""The acceptance page's faces, drawn without a server: whole, accessible, and proof against hostile names."""

import re
from collections import Counter
from datetime import UTC, date, datetime
from html.parser import HTMLParser

import pytest

from domain.acceptance import TICKS, Capacity
from domain.lifecycle import Status
from domain.prices import Item, PriceList, quote
from domain.products import DocflyOptions, DocflyPaOptions, Product, StarterKit
from domain.words import STATUS_LABELS
from panel import acceptance_pages as pages
from panel.acceptance_form import ERRORS, NEEDED
from panel.acceptance_pages import AcceptanceView, Printed

CENTS = dict.fromkeys(Item, 61_725)
PRICES = PriceList(valid_from=date(2026, 1, 1), vat_percent=22, net_cents=CENTS, note="invented")
DOCFLY = DocflyOptions(
    product=Product.DOCFLY, renewal_years=2, starter_kit=StarterKit.KIT_10GB, extra_users=2, extra_archives=1
)
HOSTILE = "D'Àngelo \"><script>alert(1)</script> & Figli S.r.l."
VIEW = AcceptanceView(
    number="2026-000001",
    partner="Studio Bianchi",
    holder=HOSTILE,
    options=DOCFLY,
    price=quote(DOCFLY, under=PRICES),
    accept_by=datetime(2026, 5, 30, 7, 12, 59, tzinfo=UTC),
    contracts=(Printed(name="modulo-d-ordine", title="Modulo d'ordine"),),
    address="/accept/token",
)
FORM = pages.form(VIEW, errors={}, entered={})
MENDING = pages.form(VIEW, errors=ERRORS, entered={"name": HOSTILE, "reason": HOSTILE, "contract": "on"})
PAGES: dict[str, str] = {
    "form": FORM,
    "mending": MENDING,
    "held": pages.outcome(VIEW, status=Status.AWAITING_DOCUMENTS, held=True, declined=False),
    "declined": pages.outcome(VIEW, status=Status.CANCELLED, held=False, declined=True),
    **{status.value: pages.outcome(VIEW, status=status, held=False, declined=False) for status in Status},
    "dead": pages.dead(),
    "unknown": pages.unknown(),
    "try_again": pages.try_again(),
    "overtaken": pages.overtaken(),
}


class Page(HTMLParser):
    """A page's tags with their attributes, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, *names: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag in names]

    def fields(self) -> list[dict[str, str | None]]:
        return self.all("input", "select", "textarea")


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html.partition("<main")[2]).split())


@pytest.mark.parametrize("html", PAGES.values(), ids=PAGES)
def test_every_page_keeps_to_the_policy_and_the_outline(html: str) -> None:
    page = Page(html)
    assert page.all("html") == [{"lang": "it"}]
    assert (len(page.all("h1")), len(page.all("main")), len(page.all("title"))) == (1, 1, 1)
    assert page.all("script", "style", "img", "iframe") == []
    assert all(str(one["href"]).startswith("/static/") for one in page.all("link"))
    assert not [name for _, attributes in page.tags for name in attributes if name == "style" or name.startswith("on")]
    assert set(Counter(attributes["id"] for _, attributes in page.tags if "id" in attributes).values()) <= {1}


@pytest.mark.parametrize("html", [FORM, MENDING], ids=["fresh", "after a mistake"])
def test_every_field_has_its_label_and_the_ticks_a_legend(html: str) -> None:
    page = Page(html)
    labelled = [label["for"] for label in page.all("label")]
    assert labelled == [field["id"] for field in page.fields()] == [*NEEDED, "reason"]
    assert len(page.all("fieldset")) == len(page.all("legend")) == 2
    assert [(one["name"], one["value"]) for one in page.all("button")] == [
        ("decision", "accept"),
        ("decision", "decline"),
        ("decision", "report"),
    ]


def test_nothing_is_ticked_or_chosen_in_advance() -> None:
    page = Page(FORM)
    assert [field["name"] for field in page.fields() if field.get("type") == "checkbox"] == list(TICKS)
    assert not [name for _, attributes in page.tags for name in attributes if name in {"checked", "selected"}]
    assert [option["value"] for option in page.all("option")] == ["", *Capacity]
    assert "error" not in FORM
    assert "aria-invalid" not in FORM


def test_each_error_stands_by_its_field_and_in_the_summary() -> None:
    page = Page(MENDING)
    told = {field["name"]: field.get("aria-describedby") for field in page.fields()}
    assert told == {name: f"{name}-error" for name in [*NEEDED, "reason"]}
    assert all(field["aria-invalid"] == "true" for field in page.fields())
    assert [link["href"] for link in page.all("a")] == [
        *(f"#{name}" for name in ERRORS),
        "/accept/token/contracts/modulo-d-ordine",
    ]
    identified = {attributes.get("id") for _, attributes in page.tags}
    assert identified >= {place for name in ERRORS for place in (name, f"{name}-error")}
    for said in ERRORS.values():
        assert MENDING.count(said) == 2
    assert "<title>Errore: " in MENDING


def test_what_was_entered_is_kept() -> None:
    entered = {"contract": "on", "privacy": "perhaps", "name": "Maria Rossi", "capacity": "delegate", "reason": "No"}
    html = pages.form(VIEW, errors={"clauses": "x"}, entered=entered)
    page = Page(html)
    assert [field["name"] for field in page.fields() if "checked" in field] == ["contract"]
    assert [option["value"] for option in page.all("option") if "selected" in option] == ["delegate"]
    assert 'value="Maria Rossi"' in html
    assert ">No</textarea>" in html


@pytest.mark.parametrize("html", [PAGES[name] for name in ("form", "mending", "active")])
def test_a_hostile_name_is_only_words(html: str) -> None:
    assert "<script" not in html
    assert "D&#39;Àngelo &#34;&gt;&lt;script&gt;" in html


def test_it_says_who_ordered_what_until_when_for_how_much() -> None:
    said = words(FORM)
    for some in (
        "Studio Bianchi ha ordinato",
        "DocFly Conservazione",
        "fino alle ore 09:12 del 30/05/2026",
        "Ordine 2026-000001",
        "Durata 2 anni, rinnovo tacito",
        "Spazio 10 GB Utenti 3 Archivi 2 Definizioni 2",
        "Starter kit 10 GB 1 1.234,50 €",
        "Utenti aggiuntivi 2 2.469,00 €",
        "Imponibile 6.172,50 €",
        "IVA 22% 1.357,95 €",
        "Totale 7.530,45 €",
    ):
        assert some in said


def test_docfly_pa_has_neither_archives_nor_definitions() -> None:
    options = DocflyPaOptions(product=Product.DOCFLY_PA, extra_gb=4)
    said = words(
        pages.form(
            VIEW.model_copy(update={"options": options, "price": quote(options, under=PRICES)}), errors={}, entered={}
        )
    )
    assert "Durata 1 anno, rinnovo tacito Spazio 5 GB Prezzo" in said
    assert "Archivi" not in said


@pytest.mark.parametrize("status", Status)
def test_an_outcome_says_where_the_order_stands(status: Status) -> None:
    assert f"ora è: {STATUS_LABELS[status]} ." in words(PAGES[status])


@pytest.mark.parametrize(
    ("name", "next_step"),
    [
        ("held", "è sospeso"),
        ("declined", "è annullato"),
        (Status.AWAITING_RESPONSABILE, "deve ancora indicare i responsabili"),
        (Status.ACTIVATING, "credenziali arriveranno"),
        (Status.ACTIVATION_FAILED, "operatore se ne sta occupando"),
        (Status.ACTIVE, "credenziali sono state inviate"),
        (Status.CANCELLED, "non avrà seguito"),
        ("dead", "l'ultima e-mail"),
        ("unknown", "copiato per intero"),
        ("try_again", "Nulla è andato perso"),
        ("overtaken", "sta cambiando in questo momento"),
    ],
)
def test_a_page_says_what_happens_next(name: str, next_step: str) -> None:
    assert next_step in words(PAGES[name])

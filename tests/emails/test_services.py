"""The mails of a service's life, from the words that stand in rows: every fact told, proof against hostile names."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from activities import service_letters
from domain.mails import MailKind
from domain.products import Product
from domain.service_mails import PARTNER_WORDS, SERVICE_WORDS, PartnerWords, ServiceWords
from emails.services import About
from tests.emails.test_orders import CAUSE, ENVELOPE, HOLDER, parts

ORDER, OTHER = UUID(int=1), UUID(int=2)
EXPIRY, GRACE = {"expires_on": "2027-03-10"}, "2027-06-08"
ABOUT = About(number="2026-000001", holder=HOLDER, product=Product.DOCFLY)
ORDERS = {
    ORDER: ABOUT,
    OTHER: About(number="2026-000002", holder="Comune di Arezzo", product=Product.DOCFLY_PA),
}
WORDS: dict[MailKind, dict[str, Any]] = {
    MailKind.EXPIRY_NOTICE: {
        **EXPIRY,
        "days_left": 30,
        "renewal_mode": "automatic",
        "renews_on": "2027-03-03",
        "years": 2,
        "price_cents": 123450,
        "renewable_until": GRACE,
    },
    MailKind.RENEWED: {"expires_on": "2029-03-10", "years": 2, "price_cents": 123450, "asked_by": "system"},
    MailKind.SUSPENDED: {**EXPIRY, "renewable_until": GRACE},
    MailKind.EXPORT_OFFER: {**EXPIRY, "ends_on": GRACE},
    MailKind.TERMINATED: {**EXPIRY, "ended_on": GRACE},
    MailKind.SPACE_WARNING: {
        "level": "nearly_full",
        "gb": 5,
        "used_bytes": 3_599_999_999,
        "full_on": "2027-01-31",
    },
    MailKind.RENEWAL_FAILED: {
        "missing_cents": 1600,
        "balance_cents": 5000,
        "left_out": [
            {"order_id": str(ORDER), "expires_on": "2027-03-10", "price_cents": 3600, "renewable_until": None},
            {
                "order_id": str(OTHER),
                "expires_on": "2027-03-12",
                "price_cents": 123450,
                "renewable_until": "2027-06-10",
            },
        ],
    },
    MailKind.LOW_CREDIT: {
        "why": "threshold",
        "balance_cents": 900,
        "threshold_cents": 10000,
        "next_30_days_cents": 123450,
    },
}
"""As they stand in rows: a change that these no longer fit is no change to make."""

NAMES = ("2026-000001", HOLDER.split("\r")[0], "DocFly Conservazione")
FACTS: dict[MailKind, tuple[str, ...]] = {
    MailKind.EXPIRY_NOTICE: (
        *NAMES, "fra 30 giorni", "10/03/2027", "tacito", "dal 03/03/2027", "2 anni", "1.234,50 €", "08/06/2027",
    ),
    MailKind.RENEWED: (*NAMES, "10/03/2029", "2 anni", "1.234,50 €", "rinnovo tacito"),
    MailKind.SUSPENDED: (*NAMES, "10/03/2027", "sospeso", "entro il 08/06/2027"),
    MailKind.EXPORT_OFFER: (*NAMES, "10/03/2027", "sospeso", "08/06/2027", "rinnovarlo", "esportare"),
    MailKind.TERMINATED: (*NAMES, "10/03/2027", "08/06/2027", "cessato definitivamente"),
    MailKind.SPACE_WARNING: (*NAMES, "3,5 GB su 5 GB", "70%", "si esaurirà il 31/01/2027"),
    MailKind.RENEWAL_FAILED: (
        *NAMES, "Studio Bianchi", "10/03/2027, 36,00 €", "2026-000002", "Comune di Arezzo", "DocFly Fatturazione PA",
        "12/03/2027, 1.234,50 €", "credito è di 50,00 €", "mancano 16,00 €", "era l'ultimo tentativo automatico",
        "chieda il rinnovo entro il 10/06/2027", "gli altri li ritentiamo da domani", "90 giorni",
    ),
    MailKind.LOW_CREDIT: ("Studio Bianchi", "sceso a 9,00 €", "soglia scelta di 100,00 €", "1.234,50 €"),
}  # fmt: skip


def mail(kind: MailKind, *, about: About = ABOUT, partner: str = "Studio Bianchi", **changes: object) -> EmailMessage:
    words = WORDS[kind] | changes
    if kind in PARTNER_WORDS:
        orders = {order_id: ORDERS[order_id] for order_id in service_letters.told_of(kind, words)}
        return service_letters.about_partner(kind, ENVELOPE, words=words, partner=partner, orders=orders)
    return service_letters.about_service(kind, ENVELOPE, words=words, **about._asdict())


def text(kind: MailKind, **changes: object) -> str:
    return parts(mail(kind, **changes))[0]  # type: ignore[arg-type] # what a row may hold


@pytest.mark.parametrize("kind", WORDS)
def test_every_fact_is_in_both_parts(kind: MailKind) -> None:
    told, html = parts(mail(kind))
    for fact in FACTS[kind]:
        assert fact in told
        assert fact in unescape(html)
    assert "\n\n\n" not in told


@pytest.mark.parametrize("kind", WORDS)
def test_a_hostile_name_breaks_nothing(kind: MailKind) -> None:
    message = mail(kind, partner=HOLDER)
    assert "<script>" not in parts(message)[1]
    assert "&lt;script&gt;" in parts(message)[1]
    head = message.as_bytes().partition(b"\r\n\r\n")[0]
    assert head.isascii()
    assert b"\nBcc" not in head
    assert message_from_bytes(message.as_bytes(), policy=default).keys() == message.keys()


@pytest.mark.parametrize("kind", WORDS)
def test_it_is_the_same_to_the_byte_when_it_is_sent_again(kind: MailKind) -> None:
    assert mail(kind).as_bytes() == mail(kind).as_bytes()
    assert mail(kind)["Message-ID"] == f"<{CAUSE}@pec.docfly.invalid>"


@pytest.mark.parametrize("kind", WORDS)
def test_the_words_of_a_row_are_read_and_written_alike(kind: MailKind) -> None:
    model = (SERVICE_WORDS | PARTNER_WORDS)[kind]
    assert model.model_validate(WORDS[kind]).model_dump(mode="json") == WORDS[kind]


def test_every_mail_with_words_has_a_sample_here() -> None:
    assert WORDS.keys() == SERVICE_WORDS.keys() | PARTNER_WORDS.keys() == FACTS.keys()
    assert not SERVICE_WORDS.keys() & PARTNER_WORDS.keys()


@given(said=st.from_type(ServiceWords | PartnerWords), name=st.text(min_size=1))  # type: ignore[arg-type] # a union
def test_whatever_the_facts_there_is_a_mail(said: ServiceWords | PartnerWords, name: str) -> None:
    words = TypeAdapter(dict[str, Any]).validate_json(said.model_dump_json())
    (kind,) = (kind for kind, model in (SERVICE_WORDS | PARTNER_WORDS).items() if isinstance(said, model))
    about = About(number="2026-000001", holder=name, product=Product.DOCFLY)
    if kind in SERVICE_WORDS:
        message = service_letters.about_service(kind, ENVELOPE, words=words, **about._asdict())
    else:
        orders = dict.fromkeys(service_letters.told_of(kind, words), about)
        message = service_letters.about_partner(kind, ENVELOPE, words=words, partner=name, orders=orders)
    assert message_from_bytes(message.as_bytes(), policy=default).keys() == message.keys()
    assert all(parts(message))


@pytest.mark.parametrize(("days", "when"), [(0, "oggi"), (1, "domani"), (90, "fra 90 giorni")])
def test_it_says_how_many_days_are_left(days: int, when: str) -> None:
    assert f"scade {when}, il 10/03/2027" in text(MailKind.EXPIRY_NOTICE, days_left=days)


def test_a_renewal_on_request_has_to_be_asked_for() -> None:
    told = text(MailKind.EXPIRY_NOTICE, renewal_mode="on_request", renews_on=None, years=1)
    assert "Il rinnovo è a scadenza: va chiesto, e si può fare già ora, per 1 anno a 1.234,50 € (IVA inclusa)." in told
    assert "non occorre fare altro" not in told


@pytest.mark.parametrize(("asker", "words"), [("partner", "come richiesto"), ("operator", "richiesta di un operatore")])
def test_it_says_who_asked_for_the_renewal(asker: str, words: str) -> None:
    assert words in text(MailKind.RENEWED, asked_by=asker)


def test_what_is_full_is_read_only_now() -> None:
    message = mail(MailKind.SPACE_WARNING, level="full", used_bytes=5 * 10**9, full_on="2027-01-01")
    assert message["Subject"].startswith("Spazio esaurito: ordine 2026-000001")
    told, _ = parts(message)
    assert "5,0 GB su 5 GB" in told
    assert "Ora è in sola lettura" in told
    assert "si esaurirà" not in told


def test_without_a_forecast_none_is_told() -> None:
    assert "si esaurirà" not in text(MailKind.SPACE_WARNING, full_on=None)


def test_a_credit_too_low_for_what_is_to_come_says_by_how_much() -> None:
    told = text(MailKind.LOW_CREDIT, why="forecast", threshold_cents=500)
    assert "il credito è di 9,00 € (soglia scelta: 5,00 €), ma i rinnovi taciti dei prossimi 30 giorni" in told
    assert "ne richiedono 1.234,50 €: mancano 1.225,50 €." in told
    assert "soglia" not in text(MailKind.LOW_CREDIT, why="forecast", threshold_cents=None)


def test_a_credit_below_its_threshold_may_have_no_renewals_to_come() -> None:
    assert "non sono previsti rinnovi taciti" in text(MailKind.LOW_CREDIT, next_30_days_cents=0)


def test_one_renewal_is_told_of_in_the_singular() -> None:
    message = mail(MailKind.RENEWAL_FAILED, left_out=WORDS[MailKind.RENEWAL_FAILED]["left_out"][:1])
    assert message["Subject"] == "Rinnovo non riuscito: mancano 16,00 €"
    assert "il credito non basta per questo rinnovo:" in parts(message)[0]


@pytest.mark.parametrize(
    ("until", "said", "left_unsaid"),
    [
        ({}, "Basta ricaricarlo: da domani ritentiamo ogni giorno", "ultimo tentativo"),  # queued before there was more
        ({"renewable_until": None}, "Basta ricaricarlo: da domani ritentiamo ogni giorno", "ultimo tentativo"),
        ({"renewable_until": "2027-06-08"}, "dopo la ricarica chieda il rinnovo entro il 08/06/2027", "domani"),
    ],
)
def test_no_further_try_is_promised_after_the_last(until: dict[str, str | None], said: str, left_unsaid: str) -> None:
    one = {"order_id": str(ORDER), "expires_on": "2027-03-10", "price_cents": 3600, **until}
    told = text(MailKind.RENEWAL_FAILED, left_out=[one])
    assert said in told
    assert left_unsaid not in told


def test_a_mail_about_a_partner_that_tells_of_no_service_needs_no_names() -> None:
    assert service_letters.told_of(MailKind.LOW_CREDIT, WORDS[MailKind.LOW_CREDIT]) == []

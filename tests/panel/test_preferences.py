"""*Impostazioni*: the same settings as the API's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel.fields import cents_of
from panel.visitors import HOME
from tests.panel.browsing import Browser, filled_in
from tests.personas import Partner

GOOD = {
    "notification_addresses": "uno@partner.example\n due@PARTNER.example uno@partner.example",
    "low_credit_threshold": "1.050,5",
    "renewal_priority": "cheapest_first",
    "reminder_days": "20, 5 5",
}


async def test_what_is_set_here_the_api_tells(anna: Browser, bianchi: Partner) -> None:
    assert (await anna.send("/impostazioni", **GOOD)).status_code == 303
    told = (await bianchi.get("/v1/partner")).json()
    assert told == {
        "notification_addresses": ["uno@partner.example", "due@partner.example"],
        "low_credit_threshold": {"amount": "1050.50", "currency": "EUR"},
        "renewal_priority": "cheapest_first",
        "reminder_days": [5, 20],
    }
    shown = (await anna.get("/impostazioni")).text
    assert 'value="1050,50"' in shown
    assert 'value="5, 20"' in shown
    assert (await anna.send("/impostazioni", **{**GOOD, "low_credit_threshold": ""})).status_code == 303
    assert (await bianchi.get("/v1/partner")).json()["low_credit_threshold"] is None


async def test_success_is_said_once_and_a_refusal_is_none(anna: Browser) -> None:
    said, address = "L'operazione si è conclusa con successo.", f"{HOME}/impostazioni"
    form = {**filled_in((await anna.get("/impostazioni")).text), **GOOD}
    assert (await anna.http.post(address, data=form)).status_code == 303
    refused = await anna.http.post(address, data={**form, "reminder_days": "0"})
    assert (refused.status_code, said in refused.text) == (422, False)
    assert [said in (await anna.get("/impostazioni")).text for _ in range(2)] == [True, False]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("notification_addresses", ""),
        ("notification_addresses", "nessuno"),
        ("notification_addresses", "\n".join(f"a{n}@partner.example" for n in range(11))),
        ("low_credit_threshold", "10.5"),
        ("low_credit_threshold", "-1"),
        ("low_credit_threshold", "molto"),
        ("low_credit_threshold", "0"),
        ("reminder_days", "0"),
        ("reminder_days", "cinque"),
        ("reminder_days", "90"),
    ],
)
async def test_what_is_wrong_is_said_beside_its_field(anna: Browser, bianchi: Partner, field: str, value: str) -> None:
    before = (await bianchi.get("/v1/partner")).json()
    answer = await anna.send("/impostazioni", **{**GOOD, field: value})
    assert (answer.status_code, f'id="{field}-error"' in answer.text) == (422, True)
    assert (await bianchi.get("/v1/partner")).json() == before


async def test_nobody_overwrites_what_somebody_else_has_changed(anna: Browser, bianchi: Partner) -> None:
    form = {**filled_in((await anna.get("/impostazioni")).text), **GOOD}
    assert (await anna.send("/impostazioni", **{**GOOD, "low_credit_threshold": "70"})).status_code == 303
    late = await anna.http.post(f"{HOME}/impostazioni", data=form)
    assert (late.status_code, "Nel frattempo un altro" in late.text) == (409, True)
    assert (await bianchi.get("/v1/partner")).json()["low_credit_threshold"]["amount"] == "70.00"
    again = {**form, "seen": filled_in(late.text)["seen"]}
    assert (await anna.http.post(f"{HOME}/impostazioni", data=again)).status_code == 303
    assert (await bianchi.get("/v1/partner")).json()["low_credit_threshold"]["amount"] == "1050.50"


async def test_a_double_click_is_one(anna: Browser) -> None:
    form = {**filled_in((await anna.get("/impostazioni")).text), **GOOD}
    assert [(await anna.http.post(f"{HOME}/impostazioni", data=form)).status_code for _ in range(2)] == [303, 303]


@given(st.integers(1, 99_999_999_999))
def test_an_amount_is_read_as_italians_write_it(cents: int) -> None:
    euros, rest = divmod(cents, 100)
    assert cents_of(f"{euros},{rest:02d}") == cents
    assert cents_of(f"{euros:,}".replace(",", ".") + f",{rest:02d}") == cents


@pytest.mark.parametrize("amount", ["", "1.5", "1,234.50", "1 000", "\u0661", "1,", "1e3", "00,00", "1.0000"])
def test_what_is_no_amount_is_none(amount: str) -> None:
    assert cents_of(amount) is None

"""What else people do in a real browser, with JavaScript and without: also in haste, and back again."""

import re
from datetime import timedelta
from uuid import UUID

import pyotp
from playwright.async_api import Page, expect
from sqlalchemy import text

from panel.titolare_form import FIELDS
from panel.visitors import HOME, SECURITY
from tests import identities
from tests.panel.browsing import FACTOR, PASSWORD, Browser
from tests.panel.eyes import enter
from tests.panel.histories import with_history
from tests.panel.test_second_factor import code
from tests.panel.test_titolari import flat
from tests.personas import Partner, Stage
from tests.services import in_days, many_services


async def test_a_new_titolare_in_the_wizard_in_haste_and_back_again(page: Page, stage: Stage, bianchi: Partner) -> None:
    company = flat(identities.company())
    await enter(page, stage, bianchi)
    await page.goto(f"{HOME}/docfly")
    await page.get_by_role("link", name="Nuovo").click()
    await page.get_by_role("link", name="Nuovo titolare").click()
    await page.get_by_role("link", name="persona giuridica").click()
    for name, label in FIELDS.items():
        if name in company:
            await page.get_by_label(label, exact=False).first.fill(company[name])
    await page.get_by_label("Attività svolta").select_option("azienda")
    await page.get_by_label("Sesso").select_option("femminile")
    await page.get_by_role("button", name="Conferma").dblclick()
    await expect(page.get_by_text(company["partita_iva"]).first).to_be_visible()
    await page.get_by_label("Starter Kit").select_option("5 GB")
    await page.get_by_role("button", name="Avanti").click()
    await page.get_by_label("Archivi aggiuntivi").fill("2")
    await page.go_back()
    await expect(page.get_by_label("Starter Kit")).to_have_value("kit_5gb")
    await page.get_by_role("button", name="Avanti").click()
    await page.get_by_role("button", name="Avanti").click()
    await page.get_by_role("button", name="Conferma").dblclick()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Responsabili dell'ordine")
    paid = await bianchi.balance()
    await page.go_back()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Già fatto")
    await expect(page.get_by_role("button", name="Conferma")).to_have_count(0)
    assert len((await bianchi.get("/v1/titolari")).json()["items"]) == 1
    assert len((await bianchi.get("/v1/orders")).json()["items"]) == 1
    assert await bianchi.balance() == paid != "1000.00"


async def test_contracts_sent_again_are_accepted_by_the_newest_link(page: Page, stage: Stage, bianchi: Partner) -> None:
    order_id = await bianchi.placed()
    await bianchi.links(order_id)
    await a_quarter_of_an_hour_later(stage, order_id)
    await enter(page, stage, bianchi)
    await page.goto(f"{HOME}/ordini/{order_id}")
    await page.get_by_role("link", name="Invia Email Accettazione Contratti").click()
    await page.get_by_role("button", name="Conferma").dblclick()
    await expect(page.get_by_text("Email di accettazione inviata di nuovo (partner)")).to_have_count(1)
    old, new = await bianchi.links(order_id, at_least=2)
    await page.goto(old)
    await expect(page.get_by_text("l'ultima e-mail")).to_be_visible()
    await page.goto(new)
    for tick in await page.get_by_role("checkbox").all():
        await tick.check()
    await page.get_by_label("Nome e cognome").fill("Maria Rossi")
    await page.get_by_label("In qualità di").select_option("legal_representative")
    await page.get_by_role("button", name="Accetto i contratti").dblclick()
    accepted = page.get_by_role("heading", level=1, name="Contratti accettati")
    await expect(accepted).to_be_visible()
    await expect(page.get_by_role("link", name="Ricevuta di accettazione")).to_be_visible()
    await page.go_back()
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    await bianchi.assign(order_id)
    await bianchi.until(order_id, "active")
    await page.goto(new)
    await expect(accepted).to_be_visible()
    await expect(page.get_by_text("attivo", exact=True)).to_be_visible()
    assert (await bianchi.timeline(order_id)).count("contract_accepted") == 1


async def a_quarter_of_an_hour_later(stage: Stage, order_id: str) -> None:
    """For the workflow, and for who looks at the first mail."""
    await stage.fast_forward(order_id, days=timedelta(minutes=16) / timedelta(days=1))
    async with stage.sessions.begin() as session:
        earlier = text("update mails set at = at - interval '16 minutes' where order_id = :id")
        await session.execute(earlier, {"id": UUID(order_id)})


async def test_storage_its_histories_and_a_months_statement(page: Page, stage: Stage, bianchi: Partner) -> None:
    (row,) = await many_services(stage, bianchi, number=1, expires_on=in_days)
    await with_history(stage, row)
    number = (await bianchi.order(str(row.order_id)))["number"]
    await enter(page, stage, bianchi)
    await page.goto(f"{HOME}/storage")
    await page.get_by_role("link", name=number).click()
    await page.get_by_role("link", name="Associazione Storage").click()
    await expect(page.get_by_role("link", name=number)).to_be_visible()
    await page.get_by_role("link", name="Storico Spazio GB").click()
    await expect(page.get_by_role("row", name="partner")).to_have_count(2)
    await page.get_by_role("link", name="Storico Rinnovi").click()
    await expect(page.get_by_role("cell", name="rinnovato")).to_be_visible()
    await expect(page.get_by_role("cell", name="non riuscito: credito insufficiente")).to_be_visible()
    assert await saved_by(page, "Esporta in CSV") == "rinnovi.csv"
    await page.get_by_role("link", name="Credito", exact=True).click()
    assert await saved_by(page, re.compile("PDF$")) == f"estratto-conto-{in_days(0):%Y-%m}.pdf"


async def saved_by(page: Page, name: str | re.Pattern[str]) -> str:
    """The name of the file that the first such link saves."""
    async with page.expect_download() as saving:
        await page.get_by_role("link", name=name).first.click()
    return (await saving.value).suggested_filename


async def test_a_second_factor_is_turned_on_and_asked_for(page: Page, stage: Stage, bianchi: Partner) -> None:
    await enter(page, stage, bianchi)
    await page.get_by_role("link", name="utente-").click()
    login, secret = await page.get_by_role("link", name="utente-").inner_text(), await page.locator("code").inner_text()
    await page.get_by_label("La Sua password").fill(PASSWORD)
    await page.get_by_label("Codice di sei cifre").fill(code(secret))
    await page.get_by_role("button", name="Attiva").dblclick()
    await expect(page.get_by_text("È attivo.")).to_be_visible()
    await page.get_by_role("button", name="Esci", exact=True).click()
    await sign_in(page, login, "")
    await expect(page.get_by_role("alert")).to_have_text("Utente, password o codice errati.")
    await sign_in(page, login, code(secret, steps=1))
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Studio Bianchi")
    await page.goto(SECURITY)
    await page.get_by_label("La Sua password").fill(PASSWORD)
    await page.get_by_label("Codice di sei cifre").first.fill("000000")
    await page.get_by_role("button", name="Disattiva").click()
    await expect(page.get_by_text("Password o codice errati")).to_be_visible()


async def sign_in(page: Page, login: str, code: str) -> None:
    await page.get_by_label("Utente").fill(login)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_label("Codice di sei cifre").fill(code)
    await page.get_by_role("button", name="Entra").click()


async def test_an_operator_cancels_and_says_why(page: Page, ugo: Browser, bianchi: Partner) -> None:
    number = (await bianchi.order(await bianchi.placed()))["number"]
    await page.goto(f"{HOME}/docfly-pa")
    await sign_in(page, ugo.login, pyotp.TOTP(FACTOR).now())
    await page.get_by_label("Cerca").fill(number)
    await page.get_by_role("button", name="Cerca").click()
    await page.get_by_role("link", name=number).click()
    await page.get_by_role("link", name="Cancella Richiesta Attivazione").click()
    await page.get_by_label("Motivo").fill("chiesto al telefono")
    await page.get_by_role("button", name="Conferma").dblclick()
    await expect(page.get_by_role("status").last).to_contain_text("annullato")
    await expect(page.get_by_text("(operatore): «chiesto al telefono»")).to_have_count(1)
    assert await bianchi.balance() == "1000.00"

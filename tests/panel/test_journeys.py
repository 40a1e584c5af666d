"""The guide's journeys in a real browser, with JavaScript and without."""

import re
from uuid import uuid4

from playwright.async_api import FilePayload, Page, expect

from panel.visitors import HOME
from tests import identities
from tests.panel.eyes import enter
from tests.personas import Partner, Stage
from tests.samples import pdf


async def test_docfly_pa_from_the_menu_to_cancelled(page: Page, stage: Stage, bianchi: Partner) -> None:
    holder = await bianchi.titolare()
    await enter(page, stage, bianchi)
    await page.get_by_text("Ordini DocFly", exact=True).click()
    await page.get_by_role("link", name="Docfly PA", exact=True).click()
    await page.get_by_role("link", name="Acquista DocFly PA").click()
    await page.get_by_label("Cerca").fill(holder["partita_iva"])
    await page.get_by_role("button", name="Cerca").click()
    await page.get_by_role("link", name="Rossi & Figli S.r.l.").click()
    await page.get_by_label("GB aggiuntivi").fill("2")
    await page.get_by_role("button", name="Avanti").click()
    await expect(page.get_by_role("row", name="Totale")).to_contain_text("32,94 €")
    await page.get_by_role("button", name="Conferma").click()
    await expect(page.get_by_role("status").first).to_have_text("L'operazione si è conclusa con successo.")
    await expect(page.get_by_role("status").last).to_contain_text("Aspettiamo che il titolare accetti i contratti")
    await page.get_by_role("link", name="Cancella Richiesta Attivazione").click()
    await page.get_by_label("Motivo").fill("doppione")
    await page.get_by_role("button", name="Conferma").click()
    await expect(page.get_by_role("status").last).to_contain_text("annullato")
    assert await bianchi.balance() == "1000.00"


async def test_docfly_from_nuovo_to_active(page: Page, stage: Stage, bianchi: Partner) -> None:
    holder, person = await bianchi.titolare(), await bianchi.titolare(identities.person())
    await enter(page, stage, bianchi)
    await page.get_by_text("Ordini DocFly", exact=True).click()
    await page.get_by_role("link", name="Docfly", exact=True).click()
    await page.get_by_role("link", name="Nuovo").click()
    await page.get_by_label("Cerca").fill(holder["partita_iva"])
    await page.get_by_role("button", name="Cerca").click()
    await page.get_by_role("link", name="Rossi & Figli S.r.l.").click()
    await page.get_by_label("Tipologia Rinnovo").select_option("3 anni")
    await page.get_by_label("Modo di rinnovo").select_option("a scadenza")
    await page.get_by_label("Starter Kit").select_option("5 GB")
    await page.get_by_role("button", name="Avanti").click()
    await page.get_by_label("Utenti aggiuntivi").fill("1")
    await page.get_by_role("button", name="Avanti").click()
    await page.get_by_role("button", name="Conferma").click()
    await expect(page.get_by_text("Occorre specificare un responsabile della conservazione")).to_be_visible()
    for role in ("Responsabile della conservazione", "Responsabile della produzione"):
        await page.get_by_label(role).select_option(person["id"])
    await page.get_by_role("button", name="Conferma").click()
    await page.wait_for_url(re.compile(r"/ordini/[0-9a-f-]{36}$"))
    order_id = page.url.rpartition("/")[2]
    await bianchi.decide(order_id)
    await bianchi.until(order_id, "active")
    if not await page.evaluate("typeof htmx !== 'undefined'"):
        await page.reload()  # with scripts the page follows by itself
    await expect(page.get_by_role("status").last).to_contain_text("Il servizio è attivo.", timeout=15_000)
    await expect(page.get_by_text("Servizio attivato (fornitore)")).to_be_visible()
    await expect(page.get_by_role("link", name="Prova dell'accettazione")).to_be_visible()


async def test_space_is_bought_and_a_document_attached(page: Page, stage: Stage, bianchi: Partner) -> None:
    order_id = await bianchi.activated("docfly")
    await enter(page, stage, bianchi)
    await page.goto(f"{HOME}/ordini/{order_id}")
    await page.get_by_role("link", name="Acquista spazio").click()
    await page.get_by_label("GB da aggiungere").fill("2")
    await page.get_by_role("button", name="Calcola il prezzo").click()
    await page.get_by_role("button", name="Conferma").click()
    await expect(page.get_by_role("heading", name="Storico Spazio GB")).to_be_visible()
    await page.get_by_role("link", name="Responsabili", exact=True).click()
    paper = FilePayload(name="delega.pdf", mimeType="application/pdf", buffer=pdf())
    await page.get_by_label("All'ordine").set_input_files(paper)
    await page.get_by_role("button", name="Allega").first.click()
    await expect(page.get_by_role("link", name="delega.pdf")).to_be_visible()
    await page.get_by_role("link", name="Associazione Storage").click()
    await expect(page.get_by_role("cell", name="attivo", exact=True)).to_be_visible()


async def test_an_owner_adds_a_colleague_and_a_key(page: Page, stage: Stage, bianchi: Partner) -> None:
    await enter(page, stage, bianchi)
    await page.get_by_role("link", name="Impostazioni").click()
    await page.get_by_role("link", name="Utenti").click()
    login = f"carla-{uuid4().hex[:12]}"
    await page.get_by_label("Nome utente").fill(login)
    await page.get_by_label("Ruolo").select_option("orders")
    await page.get_by_role("button", name="Crea").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text(login)
    await page.get_by_role("link", name="Utenti").click()
    await expect(page.get_by_role("link", name=login)).to_be_visible()
    await page.get_by_role("link", name="Chiavi API").click()
    await page.get_by_label("Nome, per riconoscerla").fill("gestionale")
    await page.get_by_role("button", name="Crea").click()
    await expect(page.get_by_text("dfk_")).to_be_visible()

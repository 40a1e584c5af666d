"""Every page of the panel, as somebody of Studio Bianchi meets it: for axe, for pictures, for other partners."""

from urllib.parse import urlencode
from uuid import uuid4

from domain.titolari import Kind
from tests import identities
from tests.panel.histories import with_history
from tests.personas import Partner
from tests.services import in_days, many_services
from tests.simulators.hands import Provider
from tests.workflows.test_order_provider import through_the_gates


async def addresses(bianchi: Partner) -> dict[str, str]:
    """By a name that a file can have: the addresses below HOME, filled with the partner's own things."""
    active = await bianchi.activated("docfly")
    order_id = await bianchi.placed()
    holder = (await bianchi.order(order_id))["titolare"]["id"]
    titolare = urlencode({"titolare": holder})
    person = (await bianchi.titolare(identities.person()))["id"]
    live = (await bianchi.order(active))["titolare"]["id"]
    (old,) = await many_services(bianchi.stage, bianchi, number=1, expires_on=in_days)
    await with_history(bianchi.stage, old, file_name="=1+1.pdf")
    return {
        "home": "/",
        "docfly-pa": "/docfly-pa",
        "docfly-empty": "/docfly?q=niente",
        "buy-titolare": "/docfly-pa/acquista",
        "buy-titolare-none": "/docfly/acquista?q=niente",
        "buy-options-pa": f"/docfly-pa/acquista/opzioni?{titolare}",
        "buy-options": f"/docfly/acquista/opzioni?{titolare}",
        "buy-extras": f"/docfly/acquista/extra?{titolare}",
        "buy-incomplete": f"/docfly/acquista/opzioni?titolare={person}",
        "buy-duplicate": f"/docfly/acquista/opzioni?titolare={live}",
        "buy-confirm": f"/docfly-pa/acquista/conferma?{titolare}&key={uuid4()}",
        "home-draft": "/",
        "order": f"/ordini/{order_id}",
        "order-storage": f"/ordini/{order_id}/associazione-storage",
        "order-renewals": f"/ordini/{active}/rinnovi",
        "order-space": f"/ordini/{active}/spazio",
        "order-documents": f"/ordini/{active}/documenti",
        "order-active": f"/ordini/{active}",
        "renewal-mode": f"/ordini/{active}/modo-rinnovo",
        "renewal-mode-other": f"/ordini/{active}/modo-rinnovo?renewal_mode=on_request",
        "buy-space": f"/ordini/{active}/acquista-spazio?gb=2&key={uuid4()}",
        "order-storage-filled": f"/ordini/{old.order_id}/associazione-storage",
        "order-renewals-filled": f"/ordini/{old.order_id}/rinnovi",
        "order-space-filled": f"/ordini/{old.order_id}/spazio",
        "order-documents-filled": f"/ordini/{old.order_id}/documenti",
        "storage": "/storage",
        "credit": "/credito",
        "resend": f"/ordini/{order_id}/invia-email",
        "cancel": f"/ordini/{order_id}/cancella",
        "responsabili": f"/ordini/{order_id}/responsabili",
        "responsabili-none": f"/ordini/{order_id}/responsabili?q=niente",
        "titolari": "/titolari",
        "titolare": f"/titolari/{holder}",
        "titolare-kind": "/titolari/nuovo?per=docfly",
        **{f"titolare-{kind}": f"/titolari/nuovo/{kind}" for kind in Kind},
        "titolare-change": f"/titolari/{holder}/modifica",
        "contacts": f"/ordini/{order_id}/indirizzi",
        "extend": f"/ordini/{order_id}/proroga",
        "order-documents-open": f"/ordini/{order_id}/documenti",
        "preferences": "/impostazioni",
        "users": "/utenti",
        "api-keys": "/chiavi",
        "security": "/sicurezza",
        "not-found": "/niente",
    }


async def of_operators(bianchi: Partner, provider: Provider) -> dict[str, str]:
    """What only operators meet."""
    held, waiting = await bianchi.placed(), await bianchi.placed()
    await bianchi.decide(held, "report")
    failed = await through_the_gates(bianchi, provider, "refuse")
    await bianchi.until(failed, "activation_failed")
    await bianchi.links(waiting)
    active = await bianchi.activated()
    partner = f"/partner/{bianchi.partner_id}"
    return {
        "ops-home": "/",
        "ops-partners": "/partner?q=bianchi",
        "ops-partners-none": "/partner?q=nessuno",
        "ops-partner": partner,
        "ops-orders": f"/docfly-pa?partner={bianchi.partner_id}",
        "ops-titolari": "/titolari",
        "ops-top-up": f"{partner}/ricarica",
        "ops-top-up-preview": f"{partner}/ricarica?importo=1.250,50&riferimento=CRO&motivo=bonifico",
        "ops-top-up-wrong": f"{partner}/ricarica?importo=x&riferimento=",
        "ops-view": f"{partner}/consulta",
        "ops-mails": "/email",
        "ops-order-held": f"/ordini/{held}",
        "ops-release": f"/ordini/{held}/sblocca",
        "ops-retry": f"/ordini/{failed}/riprova",
        "ops-renewal-mode": f"/ordini/{active}/modo-rinnovo?renewal_years=2",
        "ops-credentials": f"/ordini/{active}/credenziali",
        "ops-resend": f"/ordini/{waiting}/invia-email",
        "ops-contacts": f"/ordini/{waiting}/indirizzi",
        "ops-extend": f"/ordini/{waiting}/proroga",
        "ops-documents": f"/ordini/{waiting}/documenti",
        "ops-responsabili": f"/ordini/{waiting}/responsabili",
    }

"""Nobody's data in any history: names, codici fiscali, addresses, tokens, and people's own words."""

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pytest

from local.history import HISTORIES
from tests import identities
from tests.personas import Operator, Partner, Stage, eventually
from tests.simulators.hands import Catcher, Provider

PERSONAS = ("Rossi", "Maria", "Bruni", "Mario", "Arezzo", "Via Roma", "+39", ".example", "Bianchi", "Olga")
CODICE_FISCALE = re.compile(r"[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]")
PARTITA_IVA = re.compile(r"(?<![\w.-])\d{11}(?![\w.-])")
EMAIL = re.compile(r"[\w.+-]*[A-Za-z][\w.+-]*@[\w-]+\.[\w.-]+")
MACHINES = ("identity", "lastWorkerIdentity", "stackTrace")
CASES = sorted(HISTORIES.glob("*.json"))


def readable(history: str) -> str:
    """All that a history says, its payloads decoded; without who runs the worker."""
    return "\n".join(_said(json.loads(history)))


def _said(node: Any, name: str = "") -> Iterator[str]:
    match node:
        case dict():
            for key, value in node.items():
                yield key
                if key not in MACHINES:
                    yield from _said(value, key)
        case list():
            for value in node:
                yield from _said(value, name)
        case str():
            yield base64.b64decode(node).decode(errors="replace") if name == "data" else node


def found(text: str, *more: str) -> list[str]:
    planted = [word for word in (*PERSONAS, *more) if word in text]
    return planted + CODICE_FISCALE.findall(text) + PARTITA_IVA.findall(text) + EMAIL.findall(text)


def words(body: Any) -> list[str]:
    """All that somebody has told us of themselves; five digits alone stand in many an id."""
    if isinstance(body, dict):
        return [word for value in body.values() for word in words(value)]
    return [body] if isinstance(body, str) and len(body) > 4 and not re.fullmatch(r"\d{5}", body) else []


async def history(stage: Stage, order_id: str) -> str:
    text = readable((await stage.workflow(order_id).fetch_history()).to_json())
    assert order_id in text
    return text


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_saved_history_has_nobodys_data(case: Path) -> None:
    text = case.read_text()
    assert found(readable(text)) == []
    assert not re.search(r'"\d+@|"/|File ', text)  # nor anybody's machine


async def test_a_troubled_order_has_nobodys_data(
    bianchi: Partner, olga: Operator, stage: Stage, provider: Provider
) -> None:
    person, company = identities.person(), identities.company()
    holder = (await bianchi.titolare(company))["id"]
    order_id = await bianchi.placed(titolare_id=holder, external_id="pratica-Esposito")
    provider.mode("refuse", order=UUID(order_id), reason="parole-del-fornitore")
    (link,) = await bianchi.links(order_id)
    await bianchi.decide(order_id, "report", reason="non-li-conosco", name="Ugo Foscolo")
    await olga.post(f"/v1/orders/{order_id}/release", json={"reason": "parole-di-Olga"})
    await bianchi.decide(order_id, name="Ugo Foscolo")
    roles = dict.fromkeys(("conservazione", "produzione"), (await bianchi.titolare(person))["id"])
    await bianchi.put(f"/v1/orders/{order_id}/responsabili", json=roles)
    await bianchi.until(order_id, "activation_failed")
    await bianchi.post(f"/v1/orders/{order_id}/cancellation", json={"reason": "parole-del-partner"})
    await stage.workflow(order_id).result()
    said = ("Esposito", "non-li-conosco", "parole-", "Foscolo", link.rsplit("/", 1)[1])
    assert found(await history(stage, order_id), *said, *words(person), *words(company)) == []


async def test_an_active_order_has_nobodys_data(bianchi: Partner, stage: Stage, provider: Provider) -> None:
    person, company = identities.person(), identities.company()
    order_id = await bianchi.placed("docfly", titolare_id=(await bianchi.titolare(company))["id"])
    nobody = (await bianchi.titolare(identities.person(pec=None)))["id"]
    for one in (nobody, (await bianchi.titolare(person))["id"]):  # the first is refused
        roles = {"conservazione": one, "produzione": one}
        await bianchi.put(f"/v1/orders/{order_id}/responsabili", json=roles)
    await bianchi.decide(order_id)
    await bianchi.until(order_id, "active")
    await stage.workflow(order_id).result()
    username = provider.held(UUID(order_id))["username"]
    text = await history(stage, order_id)
    assert "ResponsabileNotEligible" in text
    assert found(text, username, *words(person), *words(company)) == []


async def test_a_refused_order_has_nobodys_data(bianchi: Partner, stage: Stage) -> None:
    person, key = identities.person(), "una-chiave-del-partner"
    holder = (await bianchi.titolare(person))["id"]
    answer = await bianchi.place(titolare_id=holder, key=key, external_id="pratica-Esposito")
    assert answer.status_code == 422
    text = await history(stage, str(uuid5(bianchi.partner_id, key)))
    assert "TitolareMayNotOrder" in text
    assert found(text, key, "Esposito", *words(person)) == []


@pytest.mark.parametrize("mode", ["defer", "reject", "drop_after_data"])
async def test_a_mail_servers_words_stay_out(bianchi: Partner, stage: Stage, catcher: Catcher, mode: str) -> None:
    company = identities.company()
    catcher.mode(mode, to=company["pec"], times=1)
    order_id = await bianchi.placed(titolare_id=(await bianchi.titolare(company))["id"])

    async def settled() -> bool:
        (mail,) = (await bianchi.order(order_id))["contract_mails"]
        return str(mail["state"]) != "queued"

    await eventually(settled)
    await bianchi.cancel(order_id)
    await stage.workflow(order_id).result()
    text = await history(stage, order_id)
    assert ("MailServerUnavailable" in text) is (mode != "reject")
    assert found(text, *words(company)) == []


@pytest.mark.parametrize(
    "place",
    [
        {"memo": {"fields": {"note": {"data": "SECRET"}}}},
        {"header": {"fields": {"trace": {"data": "SECRET"}}}},
        {"searchAttributes": {"indexedFields": {"Holder": {"data": "SECRET"}}}},
        {"workflowExecutionSignaledEventAttributes": {"input": {"payloads": [{"data": "SECRET"}]}}},
        {"workflowExecutionUpdateAcceptedEventAttributes": {"acceptedRequest": {"input": {"args": ["PLAIN"]}}}},
        {"failure": {"cause": {"message": "PLAIN"}}},
        {"indexedFields": {"PLAIN": {}}},
    ],
    ids=str,
)
@pytest.mark.parametrize("secret", ["Rossi", "RSSMRA85T10A562S", "01879020517", "ugo@foscolo.it"])
def test_it_would_notice(place: dict[str, Any], secret: str) -> None:
    coded = base64.b64encode(f'"of {secret}, and others"'.encode()).decode()
    text = json.dumps({"events": [place]}).replace("SECRET", coded).replace("PLAIN", f"of {secret}!")
    assert found(readable(text)) == [secret]

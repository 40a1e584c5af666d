"""Nobody's data in any history: names, codici fiscali, addresses, tokens, and people's own words."""

import base64
import json
import re
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from local.history import HISTORIES
from tests import identities
from tests.personas import Operator, Partner, Stage
from tests.simulators.hands import Provider

PERSONAS = ("Rossi", "Maria", "Bruni", "Mario", "Arezzo", "Via Roma", "+39", ".example", "Bianchi")
CODICE_FISCALE = re.compile(r"[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]")
PARTITA_IVA = re.compile(r"(?<![\w.-])\d{11}(?![\w.-])")
CASES = sorted(HISTORIES.glob("*.json"))


def readable(history: str) -> str:
    """All that a history says, its payloads decoded; without who runs the worker."""
    said: list[str] = []

    def walk(node: Any) -> None:
        match node:
            case dict():
                for name, value in node.items():
                    if name == "data" and isinstance(value, str):
                        said.append(base64.b64decode(value).decode())
                    elif name not in ("identity", "lastWorkerIdentity", "stackTrace"):
                        walk(value)
            case list():
                for value in node:
                    walk(value)
            case str():
                said.append(node)

    walk(json.loads(history))
    return "\n".join(said)


def found(text: str, *more: str) -> list[str]:
    planted = [word for word in (*PERSONAS, *more) if word in text]
    return planted + CODICE_FISCALE.findall(text) + PARTITA_IVA.findall(text)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_saved_history_has_nobodys_data(case: Path) -> None:
    assert found(readable(case.read_text())) == []


async def test_a_fresh_history_has_nobodys_data(
    bianchi: Partner, olga: Operator, stage: Stage, provider: Provider
) -> None:
    person, company = identities.person(), identities.company(pec=None)
    company["pec"] = f"segreto{company['partita_iva']}@pec.example"
    holder = (await bianchi.titolare(company))["id"]
    order_id = await bianchi.placed(titolare_id=holder, external_id="pratica-Esposito")
    provider.mode("refuse", order=UUID(order_id))
    (link,) = await bianchi.links(order_id)
    await bianchi.decide(order_id, "report", reason="non-li-conosco")
    await olga.post(f"/v1/orders/{order_id}/release", json={"reason": "parole-di-Olga"})
    await bianchi.decide(order_id)
    roles = dict.fromkeys(("conservazione", "produzione"), (await bianchi.titolare(person))["id"])
    await bianchi.put(f"/v1/orders/{order_id}/responsabili", json=roles)
    await bianchi.until(order_id, "activation_failed")
    await bianchi.post(f"/v1/orders/{order_id}/cancellation", json={"reason": "parole-del-partner"})
    await stage.workflow(order_id).result()
    words = ("Esposito", "non-li-conosco", "parole-di", "parole-del", link.rsplit("/", 1)[1])
    text = readable((await stage.workflow(order_id).fetch_history()).to_json())
    assert order_id in text
    assert found(text, *words, person["codice_fiscale"], company["partita_iva"]) == []


async def test_a_mail_servers_words_stay_out(bianchi: Partner, stage: Stage) -> None:
    company = identities.company()
    stage.catcher.mode("defer", to=company["pec"], times=1)
    order_id = await bianchi.placed(titolare_id=(await bianchi.titolare(company))["id"])
    await bianchi.links(order_id)
    await bianchi.cancel(order_id)
    await stage.workflow(order_id).result()
    text = readable((await stage.workflow(order_id).fetch_history()).to_json())
    assert "MailServerUnavailable" in text
    assert found(text, company["pec"]) == []


def test_it_would_notice() -> None:
    data = base64.b64encode(b'"RSSMRA85T10A562S of Rossi, 01879020517"').decode()
    assert len(found(readable(json.dumps({"payloads": [{"data": data}]})))) == 3

"""Who plays in the tests: partners and operators with their programs, titolari with their links."""

import asyncio
import re
import secrets
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self, TypeVar
from uuid import UUID, uuid4

import httpx
from temporalio.client import Client, WorkflowHandle
from temporalio.testing import WorkflowEnvironment

from db import ledger
from db.connection import Sessions
from db.partners import ApiKeyRow, PartnerRow
from domain.ledger import Cause
from domain.tokens import fingerprint
from settings import Settings
from tests import identities
from tests.simulators.hands import Catcher, Provider
from workflows.messages import order_workflow_id

T = TypeVar("T")
CREDIT_CENTS = 100_000
PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""One for all callers, and without the world's certificates: they take longer to load than an order to be placed."""

LINK = re.compile(r"https?://\S+/accept/[\w-]+")


async def eventually(look: Callable[[], Awaitable[T]], *, within: float = 30) -> T:
    """What `look` sees, as soon as it is something; fails after `within` seconds. Looking is dear: ever less often."""
    end, pause = asyncio.get_running_loop().time() + within, 0.02
    while not (seen := await look()):
        assert asyncio.get_running_loop().time() < end, f"still {seen!r}"
        await asyncio.sleep(pause)
        pause = min(1.3 * pause, 0.3)
    return seen


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Everything that runs."""

    settings: Settings
    sessions: Sessions
    temporal: Client
    environment: WorkflowEnvironment
    provider: Provider
    catcher: Catcher

    async def partner(self, name: str) -> "Partner":
        """A new partner with EUR 1,000.00 and a key."""
        partner_id, key, now = uuid4(), f"dfk_{secrets.token_urlsafe(32)}", datetime.now(UTC)
        addresses = [f"{partner_id.hex}@partner.example"]
        async with self.sessions.begin() as session:
            session.add(PartnerRow(id=partner_id, name=name, notification_addresses=addresses, created_at=now))
            await session.flush()
            await ledger.open_accounts(session, partner_id=partner_id)
            await ledger.top_up(
                session,
                top_up_id=uuid4(),
                partner_id=partner_id,
                amount_cents=CREDIT_CENTS,
                reference=str(partner_id),
                at=now,
            )
            session.add(ApiKeyRow(id=uuid4(), fingerprint=fingerprint(key), partner_id=partner_id, created_at=now))
        return Partner(self, key, partner_id=partner_id, address=addresses[0])

    async def top_up(self, partner: "Partner", *, cents: int) -> None:
        """What the partner has paid in."""
        async with self.sessions.begin() as session:
            await ledger.top_up(
                session,
                top_up_id=uuid4(),
                partner_id=partner.partner_id,
                amount_cents=cents,
                reference=str(uuid4()),
                at=datetime.now(UTC),
            )

    async def spend(self, partner: "Partner", *, cents: int) -> None:
        """Charge it for nothing in particular."""
        async with self.sessions.begin() as session:
            await ledger.charge(
                session,
                partner_id=partner.partner_id,
                cause=Cause.SPACE,
                subject_id=uuid4(),
                amount_cents=cents,
                at=datetime.now(UTC),
            )

    async def operator(self) -> "Operator":
        """A new operator."""
        key = f"dfk_{secrets.token_urlsafe(32)}"
        async with self.sessions.begin() as session:
            session.add(
                ApiKeyRow(id=uuid4(), fingerprint=fingerprint(key), partner_id=None, created_at=datetime.now(UTC))
            )
        return Operator(self, key)

    def workflow(self, order_id: str) -> WorkflowHandle[Any, Any]:
        return self.temporal.get_workflow_handle(order_workflow_id(UUID(order_id)))

    async def fast_forward(self, order_id: str, *, days: float) -> None:
        """Let days go by for one order."""
        await self.environment.fast_forward(self.workflow(order_id), timedelta(days=days))

    async def mails(self, to: str) -> list[dict[str, Any]]:
        """What has arrived at an address."""
        return await asyncio.to_thread(self.catcher.messages, to)


class Caller:
    """A program with an API key."""

    def __init__(self, stage: Stage, key: str) -> None:
        self.stage = stage
        url = f"http://{stage.settings.host}:{stage.settings.port}"
        headers = {"Authorization": f"Bearer {key}", "Accept-Language": "en"}
        self.http = httpx.AsyncClient(base_url=url, headers=headers, timeout=60, trust_env=False, verify=PLAIN)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.aclose()

    async def get(self, path: str, **how: Any) -> httpx.Response:
        return await self.http.get(path, **how)

    async def post(self, path: str, **how: Any) -> httpx.Response:
        return await self.http.post(path, **how)

    async def put(self, path: str, **how: Any) -> httpx.Response:
        return await self.http.put(path, **how)

    async def order(self, order_id: str) -> dict[str, Any]:
        answer = await self.get(f"/v1/orders/{order_id}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def until(self, order_id: str, status: str, *, within: float = 30) -> dict[str, Any]:
        """The order, once it stands there."""

        async def there() -> dict[str, Any] | None:
            order = await self.order(order_id)
            return order if order["status"] == status else None

        try:
            found = await eventually(there, within=within)
        except AssertionError:  # say what holds it up
            held = (await self.stage.workflow(order_id).describe()).raw_description
            what = f"{await self.timeline(order_id)}, {held.pending_activities}, {held.pending_workflow_task}"
            raise AssertionError(what) from None
        assert found
        return found

    async def timeline(self, order_id: str) -> list[str]:
        """The kinds of what happened, oldest first."""
        answer = await self.get(f"/v1/orders/{order_id}/timeline")
        return [event["kind"] for event in answer.json()["items"]]


class Operator(Caller):
    """Staff of the platform."""


class Partner(Caller):
    """A reseller, and the titolari it looks after."""

    def __init__(self, stage: Stage, key: str, *, partner_id: UUID, address: str) -> None:
        super().__init__(stage, key)
        self.partner_id = partner_id
        self.address = address

    async def titolare(self, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """A titolare of the address book: a company unless told otherwise."""
        answer = await self.post("/v1/titolari", json=body or identities.company())
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def place(self, product: str = "docfly_pa", *, key: str | None = None, **changes: Any) -> httpx.Response:
        """The answer to an order, for a new titolare unless one is named."""
        holder = changes.pop("titolare_id", None) or (await self.titolare())["id"]
        body = {"product": product, "titolare_id": holder, **changes}
        return await self.post("/v1/orders", json=body, headers={"Idempotency-Key": key or str(uuid4())})

    async def placed(self, product: str = "docfly_pa", **changes: Any) -> str:
        """The id of a new order."""
        answer = await self.place(product, **changes)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def assign(self, order_id: str) -> httpx.Response:
        """One person in both roles."""
        person = (await self.titolare(identities.person()))["id"]
        body = {"conservazione": person, "produzione": person}
        return await self.put(f"/v1/orders/{order_id}/responsabili", json=body)

    async def cancel(self, order_id: str) -> httpx.Response:
        return await self.post(f"/v1/orders/{order_id}/cancellation", json={"reason": "doppione"})

    async def balance(self) -> str:
        amount: str = (await self.get("/v1/credit")).json()["balance"]["amount"]
        return amount

    async def pec_of(self, order_id: str) -> str:
        holder = (await self.order(order_id))["titolare"]["id"]
        pec: str = (await self.get(f"/v1/titolari/{holder}")).json()["pec"]
        return pec

    async def links(self, order_id: str, *, at_least: int = 1) -> list[str]:
        """The acceptance links that the titolare has received, oldest first."""
        pec = await self.pec_of(order_id)

        async def arrived() -> list[str] | None:
            texts = [mail["text"] for mail in reversed(await self.stage.mails(pec))]
            links = [found[0] for text in texts if (found := LINK.search(text))]
            return links if len(links) >= at_least else None

        found = await eventually(arrived)
        assert found
        return found

    async def decide(self, order_id: str, decision: str = "accept", **changes: str) -> httpx.Response:
        """What the titolare does with the newest link."""
        link = (await self.links(order_id))[-1]
        form = {"contract": "on", "clauses": "on", "privacy": "on", "name": "Maria Rossi"}
        form |= {"capacity": "legal_representative", "decision": decision, **changes}
        return await self.http.post(link, data=form, headers={"Authorization": ""})

    async def activated(self, product: str = "docfly_pa") -> str:
        """An order brought to `active`."""
        order_id = await self.placed(product)
        assert (await self.decide(order_id)).status_code == 303
        assert (await self.assign(order_id)).status_code == 200
        await self.until(order_id, "active")
        return order_id

"""The provider's account of an order: asked for, and taken back. The provider knows orders by their id."""

from uuid import UUID

from temporalio import activity

from db import accounts, orders, responsabili
from db.accounts import ProviderAccountRow
from db.base import EVERY_PARTNER
from db.connection import Sessions
from domain.lifecycle import Account
from domain.orders import Role
from gateways.provider import LIVE, AccountAnswer, AccountRequest, Provider


class Provisioning:
    """Steps at the provider. Only states come back: what else it says goes to the database."""

    def __init__(self, sessions: Sessions, *, provider: Provider, callback_url: str) -> None:
        self._sessions = sessions
        self._provider = provider
        self._callback_url = callback_url

    @activity.defn
    async def open_account(self, order_id: UUID) -> Account:
        """ACTIVE or REFUSED; a repeat opens no second account.

        While the provider is silent or failing this raises Unavailable: the retries are the polling, and
        leave nothing in the history.
        """
        answer = await self._provider.open_account(order_id, await self._request(order_id))
        return await self._keep(order_id, answer, otherwise=Account.REFUSED)

    async def _request(self, order_id: UUID) -> AccountRequest:
        async with self._sessions() as session:
            order = await orders.get(session, order_id=order_id, owner=EVERY_PARTNER)
            chosen = await responsabili.in_force(session, order_id=order_id)
        return AccountRequest(
            product=order.product,
            quotas=order.options.quotas,
            titolare=order.titolare.model_dump(mode="json"),
            responsabile=chosen[Role.CONSERVAZIONE].titolare.model_dump(mode="json"),
            callback_url=self._callback_url,
        )

    @activity.defn
    async def revoke_account(self, order_id: UUID) -> Account:
        """REVOKED, or ACTIVE if the account is live: the provider has the last word. Idempotent there."""
        answer = await self._provider.revoke_account(order_id)
        return await self._keep(order_id, answer, otherwise=Account.REVOKED)

    async def _keep(self, order_id: UUID, answer: AccountAnswer, *, otherwise: Account) -> Account:
        state = Account.ACTIVE if answer.state in LIVE else otherwise
        said = answer.model_dump(include={"account", "username", "reason"})
        async with self._sessions.begin() as session:
            await accounts.keep(session, ProviderAccountRow(order_id=order_id, state=state, **said))
        return state

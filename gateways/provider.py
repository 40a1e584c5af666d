"""The provider, who opens, revokes and keeps the accounts (contract: "Provider protocol")."""

from contextlib import suppress
from http import HTTPStatus
from typing import Any, Literal
from uuid import UUID

import httpx
from pydantic import BaseModel, NonNegativeInt, ValidationError

from domain.errors import AccountPending, ProviderUnavailable
from domain.products import Quotas
from domain.service_errors import ProviderRefused

SECONDS = 10
"""How long one request may take: a cancellation waits for the one under way."""


LIVE = ("active", "suspended")
"""What is open for good."""


class AccountAnswer(BaseModel):
    """What the provider says of an account. Fields it may add later are no error."""

    state: Literal["active", "pending", "refused", "revoked", "suspended"]
    account: str | None = None
    username: str | None = None
    reason: str | None = None


class Refusal(BaseModel):
    """The body of a 4xx."""

    reason: str


class PasswordLink(BaseModel):
    """A one-time link to set the password."""

    url: str
    expires_at: str


class UsageAnswer(BaseModel):
    """How full an account is."""

    used_bytes: NonNegativeInt


class AccountRequest(BaseModel):
    """What an account is opened with."""

    product: str
    quotas: Quotas
    titolare: dict[str, Any]
    responsabile: dict[str, Any]
    callback_url: str


class Provider:
    """The real client. 5xx, time-outs and broken connections raise ProviderUnavailable."""

    def __init__(self, url: str, *, seconds: float = SECONDS) -> None:
        self._http = httpx.AsyncClient(base_url=url, timeout=seconds, trust_env=False)

    async def open_account(self, order_id: UUID, request: AccountRequest) -> AccountAnswer:
        """Ask for the account; idempotent by order id. 4xx is a refusal; raises AccountPending on 202."""
        answer = await self._send("PUT", f"/accounts/{order_id}", json=request.model_dump(mode="json"))
        if answer.is_client_error:
            return AccountAnswer(state="refused", reason=_reason(answer))
        account = AccountAnswer.model_validate_json(answer.content)
        if account.state == "pending":
            raise AccountPending
        return account

    async def revoke_account(self, order_id: UUID) -> AccountAnswer:
        """Take the account back; idempotent. An account that is live already stays so, and is told whole.

        Whatever says neither raises ProviderUnavailable: money hangs on it, so that it is asked again. A 404 may be
        anybody's on the way.
        """
        answer = await self._send("POST", f"/accounts/{order_id}/revoke")
        if answer.status_code == HTTPStatus.CONFLICT:  # live, even if it is suspended by now
            return await self._as_live(order_id)
        said = _said(answer)
        if said is None or said.state not in ("revoked", *LIVE):
            raise ProviderUnavailable(code=answer.status_code)
        return said

    async def _as_live(self, order_id: UUID) -> AccountAnswer:
        """By its names, if they can be had: that it is live was the answer."""
        with suppress(ProviderRefused):
            return (await self.account(order_id)).model_copy(update={"state": "active"})
        return AccountAnswer(state="active")

    async def account(self, order_id: UUID) -> AccountAnswer:
        """An account that was asked for, as the provider has it now. Raises ProviderRefused."""
        return AccountAnswer.model_validate_json((await self._ask("GET", f"/accounts/{order_id}")).content)

    async def password_link(self, order_id: UUID) -> PasswordLink:
        """A new one-time link for the account's user."""
        answer = await self._send("POST", f"/accounts/{order_id}/password-links")
        try:
            return PasswordLink.model_validate_json(answer.content)
        except ValidationError as error:  # no link yet: the account will have one
            raise ProviderUnavailable(code=answer.status_code) from error

    # An account that is live: whatever isn't done raises ProviderRefused.

    async def set_quotas(self, order_id: UUID, quotas: Quotas) -> None:
        """Grant so much in all, not so much more; also while it is suspended. Idempotent."""
        await self._ask("PUT", f"/accounts/{order_id}/quotas", json={"quotas": quotas.model_dump(mode="json")})

    async def suspend(self, order_id: UUID) -> None:
        """Read-only from now on. Idempotent."""
        await self._ask("POST", f"/accounts/{order_id}/suspend")

    async def resume(self, order_id: UUID) -> None:
        """Wholly at work again. Idempotent."""
        await self._ask("POST", f"/accounts/{order_id}/resume")

    async def usage(self, order_id: UUID) -> int:
        """The bytes that are used; also while it is suspended."""
        answer = await self._ask("GET", f"/accounts/{order_id}/usage")
        return UsageAnswer.model_validate_json(answer.content).used_bytes

    async def _ask(self, method: str, path: str, **body: Any) -> httpx.Response:
        answer = await self._send(method, path, **body)
        if not answer.is_success:
            raise ProviderRefused(code=answer.status_code)
        return answer

    async def _send(self, method: str, path: str, **body: Any) -> httpx.Response:
        try:
            answer = await self._http.request(method, path, **body)
        except httpx.TransportError as error:
            raise ProviderUnavailable from error
        if answer.is_server_error or answer.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            raise ProviderUnavailable(code=answer.status_code)
        return answer

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.aclose()


def _said(answer: httpx.Response) -> AccountAnswer | None:
    """What it says of an account, if it does."""
    try:
        return AccountAnswer.model_validate_json(answer.content) if answer.is_success else None
    except ValidationError:
        return None


def _reason(answer: httpx.Response) -> str:
    """Why the provider refuses, in its own words."""
    try:
        return Refusal.model_validate_json(answer.content).reason[:500]
    except ValidationError:
        return f"HTTP {answer.status_code}"

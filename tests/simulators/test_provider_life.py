"""Revoking, and what comes after opening."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest

from tests.simulators.hands import Provider
from tests.simulators.receiver import Receiver


def test_a_pending_account_can_be_revoked(provider: Provider, order: UUID) -> None:
    provider.mode("pending", order=order)
    provider.put(order)
    assert [provider.post(order, "revoke").json() for _ in range(2)] == [{"state": "revoked"}] * 2
    assert provider.get(order).json() == {"state": "revoked"}
    assert provider.held(order)["revokes"] == 1


def test_a_revoke_before_the_put_keeps_the_account_shut(provider: Provider, order: UUID) -> None:
    assert provider.post(order, "revoke").json() == {"state": "revoked"}
    answer = provider.put(order)
    assert (answer.status_code, answer.json()["state"]) == (409, "revoked")
    assert provider.held(order)["opens"] == 0


def test_a_live_account_is_not_revoked(provider: Provider, order: UUID) -> None:
    opened = provider.put(order).json()
    answer = provider.post(order, "revoke")
    assert answer.status_code == 409
    assert opened.items() <= answer.json().items()
    assert provider.get(order).json() == opened


def test_a_refused_account_can_be_revoked(provider: Provider, order: UUID) -> None:
    provider.mode("refuse", order=order)
    provider.put(order)
    assert provider.post(order, "revoke").json() == {"state": "revoked"}
    assert provider.put(order).status_code == 409


def test_a_revoke_racing_the_opening_has_one_winner(provider: Provider, receiver: Receiver) -> None:
    orders = [uuid4() for _ in range(40)]
    for order in orders:
        provider.mode("delayed", order=order, delay_s=0.15)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda order: provider.put(order, callback_url=receiver.url), orders))
        revoked = list(pool.map(lambda order: provider.post(order, "revoke").status_code, orders))
    for order, status in zip(orders, revoked, strict=True):
        held = provider.held(order)
        assert (held["state"], held["opens"]) == (("revoked", 0) if status == 200 else ("active", 1))


def test_a_revoked_account_no_longer_opens_when_due(provider: Provider, order: UUID) -> None:
    provider.mode("delayed", order=order, delay_s=0.1)
    provider.put(order)
    provider.post(order, "revoke")
    held = provider.held(order)
    assert (held["state"], held["due_at"]) == ("revoked", None)
    assert provider.complete(order, "active").status_code == 409


def test_it_suspends_and_resumes(provider: Provider, order: UUID) -> None:
    provider.put(order)
    states = [provider.post(order, a).json()["state"] for a in ("suspend", "suspend", "resume", "resume")]
    assert states == ["suspended", "suspended", "active", "active"]


def test_quotas_are_replaced_whole(provider: Provider, order: UUID) -> None:
    provider.put(order)
    provider.post(order, "suspend")
    for _ in range(2):
        answer = provider.http.put(f"/accounts/{order}/quotas", json={"quotas": {"gb": 9}})
        assert (answer.status_code, answer.json()["quotas"]) == (200, {"gb": 9})
    held = provider.held(order)
    assert (held["quotas"], held["state"]) == ({"gb": 9}, "suspended")


@pytest.mark.parametrize("mode", ["instant", "delayed", "pending", "refuse", "error", "hang", "hang_after"])
def test_a_mode_for_openings_leaves_live_accounts_alone(provider: Provider, order: UUID, mode: str) -> None:
    provider.put(order)
    provider.mode(mode)
    assert [provider.post(order, action).status_code for action in ("suspend", "resume")] == [200, 200]
    assert provider.http.get(f"/accounts/{order}/usage").status_code == 200


def test_usage_is_what_it_was_told_to_be(provider: Provider, order: UUID) -> None:
    provider.put(order)
    usage = f"/accounts/{order}/usage"
    assert provider.http.get(usage).json() == {"used_bytes": 0}
    assert provider.use(order, 7).json() == {"used_bytes": 7}
    provider.post(order, "suspend")
    assert provider.http.get(usage).json() == {"used_bytes": 7}
    assert provider.held(order)["used_bytes"] == 7


def test_every_password_link_is_new_and_good_once(provider: Provider, order: UUID) -> None:
    provider.put(order)
    first, second = (provider.post(order, "password-links").json() for _ in range(2))
    assert first["url"] != second["url"]
    assert first["expires_at"].endswith("Z")
    looks = [provider.http.get(first["url"]).status_code for _ in range(2)]
    uses = [provider.http.post(first["url"], data={"password": "x"}).status_code for _ in range(2)]
    assert (looks, uses) == ([200, 200], [200, 410])
    assert provider.http.get(first["url"]).status_code == 410
    assert provider.http.get(second["url"]).status_code == 200


@pytest.mark.parametrize("action", ["suspend", "resume", "password-links"])
def test_what_is_not_open_has_no_life(provider: Provider, order: UUID, action: str) -> None:
    assert provider.post(order, action).status_code == 404
    provider.post(order, "revoke")
    answer = provider.post(order, action)
    assert (answer.status_code, answer.json()["state"]) == (409, "revoked")

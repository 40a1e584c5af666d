"""What a PUT meets, in every mode."""

import time
from threading import Thread
from uuid import UUID, uuid4

import httpx
import pytest

from tests.simulators.hands import Provider, opening


def test_an_instant_account_is_active_at_once(provider: Provider, order: UUID) -> None:
    answer = provider.put(order)
    assert (answer.status_code, answer.json()["state"]) == (200, "active")
    assert answer.json()["username"] == f"df-{order.hex}"
    assert provider.get(order).json() == answer.json()


def test_a_repeated_put_opens_nothing_twice(provider: Provider, order: UUID) -> None:
    first = provider.put(order)
    assert provider.put(order).json() == first.json()
    held = provider.held(order)
    assert (held["puts"], held["opens"]) == (2, 1)


def test_a_pending_account_says_so_until_it_is_completed(provider: Provider, order: UUID) -> None:
    provider.mode("pending", order=order)
    assert [provider.put(order).status_code, provider.get(order).status_code] == [202, 202]
    provider.complete(order, "active", callback=False)
    assert provider.get(order).json()["state"] == "active"
    assert provider.held(order)["callbacks_sent"] == 0


def test_a_repeat_keeps_the_present_state_in_another_mode(provider: Provider, order: UUID) -> None:
    provider.mode("pending", order=order)
    provider.put(order)
    provider.mode("refuse", order=order)
    assert (provider.put(order).status_code, provider.put(order).json()) == (202, {"state": "pending"})


def test_a_refusal_is_final_and_says_why(provider: Provider, order: UUID) -> None:
    provider.mode("refuse", order=order, reason="not_eligible")
    answer = provider.put(order)
    assert (answer.status_code, answer.json()) == (422, {"state": "refused", "reason": "not_eligible"})
    assert provider.get(order).json() == answer.json()
    assert provider.held(order)["opens"] == 0


def test_a_refused_account_may_be_asked_for_again(provider: Provider, order: UUID) -> None:
    provider.mode("refuse", order=order)
    provider.put(order)
    provider.mode("instant", order=order)
    assert provider.put(order).json()["state"] == "active"
    assert provider.held(order)["opens"] == 1


def test_an_error_does_nothing(provider: Provider, order: UUID) -> None:
    provider.mode("error", order=order)
    assert provider.put(order).status_code == 503
    assert provider.get(order).status_code == 404


@pytest.mark.parametrize(("mode", "opened"), [("hang", False), ("hang_after", True)])
def test_a_hanging_put_never_answers(provider: Provider, mode: str, opened: bool) -> None:  # noqa: FBT001
    order = uuid4()
    provider.mode(mode, order=order)
    with pytest.raises(httpx.ReadTimeout):
        httpx.put(f"{provider.url}/accounts/{order}", json=opening("http://127.0.0.1:9/"), timeout=0.3)
    assert (provider.get(order).status_code == 200) is opened


def test_an_error_for_all_calls_strikes_them_all(provider: Provider, order: UUID) -> None:
    provider.put(order)
    provider.mode("error", order=order, calls="all")
    answers = [provider.get(order), provider.post(order, "revoke"), provider.post(order, "password-links")]
    assert [answer.status_code for answer in answers] == [503, 503, 503]


def test_a_mode_for_everyone_spares_the_order_with_its_own(provider: Provider, order: UUID) -> None:
    provider.mode("error")
    provider.mode("instant", order=order)
    assert provider.put(uuid4()).status_code == 503
    assert provider.put(order).status_code == 200
    assert provider.http.delete("/_control").is_success
    assert provider.put(uuid4()).status_code == 200


@pytest.mark.parametrize(
    "change", [{"product": "fax"}, {"quotas": {"gb": -1}}, {"callback_url": "nowhere"}, {"extra": 1}]
)
def test_a_bad_request_opens_nothing_and_is_not_repeated(
    provider: Provider, order: UUID, change: dict[str, object]
) -> None:
    answer = provider.http.put(f"/accounts/{order}", json=opening("http://127.0.0.1:9/") | change)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["errors"][0]["pointer"].startswith(f"/{next(iter(change))}")
    assert "Rossi" not in answer.text
    assert provider.get(order).status_code == 404


def test_an_order_id_is_a_uuid(provider: Provider) -> None:
    assert provider.http.get("/accounts/1").status_code == 422


def test_a_killed_provider_forgets_nothing(provider: Provider, order: UUID) -> None:
    provider.mode("pending", order=order)
    provider.put(order)
    provider.kill()
    provider.start()
    assert provider.put(order).json() == {"state": "pending"}
    assert provider.held(order)["puts"] == 2


def test_it_ends_while_someone_hangs(provider: Provider, order: UUID) -> None:
    provider.mode("hang", order=order)
    hanging = Thread(target=provider.put, args=(order,))
    hanging.start()
    time.sleep(0.2)
    assert not provider.stop()
    hanging.join()

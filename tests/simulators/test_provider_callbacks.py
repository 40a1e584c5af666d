"""The provider's own word: signed, repeated until heard, never lost."""

from functools import partial
from uuid import UUID, uuid4

from local.ports import free
from tests.simulators.hands import Provider, eventually
from tests.simulators.receiver import Receiver


def test_a_delayed_account_opens_by_itself_and_tells(provider: Provider, receiver: Receiver, order: UUID) -> None:
    provider.mode("delayed", order=order, delay_s=0.1)
    assert provider.put(order, callback_url=receiver.url).status_code == 202
    [(_, report)] = eventually(lambda: receiver.of(order))
    assert report == {"order_id": str(order), **provider.get(order).json()}
    assert report["state"] == "active"
    eventually(lambda: provider.held(order)["callbacks_sent"] == 1)


def test_a_refusal_is_told_with_its_reason(provider: Provider, receiver: Receiver, order: UUID) -> None:
    provider.mode("pending", order=order)
    provider.put(order, callback_url=receiver.url)
    provider.complete(order, "refused", reason="not_eligible")
    [(_, report)] = eventually(lambda: receiver.of(order))
    assert report == {"order_id": str(order), "state": "refused", "reason": "not_eligible"}


def test_duplicates_share_one_event_id(provider: Provider, receiver: Receiver, order: UUID) -> None:
    provider.mode("pending", order=order)
    provider.put(order, callback_url=receiver.url)
    provider.complete(order, "active", times=2)
    eventually(lambda: len(receiver.of(order)) == 2)
    provider.complete(order, "active")
    eventually(lambda: len(receiver.of(order)) == 3)
    assert len({event for event, _ in receiver.of(order)}) == 1
    assert provider.held(order)["opens"] == 1


def test_a_new_end_is_a_new_event(provider: Provider, receiver: Receiver, order: UUID) -> None:
    provider.mode("pending", order=order)
    provider.put(order, callback_url=receiver.url)
    provider.complete(order, "refused")
    provider.put(order, callback_url=receiver.url)
    provider.complete(order, "active")
    eventually(lambda: len(receiver.of(order)) == 2)
    assert len({event for event, _ in receiver.of(order)}) == 2


def test_it_tries_again_after_a_5xx(provider: Provider, receiver: Receiver, order: UUID) -> None:
    receiver.answers[str(order)] = [503, 500]
    provider.mode("delayed", order=order, delay_s=0)
    provider.put(order, callback_url=receiver.url)
    eventually(lambda: provider.held(order)["callbacks_sent"] == 1)
    assert len(receiver.of(order)) == 3


def test_it_stops_after_a_4xx(provider: Provider, receiver: Receiver, order: UUID) -> None:
    receiver.answers[str(order)] = [404]
    provider.mode("delayed", order=order, delay_s=0)
    provider.put(order, callback_url=receiver.url)
    eventually(lambda: receiver.of(order) and provider.held(order)["callbacks_waiting"] == 0)
    assert (provider.held(order)["callbacks_sent"], len(receiver.of(order))) == (0, 1)


def test_promises_and_callbacks_survive_restarts_of_both_sides(provider: Provider, order: UUID) -> None:
    port, told, promised = free(), order, uuid4()
    for one, delay_s in ((told, 0), (promised, 0.5)):
        provider.mode("delayed", order=one, delay_s=delay_s)
        provider.put(one, callback_url=f"http://127.0.0.1:{port}/reports")
    eventually(lambda: provider.held(told)["callbacks_waiting"] == 1)
    provider.kill()
    provider.start()
    with Receiver(port) as receiver:
        for one in (told, promised):
            [(_, report)] = eventually(partial(receiver.of, one))
            assert report["state"] == "active"
            assert provider.held(one)["opens"] == 1


def test_what_is_not_pending_cannot_be_completed_otherwise(provider: Provider, order: UUID) -> None:
    assert provider.complete(order, "active").status_code == 404
    provider.put(order)
    answer = provider.complete(order, "refused")
    assert (answer.status_code, answer.json()["state"]) == (409, "active")

"""What a mail server's no is about: the mail, or us."""

import pytest

from domain.errors import MailServerUnavailable
from gateways.mail import Mailbox
from tests.simulators.another_mail_server import another_mail_server
from tests.simulators.hands import mail

TO = "giu@pec.example"


@pytest.mark.parametrize(
    ("verb", "said"),
    [("rcpt", b"550 l'indirizzo \xe8 errato"), ("mail", b"553 no \0"), ("data", b"554 Too large: 5 \xe2\x82\xac")],
)
async def test_a_refusal_is_kept_in_words_that_can_be_kept(verb: str, said: bytes) -> None:
    """Whatever bytes it says them in."""
    async with another_mail_server(**{verb: said}) as url:
        refusal = await Mailbox(url, sender="docfly@platform.example").send(mail(TO))
    assert refusal is not None
    assert refusal.code == int(said[:3])
    assert "\0" not in refusal.words
    assert refusal.words.encode()


@pytest.mark.parametrize(
    "says",
    [
        {"ehlo": b"554 You are on a list", "helo": b"554 You are on a list"},
        {"mail": b"530 Authentication required"},
        {"rcpt": b"530 Authentication required"},
        {"rcpt": b"451 Later"},
    ],
    ids=["list", "sender", "recipient", "later"],
)
async def test_who_is_refused_themselves_tries_again(says: dict[str, bytes]) -> None:
    async with another_mail_server(**says) as url:
        with pytest.raises(MailServerUnavailable) as refused:
            await Mailbox(url, sender="docfly@platform.example").send(mail(TO))
    assert refused.value.code == int(next(iter(says.values()))[:3])

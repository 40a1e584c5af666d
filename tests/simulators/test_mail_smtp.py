"""The catcher takes mail safely, and badly when told."""

import mailbox
import smtplib
from contextlib import closing

import pytest

from tests.simulators.hands import Catcher, mail


def test_a_message_is_in_the_maildir_with_headers_and_envelope(catcher: Catcher, address: str) -> None:
    sent = mail(address)
    catcher.send(address, message=sent)
    caught = [one for one in mailbox.Maildir(catcher.maildir) if one["X-RcptTo"] == address]
    assert [one["X-MailFrom"] for one in caught] == ["docfly@platform.example"]
    assert [one["Message-ID"] for one in caught] == [sent["Message-ID"]]
    assert not list((catcher.maildir / "tmp").iterdir())


def test_a_deferred_recipient_hears_451(catcher: Catcher, address: str) -> None:
    catcher.mode("defer", to=address)
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        catcher.send(address)
    assert refused.value.recipients[address][0] == 451
    assert catcher.messages(address) == []


def test_a_rejected_recipient_hears_550_and_its_own_address(catcher: Catcher, address: str) -> None:
    catcher.mode("reject", to=address.upper())
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        catcher.send(address)
    code, words = refused.value.recipients[address]
    assert (code, address in words.decode()) == (550, True)


def test_it_misbehaves_only_so_many_times(catcher: Catcher, address: str) -> None:
    catcher.mode("defer", to=address, times=2)
    for _ in range(2):
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            catcher.send(address)
    catcher.send(address)
    assert len(catcher.messages(address)) == 1


def test_a_hanging_message_is_not_answered_and_not_kept(catcher: Catcher, address: str) -> None:
    catcher.mode("hang", to=address, times=1)
    with pytest.raises((TimeoutError, smtplib.SMTPServerDisconnected)):
        catcher.send(address, timeout=0.3)
    assert catcher.messages(address) == []
    catcher.send(address)
    assert len(catcher.messages(address)) == 1


def test_a_dropped_message_is_kept_without_an_answer(catcher: Catcher, address: str) -> None:
    catcher.mode("drop_after_data", to=address)
    with pytest.raises(smtplib.SMTPServerDisconnected):
        catcher.send(address)
    assert len(catcher.messages(address)) == 1


def test_an_address_has_its_own_mood_until_all_are_accepted(catcher: Catcher, address: str) -> None:
    catcher.mode("defer")
    catcher.mode("accept", to=address)
    catcher.send(address)
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        catcher.send("x" + address)
    shown = [(mood["to"], mood["mode"]) for mood in catcher.http.get("/_control").json()]
    assert shown == [(None, "defer"), (address, "accept")]
    catcher.mode("accept")
    catcher.send("x" + address)
    assert len(catcher.http.get("/_control").json()) == 1


def test_a_restart_keeps_the_mail_and_the_log_names_nobody(catcher: Catcher, address: str) -> None:
    catcher.send(address)
    catcher.mode("hang", to=address)
    with closing(smtplib.SMTP("127.0.0.1", catcher.smtp_port, timeout=5)) as hanging:
        hanging.ehlo()
        hanging.mail("docfly@platform.example")
        hanging.rcpt(address)
        hanging.docmd("DATA")
        hanging.send(b"Subject: x\r\n\r\nx\r\n.\r\n")
        assert not catcher.stop()
    catcher.start()
    assert len(catcher.messages(address)) == 1

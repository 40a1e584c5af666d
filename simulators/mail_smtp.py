"""The SMTP side: takes mail as a mail server does, and misbehaves on command."""

import asyncio
from asyncio import Future

from aiosmtpd.smtp import SMTP, Envelope, Session

from simulators.mail_moods import AT_DATA, AT_RCPT, Mode, Mood, Moods
from simulators.mail_store import MailStore

PATIENCE_S = 24 * 3600


class Catcher:
    """aiosmtpd's handler: method names and arguments are its own."""

    def __init__(self, store: MailStore, *, moods: Moods) -> None:
        self._store = store
        self._moods = moods

    def connection(self) -> SMTP:
        """The protocol of one connection. It waits long: a hanging mail must hang."""
        return SMTP(
            self,
            hostname="localhost",
            ident="catcher",
            enable_SMTPUTF8=True,
            timeout=PATIENCE_S,
            loop=asyncio.get_running_loop(),
        )

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """451, 550, or the recipient is taken."""
        mood = self._moods.take(address, among=AT_RCPT)
        match mood and mood.mode:
            case Mode.DEFER:
                return "451 4.2.1 Try again later"
            case Mode.REJECT:
                return f"550 5.1.1 <{address}>: no such mailbox"
            case _:
                envelope.rcpt_tos.append(address)
                envelope.rcpt_options.extend(options)
                return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """250 when the message is safely kept; 451 when the disk won't have it."""
        moods = (self._moods.take(address, among=AT_DATA) for address in envelope.rcpt_tos)
        mood = next((mood for mood in moods if mood), Mood(mode=Mode.ACCEPT))
        if mood.mode is Mode.HANG:
            await _for_ever()
        try:
            await asyncio.to_thread(self._keep, envelope)
        except OSError:
            return "451 4.3.0 Could not store the message"
        if mood.mode is Mode.SLOW:
            await asyncio.sleep(mood.delay_s)
        if mood.mode is Mode.DROP_AFTER_DATA:
            await _drop(server)
        return "250 2.0.0 OK"

    def _keep(self, envelope: Envelope) -> None:
        content = envelope.original_content or b""
        self._store.add(content, mail_from=envelope.mail_from or "", rcpt_to=envelope.rcpt_tos)


async def _drop(server: SMTP) -> None:
    if server.transport:
        server.transport.close()
    await _for_ever()


async def _for_ever() -> None:
    """Until aiosmtpd cancels us: the connection is gone, or the process ends."""
    await Future[None]()

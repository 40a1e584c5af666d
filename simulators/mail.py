"""The mail catcher, as a process.

`python -m simulators.mail --maildir DIR --smtp-port N --http-port N`: SMTP on one port, what came
in as a Maildir and as pages on the other; on 127.0.0.1 unless `--host` says otherwise.
"""

import argparse
import asyncio
import logging
from pathlib import Path

from fastapi import FastAPI

from simulators import mail_pages, mail_routes
from simulators.mail_moods import Moods
from simulators.mail_smtp import Catcher
from simulators.mail_store import MailStore
from simulators.serving import LOOPBACK, Server


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="simulators.mail", description="The mail catcher.")
    parser.add_argument("--host", default=LOOPBACK)
    parser.add_argument("--maildir", type=Path, required=True)
    parser.add_argument("--smtp-port", type=int, required=True)
    parser.add_argument("--http-port", type=int, required=True)
    options = parser.parse_args()
    logging.getLogger("mail.log").setLevel(logging.ERROR)  # its lower levels name addresses
    store, moods = MailStore(options.maildir), Moods()
    server = Server(make_app(store, moods=moods), host=options.host, port=options.http_port)
    asyncio.run(serve(server, catcher=Catcher(store, moods=moods), smtp=(options.host, options.smtp_port)))


async def serve(server: Server, *, catcher: Catcher, smtp: tuple[str, int]) -> None:
    """Both ports, until a signal; connections still open are cut."""
    loop = asyncio.get_running_loop()
    listening = await loop.create_server(catcher.connection, *smtp)
    try:
        await server.serve()
    finally:
        listening.close()


def make_app(store: MailStore, *, moods: Moods) -> FastAPI:
    """Pages, JSON and control on one port."""
    app = FastAPI(title="Mail catcher", docs_url=None, redoc_url=None)
    app.state.store, app.state.moods = store, moods
    for module in (mail_pages, mail_routes):
        app.include_router(module.router)
    return app


if __name__ == "__main__":
    main()

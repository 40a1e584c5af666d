"""A time-stamping authority (RFC 3161 over HTTP), as a process: `python -m simulators.timestamps --port N`.

Its key is made anew at each start. `POST /_control {"mode": …}` sets its mood: "stamp", "refuse", "error", "hang",
"garbage" or "wrong".
"""

import argparse
import asyncio
from enum import StrEnum

from asn1crypto import keys, pem, tsp, x509
from fastapi import FastAPI, Request, Response
from pydantic import BaseModel
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

from simulators.certificates import self_signed
from simulators.serving import LOOPBACK, Server, hold, problem

NAME = "Autorità di marcatura temporale simulata"
REPLY = "application/timestamp-reply"


class Mode(StrEnum):
    """What a question meets."""

    STAMP = "stamp"
    REFUSE = "refuse"  # a reply without a stamp (§ 2.4.2)
    ERROR = "error"  # 503
    HANG = "hang"  # no answer
    GARBAGE = "garbage"  # a reply that is none
    WRONG = "wrong"  # a stamp on other bytes


class Control(BaseModel):
    """A mood for everyone."""

    mode: Mode


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="simulators.timestamps", description="A time-stamping authority, simulated.")
    parser.add_argument("--host", default=LOOPBACK)
    parser.add_argument("--port", type=int, required=True)
    options = parser.parse_args()
    asyncio.run(Server(make_app(), host=options.host, port=options.port).serve())


def make_app() -> FastAPI:
    """Protocol and control on one port."""
    app = FastAPI(title="Time-stamping authority, simulated")
    app.state.stamper, app.state.mode = _stamper(), Mode.STAMP
    app.add_api_route("/", _stamp, methods=["POST"])
    app.add_api_route("/_control", _control, methods=["POST"], status_code=204)
    app.add_api_route("/healthz", lambda: {"status": "ok"})
    return app


def _stamper() -> DummyTimeStamper:
    (_, _, key), (_, _, certificate) = pem.unarmor(self_signed(NAME, stamps_time=True).encode(), multiple=True)
    return DummyTimeStamper(x509.Certificate.load(certificate), keys.PrivateKeyInfo.load(key))


async def _stamp(request: Request) -> Response:
    match request.app.state.mode:
        case Mode.STAMP:
            return _reply(request, await _asked(request))
        case Mode.WRONG:
            asked = await _asked(request)
            asked["message_imprint"]["hashed_message"] = bytes(32)
            return _reply(request, asked)
        case Mode.REFUSE:
            refusal = tsp.TimeStampResp({"status": tsp.PKIStatusInfo({"status": "rejection"})})
            return Response(refusal.dump(), media_type=REPLY)
        case Mode.GARBAGE:
            return Response(b"no reply", media_type=REPLY)
        case Mode.HANG:
            await hold(request)
    return problem(503, "Out of order.")


async def _asked(request: Request) -> tsp.TimeStampReq:
    return tsp.TimeStampReq.load(await request.body())


def _reply(request: Request, asked: tsp.TimeStampReq) -> Response:
    stamper: DummyTimeStamper = request.app.state.stamper
    return Response(stamper.request_tsa_response(asked).dump(), media_type=REPLY)


async def _control(wish: Control, request: Request) -> None:
    request.app.state.mode = wish.mode


if __name__ == "__main__":
    main()

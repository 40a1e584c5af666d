"""Logs of all entry points: JSON lines with ids, amounts and enums, nobody's data."""

import logging
import sys
from pathlib import Path

import structlog


def where(error: BaseException) -> str:
    """The last places of a trace, as file:line: what a report needs, without the values a trace would print."""
    trace, places = error.__traceback__, []
    while trace is not None:
        places.append(f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " > ".join(places[-6:])


def start(*, level: int = logging.INFO) -> None:
    """Send structlog and the libraries' loggers to standard error."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )

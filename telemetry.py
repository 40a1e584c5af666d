"""Logs of all entry points: JSON lines with ids, amounts and enums, nobody's data."""

import logging
import sys

import structlog


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

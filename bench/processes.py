"""What the benchmarks' processes are told, and where results go."""

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from local import ports
from simulators.certificates import self_signed

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "bench" / "results.json"


def settings(database_url: str, temporal_address: str) -> dict[str, str]:
    """A whole environment; nobody answers to mails or for the provider."""
    nobody = f"127.0.0.1:{ports.free()}"
    return {
        **os.environ,
        "DOCFLY_DATABASE_URL": database_url,
        "TEMPORAL_ADDRESS": temporal_address,
        "DOCFLY_SMTP_URL": f"smtp://{nobody}",
        "DOCFLY_PEC_SMTP_URL": f"smtp://{nobody}",
        "DOCFLY_PROVIDER_URL": f"http://{nobody}",
        "DOCFLY_TIMESTAMP_URL": f"http://{nobody}",
        "DOCFLY_SEAL_KEY": self_signed("DocFly, misura"),
        "DOCFLY_DOCUMENTS_URL": Path(tempfile.gettempdir()).as_uri(),
        "DOCFLY_SECRET": "s" * 43,
        "DOCFLY_PROVIDER_SECRET": "whsec_" + "c" * 44,
    }


def tell(name: str, results: Mapping[str, float]) -> None:
    """A table for people, a file for programs, beside what other benchmarks have told."""
    for what, value in results.items():
        print(f"{name}: {what:<34} {value:10.2f}")
    known = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    RESULTS.write_text(json.dumps({**known, name: results}, indent=1) + "\n")

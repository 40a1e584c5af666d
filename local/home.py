"""$DOCFLY_HOME: all that `make up` keeps, closed to everybody else."""

import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulators.certificates import self_signed


@dataclass(frozen=True)
class Home:
    """The folder, and what stands where in it."""

    folder: Path

    def make(self) -> None:
        """The folders, if they are missing."""
        for folder in (self.folder, self.logs, self.folder / "secrets"):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder.chmod(0o700)

    @property
    def logs(self) -> Path:
        """A log for each part, and the supervisor's."""
        return self.folder / "log"

    @property
    def demo(self) -> Path:
        """Where everything is, and the logins, for people and programs."""
        return self.folder / "demo.json"

    def secret(self, name: str, *, prefix: str = "") -> Path:
        """A file with a secret of its own, made on the first start. Base64 after the prefix."""
        file = self.folder / "secrets" / name
        if not file.exists():
            write(file, text=prefix + base64.b64encode(secrets.token_bytes(32)).decode())
        return file

    def seal_key(self) -> Path:
        """The file with the key that seals receipts, made on the first start; nobody but itself vouches for it."""
        file = self.folder / "secrets" / "seal.pem"
        if not file.exists():
            write(file, text=self_signed("DocFly, sviluppo"))
        return file

    def keep(self, name: str, *, text: str) -> Path:
        """A file with a secret that is computed anew at each start."""
        file = self.folder / "secrets" / name
        write(file, text=text)
        return file

    def refresh_demo(self, facts: Mapping[str, object]) -> None:
        """Say where everything is this time; logins and whatever else stands there stay."""
        write(self.demo, text=json.dumps({**self.read_demo(), **facts}, indent=2, ensure_ascii=False) + "\n")

    def read_demo(self) -> dict[str, Any]:
        """What the file says; nothing before the first start."""
        found: dict[str, Any] = json.loads(self.demo.read_text(encoding="utf-8")) if self.demo.exists() else {}
        return found


def write(file: Path, *, text: str) -> None:
    """The whole file or nothing of it, readable by its owner alone."""
    draft = file.with_name(f"{file.name}.draft")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    draft.write_text(text, encoding="utf-8")
    draft.replace(file)

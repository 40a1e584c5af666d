"""`python -m local.browser` finds a Chromium for the tests of pages, or has one installed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
HELP = "No Chromium here, and none could be installed: install Debian's package `chromium`, or set CHROMIUM to one."


def find() -> str | None:
    """The path of one: CHROMIUM, the machine's, or the one that Playwright has downloaded."""
    if given := os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None):
        return given
    from playwright.sync_api import sync_playwright  # slow to import

    with sync_playwright() as playwright:
        downloaded = playwright.chromium.executable_path
    return downloaded if Path(downloaded).exists() else None


def options() -> list[str]:
    """As it must be started: root has no sandbox, and nobody is to be called up."""
    return [*QUIET, "--no-sandbox"] if os.geteuid() == 0 else QUIET


def install() -> None:
    """By the machine's own package manager where that is allowed, or by Playwright's download."""
    if os.geteuid() == 0 and (apt := shutil.which("apt-get")):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for what in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
            subprocess.run([apt, "-qq", *what], check=False, env=quiet, stdout=subprocess.DEVNULL)
    if find() is None:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


def main() -> None:
    """Exit with a word of advice if there is none in the end."""
    if find() is None:
        install()
    if find() is None:
        sys.exit(HELP)


if __name__ == "__main__":
    main()

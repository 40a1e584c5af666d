"""From a template's name and its words to a PDF/A-2b.

Words travel as JSON beside the template, never within its markup: whatever they are, they are printed as they are.
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

TEMPLATES = Path(__file__).parent / "templates"
FONTS = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
"""Typst's own, OFL and Bitstream Vera: the same on every machine."""

UNPRINTABLE = re.compile(
    "[^"
    " -~\u00a0-\u00ac\u00ae-\u02af\u1e00-\u1e9b\u1e9e\u1ea0-\u1ef9"  # Latin, but for the soft hyphen
    "\u0386\u0388-\u038a\u038c\u038e-\u03a1\u03a3-\u03ce\u0400-\u045f"  # Greek, Cyrillic
    "\u2010-\u2027\u2030\u2032\u2033\u2039\u203a\u20ac\u2116\u2122"  # punctuation and signs
    "]"
)
"""What the type has no glyph for, and PDF/A then refuses; and what moves or covers the letters around it."""


def typeset(template: str, *, at: datetime, words: Mapping[str, Any]) -> bytes:
    """The page, created at an instant that its facts tell. Typeset twice, it is the same to the byte."""
    page = typst.compile(
        TEMPLATES / f"{template}.typ",
        root=TEMPLATES,
        font_paths=FONTS,
        sys_inputs={"data": json.dumps(_printable(words))},
        pdf_standards="a-2b",
        timestamp=int(at.timestamp()),
    )
    return page + b"\n"  # a seal is appended, and ISO 19005-2 wants a line of its own for what follows


def printable(text: str) -> str:
    """The text, each character that can't be printed by its code: "李" is "[U+674E]"."""
    return UNPRINTABLE.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)


def _printable(words: object) -> object:
    match words:
        case str():
            return printable(words)
        case Mapping():
            return {name: _printable(word) for name, word in words.items()}
        case list() | tuple():
            return [_printable(word) for word in words]
        case _:
            return words

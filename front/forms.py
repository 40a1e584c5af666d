"""Forms with one file (multipart/form-data, RFC 7578), read as they come."""

import re
from collections.abc import Mapping
from email.message import Message
from typing import TYPE_CHECKING, Any, LiteralString, NoReturn

from fastapi.exceptions import RequestValidationError
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser
from starlette.requests import Request

from domain.documents import document_name
from front.errors import MalformedForm, UnsupportedBody

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

FILE = "file"
LONGEST_FIELD_BYTES = 100
"""Of a field of a few letters."""
_BOUNDARY = re.compile(r"[!-~]([ -~]{0,68}[!-~])?")


class FileForm:
    """The file, and beside it fields, each at most once and no longer than it may be, in bytes."""

    def __init__(self, request: Request, *, fields: Mapping[str, int]) -> None:
        self.file_name: str | None = None
        self.fields: dict[str, str] = {}
        self._known = fields
        self._is_whole = False
        self._part = _Part()
        self._file = bytearray()
        self._parser = MultipartParser(_boundary(request), self._callbacks())

    def feed(self, data: bytes) -> bytes:
        """What of the file is in this. Raises MalformedForm; RequestValidationError, which names the wrong field."""
        try:
            self._parser.write(data)
        except FormParserError as error:
            raise MalformedForm from error
        found = bytes(self._file)
        self._file.clear()
        return found

    def finish(self) -> None:
        """There is no more. Raises MalformedForm if there should be, RequestValidationError if there was no file."""
        if not self._is_whole:
            raise MalformedForm
        if self.file_name is None:
            refuse(FILE, "missing", "Field required")

    def _callbacks(self) -> "MultipartCallbacks":
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._part.header_name.extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._part.header_value.extend(data[start:end]),
            "on_header_end": lambda: self._part.end_header(),  # noqa: PLW0108 - of the part at that time
            "on_headers_finished": self._open,
            "on_part_data": self._add,
            "on_part_end": self._close,
            "on_end": self._end,
        }

    def _begin(self) -> None:
        self._part = _Part()

    def _open(self) -> None:
        name = self._part.name = self._part.parameter("name") or ""
        if name == FILE and self.file_name is None:
            self.file_name = _file_name(self._part.parameter("filename"))
        elif name == FILE or name in self.fields:
            refuse(name, "given_twice", "Given more than once")
        elif name not in self._known:
            refuse(name, "extra_forbidden", "Extra inputs are not permitted")

    def _add(self, data: bytes, start: int, end: int) -> None:
        if self._part.name == FILE:
            self._file += data[start:end]
            return
        self._part.value += data[start:end]
        if len(self._part.value) > (longest := self._known[self._part.name]):
            refuse(self._part.name, "string_too_long", "Too long", max_length=longest)

    def _close(self) -> None:
        if self._part.name != FILE:
            self.fields[self._part.name] = self._part.value.decode("utf-8", "replace")

    def _end(self) -> None:
        self._is_whole = True


class _Part:
    """One part of the form, as far as it has come."""

    def __init__(self) -> None:
        self.name = ""
        self.header_name, self.header_value, self.value = bytearray(), bytearray(), bytearray()
        self._disposition = Message()

    def end_header(self) -> None:
        """Of all headers, Content-Disposition says something: declared types aren't believed."""
        if self.header_name.lower() == b"content-disposition":
            try:
                self._disposition["Content-Disposition"] = self.header_value.decode("utf-8")
            except ValueError as error:
                raise MalformedForm from error
        self.header_name.clear()
        self.header_value.clear()

    def parameter(self, name: str) -> str | None:
        """A parameter of it; the extended form (RFC 8187, always UTF-8) wins."""
        found = [value for known, value in self._parameters() if known == name]
        if not found or isinstance(found[-1], str):
            return found[-1] if found else None
        try:
            return str(found[-1][2]).encode("latin-1").decode("utf-8")
        except ValueError:
            return ""

    def _parameters(self) -> list[tuple[str, Any]]:
        found: list[tuple[str, Any]] = self._disposition.get_params([], "Content-Disposition")
        return [(name.lower(), value) for name, value in found]


def refuse(field: str, kind: LiteralString, words: str, **facts: Any) -> NoReturn:
    """Name a wrong field. Raises RequestValidationError."""
    raise RequestValidationError([{"type": kind, "loc": ("body", field), "msg": words, "ctx": facts}])


def _file_name(given: str | None) -> str:
    if (name := document_name(given or "")) is None:
        refuse(FILE, "file_name", "Not a file's name: 1 to 255 visible characters, no path, no reserved name")
    return name


def _boundary(request: Request) -> str:
    """What stands between the parts. Raises UnsupportedBody, MalformedForm."""
    header = Message()
    header["Content-Type"] = request.headers.get("content-type", "")
    if header.get_content_type() != "multipart/form-data":
        raise UnsupportedBody(expected="multipart/form-data")
    boundary = header.get_param("boundary")
    if not isinstance(boundary, str) or not _BOUNDARY.fullmatch(boundary):
        raise MalformedForm
    return boundary

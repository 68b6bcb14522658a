"""Reads mail (EML, saved web pages in MIME): who wrote to whom, about what, the words; attachments are members."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from email import policy
from email.header import decode_header, make_header
from email.message import Message

from screening.engine.reading.limits import Limits
from screening.engine.reading.papers import calendars, plain, web
from screening.engine.reading.papers.encodings import declared_in, decoded
from screening.engine.reading.papers.pager import Pager, Unreadable
from screening.engine.reasons import Reason

SHOWN = ("From", "To", "Cc", "Date", "Subject")
_HEADER = re.compile(r"([A-Za-z][A-Za-z0-9-]{1,40}):[ \t]?")
_TELLING = frozenset(
    {"from", "to", "subject", "date", "received", "message-id", "mime-version", "return-path", "delivered-to",
     "x-mailer", "content-type"}
)  # fmt: skip
_SEALED = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_ADDRESS = re.compile(r"\bhttps?://\S+|\bmailto:\S+|\[(?:image|cid)[^\]]*\]", re.IGNORECASE)
_LARGE_PICTURE = 30_000
"""Bytes: what is smaller is a mark in a signature, what is larger may be a page that was pasted into the text."""
_DEEPEST = 20
_MOST_PARTS = 2000


def looks_like(text: str) -> bool:
    """Whether a text is a mail: it begins with headers, of which three belong to mail."""
    lines = text[:16384].lstrip("\ufeff\r\n").splitlines()
    if lines and lines[0].isdecimal():  # As Apple's mail program saves them: a length goes before.
        lines = lines[1:]
    if lines and lines[0].startswith("From "):
        lines = lines[1:]
    found = set()
    for line in lines:
        header = _HEADER.match(line)
        if header:
            found.add(header[1].lower())
        elif not line.startswith((" ", "\t")):
            break
    return len(found & _TELLING) >= 3 or ("mime-version" in found and "content-type" in found)


def parsed(data: bytes) -> Message:
    """The mail of these bytes; whatever is wrong with it, there is one."""
    first, _, rest = data.partition(b"\n")
    body = rest if first.strip().isdigit() else data
    return email.message_from_bytes(body, policy=policy.compat32)


def read(data: bytes, limits: Limits) -> Pager:
    """The mail as pages. Raises TooMuch, Unreadable."""
    pager = Pager(limits)
    message = parsed(data)
    if message.get_content_type() == "multipart/encrypted" or _is_sealed(message):
        raise Unreadable(Reason.ENCRYPTED)
    _write(message, pager, limits)
    return pager


def _is_sealed(message: Message) -> bool:
    """Whether all of it is one encrypted piece (S/MIME, RFC 8551)."""
    kind = str(message.get_param("smime-type") or "").lower()
    return message.get_content_type() in _SEALED and kind in ("", "enveloped-data", "authenveloped-data")


def _write(message: Message, pager: Pager, limits: Limits) -> None:
    for name in SHOWN:
        value = shown(message.get(name))
        if value:
            pager.line(f"{name}: {value}")
    pager.line("")
    bodies = list(_bodies(message, 0))
    words = [part for part in bodies if part.get_content_type() != "text/html"]
    for part in words or bodies:
        if part.get_content_type() == "text/calendar":
            calendars.write(decoded(_bytes(part), _charset(part)), pager)
        else:
            write_body(_bytes(part), pager, is_html=part.get_content_type() == "text/html", charset=_charset(part))
    if words and (other := _said_otherwise(words, [part for part in bodies if part not in words], limits)):
        pager.line("")
        for line in other:
            pager.line(line)


def _said_otherwise(plain: list[Message], pages: list[Message], limits: Limits) -> list[str]:
    """What the mail says as a web page, which is what programs show, where that is not what it says as plain text."""
    own = [part for part in plain if part.get_content_type() != "text/calendar"]
    if not own or not pages:
        return []
    left = _letters(" ".join(_ADDRESS.sub(" ", decoded(_bytes(part), _charset(part))) for part in own))
    shown: list[str] = []
    for part in pages:
        pager = Pager(limits)
        write_body(_bytes(part), pager, is_html=True, charset=_charset(part))
        shown += [line for answer in pager.answers() for line in str(answer["text"]).split("\n") if line.strip()]
    missing = []
    for line in shown:
        letters = _letters(_ADDRESS.sub(" ", line))
        if letters in left:
            left = left.replace(letters, "", 1)
        else:
            missing.append(line)
    return shown if left else missing


def _letters(text: str) -> str:
    return "".join(sign for sign in text.lower() if sign.isalnum())


def write_body(data: bytes, pager: Pager, *, is_html: bool, charset: str | None) -> None:
    """The words of a mail, plain or as a web page."""
    if is_html:
        web.write(decoded(data, charset or declared_in(data)), pager)
    else:
        plain.write_text(decoded(data, charset), pager)


def attachments(message: Message) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each attachment; a mail in a mail is one."""
    for number, part in enumerate(_parts(message, 0), start=1):
        if number > _MOST_PARTS:
            return
        if part.get_content_type() == "message/rfc822":
            inner = part.get_payload()
            whole = inner[0] if isinstance(inner, list) and inner else inner
            if isinstance(whole, Message):
                yield f"{shown(whole.get('Subject')) or 'message'}.eml", whole.as_bytes(policy=policy.compat32)
        elif _is_attached(part):
            yield _name(part) or f"attachment-{number}", _bytes(part)


def _parts(message: Message, depth: int) -> Iterator[Message]:
    """The leaves of a mail; what is inside an attached mail belongs to that one."""
    inner = message.get_payload()
    if message.get_content_type() == "message/rfc822" and depth:
        yield message
    elif message.is_multipart() and isinstance(inner, list) and depth < _DEEPEST:
        for part in inner:
            if isinstance(part, Message):
                yield from _parts(part, depth + 1)
    else:
        yield message


def _bodies(message: Message, depth: int) -> Iterator[Message]:
    for part in _parts(message, depth):
        if part.get_content_maintype() == "text" and not _is_attached(part):
            yield part


def _is_attached(part: Message) -> bool:
    """Attached, or of a kind that is no text: pictures in a signature are left out, scans sent in the text are not."""
    if part.get_content_type() == "message/rfc822":
        return True
    if part.get_content_disposition() == "attachment":
        return True
    if part.get_content_maintype() == "text":
        return bool(_name(part)) and part.get_content_subtype() not in ("plain", "html")
    is_mark = part.get("Content-ID") and part.get_content_maintype() == "image" and len(_bytes(part)) < _LARGE_PICTURE
    return not part.is_multipart() and not is_mark


def _name(part: Message) -> str:
    try:
        return shown(part.get_filename())
    except (ValueError, TypeError, LookupError):
        return ""


def _charset(part: Message) -> str | None:
    try:
        return part.get_content_charset()
    except (ValueError, TypeError, LookupError):
        return None


def _bytes(part: Message) -> bytes:
    try:
        body = part.get_payload(decode=True)
    except (ValueError, TypeError, LookupError, AssertionError):
        body = None
    return body if isinstance(body, bytes) else b""


def shown(value: object) -> str:
    """A header as people read it; where its encoding is wrong, as it stands."""
    if value is None:
        return ""
    try:
        text = str(make_header(decode_header(str(value))))
    except (ValueError, LookupError, TypeError, AttributeError):
        text = str(value)
    return " ".join(text.split())

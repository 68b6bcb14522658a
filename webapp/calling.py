"""Hands signed messages over to webhooks: to public addresses only, without following anybody anywhere."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import ipaddress
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable
from typing import cast
from urllib.parse import SplitResult, urlsplit
from uuid import UUID

from models.operations.delivering import Message, NotTaken
from models.people import token_hash
from webapp.secret import secret_key
from webapp.settings import Settings

PATIENCE = 5.0
"""Seconds that an address may take for each step."""

LONGEST = 15.0
"""Seconds for all of it: who answers letter by letter is hung up on."""

SECRET_BEGINS_WITH = "whsec_"

WRAPPED = tuple(
    ipaddress.ip_network(text) for text in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96")
)
"""IPv6 addresses that carry an IPv4 address inside (RFC 6052, 8215, 3056, 4380): they could lead anywhere."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def secret_of(settings: Settings) -> Callable[[UUID, int], str]:
    """Works out secrets of webhooks from the installation's own key, so that no database or backup holds one."""
    key = secret_key(settings).encode()

    def worked_out(hook_id: UUID, generation: int) -> str:
        made = hmac.new(key, f"webhook {hook_id} {generation}".encode(), hashlib.sha256)
        return SECRET_BEGINS_WITH + made.hexdigest()

    return worked_out


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """What the receiver compares: HMAC-SHA256 (RFC 2104) over the time, a point and the body, in hexadecimals."""
    return "v1=" + hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()


def body_of(message: Message) -> bytes:
    """The message itself: what happened to which thing, by its key. Never a name, a quote or an answer."""
    told = {
        "id": str(message.id),
        "event": message.happening.value,
        "thing": str(message.thing_id),
        "organisation": str(message.organisation_id),
        "happened_at": message.happened_at.isoformat(),
    }
    return json.dumps(told, separators=(",", ":")).encode()


def caller(settings: Settings, *, clock: Callable[[], float] = time.time) -> Callable[[Message], int]:
    """Sends messages by these settings. What it returns raises NotTaken, and nothing else, for whatever goes wrong."""

    def call(message: Message) -> int:
        secret = secret_of(settings)(message.hook_id, message.generation)
        if not hmac.compare_digest(token_hash(secret), message.secret_print):
            raise NotTaken("secret_changed")
        body, timestamp = body_of(message), int(clock())
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Salient",
            "Salient-Event": message.happening.value,
            "Salient-Delivery": str(message.id),
            "Salient-Timestamp": str(timestamp),
            "Salient-Signature": signature(secret, timestamp, body),
        }
        return _answered(post(message.url, body, headers, private=settings.private_hooks))

    return call


def post(url: str, body: bytes, headers: dict[str, str], *, private: bool) -> int:
    """Send one request to the address that was looked at, and answer the status. Raises NotTaken."""
    parts = urlsplit(url)
    address = resolved(parts, private=private)
    connection = _Pinned(parts, str(address))
    hang_up = threading.Timer(LONGEST, connection.hang_up)
    hang_up.daemon = True
    hang_up.start()
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body=body, headers={"Host": parts.netloc, **headers})
        return connection.getresponse().status
    except ssl.SSLError:
        raise NotTaken("not_to_be_trusted") from None
    except (OSError, http.client.HTTPException, ValueError):
        raise NotTaken("no_answer") from None
    finally:
        hang_up.cancel()
        connection.close()


def resolved(parts: SplitResult, *, private: bool) -> Address:
    """The one address that is connected to. All that the name stands for must be public: what is looked up is used.

    Raises NotTaken for a name without an address, and for one that leads inside.
    """
    if parts.scheme != "https" and not private:
        raise NotTaken("address_refused")
    try:
        rows = socket.getaddrinfo(parts.hostname, port_of(parts), type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotTaken("no_such_address") from None
    found = [ipaddress.ip_address(str(row[4][0]).partition("%")[0]) for row in rows]
    if not found or not (private or all(is_public(address) for address in found)):
        raise NotTaken("address_refused")
    return found[0]


def is_public(address: Address) -> bool:
    """Whether an address lies in the open internet, and not on this machine or in anybody's own network."""
    if isinstance(address, ipaddress.IPv6Address) and any(address in network for network in WRAPPED):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def port_of(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _answered(status: int) -> int:
    if 200 <= status < 300:
        return status
    raise NotTaken("redirected" if 300 <= status < 400 else "refused", status)


class _Pinned(http.client.HTTPConnection):
    """A connection to the address that was looked at, whatever the name stands for a moment later."""

    def __init__(self, parts: SplitResult, address: str) -> None:
        super().__init__(cast(str, parts.hostname), port_of(parts), timeout=PATIENCE)
        self._address, self._secure = address, parts.scheme == "https"

    def connect(self) -> None:
        raw = socket.create_connection((self._address, self.port), timeout=PATIENCE)
        if self._secure:
            raw = ssl.create_default_context().wrap_socket(raw, server_hostname=self.host)
        self.sock = raw

    def hang_up(self) -> None:
        if self.sock is not None:
            try:
                self.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                return

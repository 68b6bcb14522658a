"""A receiver of webhooks as an integrator would write one: a real server, and a check of signatures of its own."""

from __future__ import annotations

import hashlib
import hmac
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(slots=True)
class Receiver:
    """What came in, and what is answered."""

    port: int = 0
    status: int = 204
    location: str = ""
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/told"


@contextmanager
def receiver() -> Iterator[Receiver]:
    """A server on a free port of this machine."""
    state = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.came.append(({name.lower(): text for name, text in self.headers.items()}, body))
            self.send_response(state.status)
            if state.location:
                self.send_header("Location", state.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            """Nothing on the terminal."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        state.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield state
        server.shutdown()
        thread.join()


def is_genuine(headers: dict[str, str], body: bytes, secret: str, *, at: int, tolerance: int = 300) -> bool:
    """As docs/api.md describes it, with nothing of the product: the time is near, and the signature fits."""
    sent = headers.get("salient-timestamp", "")
    if not sent.isdigit() or abs(at - int(sent)) > tolerance:
        return False
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in _key(secret)) + sent.encode() + b"." + body).digest()
    expected = hashlib.sha256(bytes(byte ^ 0x5C for byte in _key(secret)) + inner).hexdigest()
    return hmac.compare_digest(f"v1={expected}", headers.get("salient-signature", ""))


def _key(secret: str) -> bytes:
    """HMAC by hand (RFC 2104), so that one library is not compared with itself."""
    raw = secret.encode()
    return (hashlib.sha256(raw).digest() if len(raw) > 64 else raw).ljust(64, b"\0")

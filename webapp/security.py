"""What every answer carries and every request must show: headers, a trusted host, our own forms only."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask, abort, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

from models.people import LONGEST
from webapp.doors import close_reading
from webapp.secret import secret_key
from webapp.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

FORM_BYTES = 1024 * 1024
"""The largest body of a form without files. A page that takes files has its own limit."""

FORM_PARTS = 200
"""How many parts a form may have: no form of ours comes near."""

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
    )
)
"""Nothing inline, nothing from elsewhere."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()",
    "X-Robots-Tag": "noindex, nofollow",
}

OPERATORS = frozenset({"/health", "/ready"})
"""Pages that are asked for by machines of the operator, under any name."""

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def set_up(app: Flask, settings: Settings) -> CSRFProtect:
    """Configure cookies, limits of requests and forms. The order of the checks is in `factory`."""
    secure = settings.is_production
    app.config.update(
        SECRET_KEY=secret_key(settings),
        TRUSTED_HOSTS=list(settings.trusted_hosts) or None,
        SESSION_COOKIE_NAME="__Host-salient-form" if secure else "salient-form",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=1),
        MAX_CONTENT_LENGTH=FORM_BYTES,
        MAX_FORM_MEMORY_SIZE=FORM_BYTES // 2,
        MAX_FORM_PARTS=FORM_PARTS,
        WTF_CSRF_CHECK_DEFAULT=False,  # Checked by `refuse_foreign_forms`, in an order of our own.
        WTF_CSRF_SSL_STRICT=False,  # It wants a Referer, which our own policy takes away; the origin is checked here.
        WTF_CSRF_TIME_LIMIT=int(LONGEST.total_seconds()),
        TRAP_HTTP_EXCEPTIONS=False,
        PROPAGATE_EXCEPTIONS=False,
        DEBUG=False,
    )
    if settings.trusted_hosts:
        app.wsgi_app = _answer_the_operator(app.wsgi_app, settings.trusted_hosts[0])  # type: ignore[method-assign,assignment]
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=settings.proxies
        )
    csrf = CSRFProtect()
    csrf.init_app(app)
    app.after_request(add_headers)
    app.teardown_request(close_reading)
    return csrf


def _answer_the_operator(inner: WSGIApplication, host: str) -> WSGIApplication:
    """A load balancer asks for health by address, not by name: those two pages say the same to whatever host."""

    def outer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO") in OPERATORS:
            environ = {**environ, "HTTP_HOST": host.lstrip(".")}
        return inner(environ, start_response)

    return outer


def refuse_foreign_forms(csrf: CSRFProtect) -> None:
    """Refuse whatever would change something and did not come from a page of ours."""
    if request.method in SAFE:
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        _foreign("fetch_site")
    # A browser that honours our no-referrer policy sends "null": then the line above and the token decide.
    origin = request.headers.get("Origin", "null")
    if origin != "null" and urlsplit(origin)[:2] != (request.scheme, request.host):
        _foreign("origin")
    if request.mimetype not in ("", "application/x-www-form-urlencoded", "multipart/form-data"):
        _foreign("content_type")
    csrf.protect()


def add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if request.endpoint == "static" and response.status_code == 200:
        # The address of a static file carries the hash of its content, so it may be kept for good.
        fingerprinted = "v" in request.args
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if fingerprinted else "no-cache"
    return response


def _foreign(what: str) -> None:
    log.warning("foreign_form", extra={"what": what, "endpoint": request.endpoint})
    abort(400)

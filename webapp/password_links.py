"""The links by which a forgotten password is replaced carry the installation's own seal: what is made up is refused."""

from __future__ import annotations

import hashlib

from itsdangerous import BadSignature, Signer

from webapp.secret import secret_key
from webapp.settings import Settings


def sealed(secret: str, settings: Settings) -> str:
    """The secret with its seal, as it stands in a letter."""
    return _signer(settings).sign(secret).decode()


def opened(token: str, settings: Settings) -> str:
    """The secret behind a seal of ours; empty for every other text, which then is looked up nowhere."""
    try:
        return _signer(settings).unsign(token).decode()
    except (BadSignature, UnicodeError):
        return ""


def _signer(settings: Settings) -> Signer:
    return Signer(secret_key(settings), salt="forgotten-password", digest_method=hashlib.sha256)

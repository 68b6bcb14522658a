"""The key that seals cookies: given by the operator, or made once in development and kept for its owner alone."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from webapp.settings import Settings, SettingsError


def secret_key(settings: Settings) -> str:
    """The key to use. Raises SettingsError in production without one: nothing is ever made up there."""
    if settings.given_secret_key:
        return settings.given_secret_key
    if settings.is_production:
        raise SettingsError("SECRET_KEY must be set in production.")
    return _kept(settings.folder / "secret_key")


def _kept(path: Path) -> str:
    """The key in this file, made first when there is none. Two processes that come at once get the same key."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        aside = path.with_name(f"{path.name}.{os.getpid()}")
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            os.link(aside, path)  # Unlike a rename, this fails when somebody was faster.
        except FileExistsError:
            pass
        finally:
            aside.unlink()
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)
    return path.read_text()

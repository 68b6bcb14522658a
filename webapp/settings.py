"""Everything that an operator can set, read from the environment once and checked before anything starts."""

from __future__ import annotations

import difflib
import hashlib
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Any

from models.plan_policy import DEFAULT
from webapp import plan_settings
from webapp.desk_settings import DeskSettings
from webapp.setting_kinds import About, LogLevel, about, address, listed, switch, whole, word

SHORTEST_SECRET = 32
"""Characters. A key of fewer is too easily found by trying (OWASP ASVS 5.0, 11.2.3 asks for 128 bits)."""

LONGEST_SOCKET_PATH = 100
"""Bytes. The kernel takes 107 on Linux and 103 on macOS."""


class SettingsError(Exception):
    """One or more settings cannot be used. The text has a line for each and never shows a value that is secret."""


class Environment(StrEnum):
    DEVELOPMENT = "development"
    PRODUCTION = "production"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(DeskSettings):
    """The settings of one installation. Made by `Settings.read`; tests make it directly."""

    environment: Environment = field(
        default=Environment.DEVELOPMENT,
        metadata=about(
            "SALIENT_ENV",
            word(Environment),
            "`production` refuses to start without its secrets; `development` makes its own and keeps them in the data "
            "folder.",
        ),
    )
    data: Path = field(
        default=Path("var"),
        metadata=about(
            "SALIENT_DATA",
            Path,
            "The folder for everything that is kept on this machine: database, files, queue and logs.",
        ),
    )
    database_url: str = field(
        default="",
        metadata=about(
            "DATABASE_URL",
            address("sqlite:///", "postgresql://", "postgresql+psycopg://"),
            "Where the database is: `sqlite:///path` or `postgresql://user:password@host/name`.",
            shown_default="the SQLite file `salient.sqlite3` in the data folder",
            secret=True,
        ),
    )
    redis_url: str = field(
        default="",
        metadata=about(
            "REDIS_URL",
            address("redis://", "rediss://", "unix://"),
            "Your own Redis or Valkey for the queue and the rate limits.",
            shown_default="an embedded Valkey in the data folder, reached by a socket file",
            secret=True,
        ),
    )
    vault_url: str = field(
        default="",
        metadata=about(
            "VAULT_URL",
            address("file:///", "s3://"),
            "Where files are kept: `file:///folder`, or `s3://bucket/prefix?endpoint=https://host&region=name` for any "
            "S3-compatible store.",
            shown_default="the folder `vault` in the data folder",
        ),
    )
    given_secret_key: str = field(
        default="",
        metadata=about(
            "SECRET_KEY",
            str,
            f"Seals cookies and forms; at least {SHORTEST_SECRET} random characters, the same for every process, and "
            "required in production.",
            shown_default="in development: made once and kept in the data folder, readable by its owner alone",
            secret=True,
        ),
    )
    trusted_hosts: tuple[str, ...] = field(
        default=(),
        metadata=about(
            "TRUSTED_HOSTS",
            listed,
            "Host names that this installation answers to, separated by commas; required in production.",
            shown_default="any, in development",
        ),
    )
    host: str = field(
        default="127.0.0.1", metadata=about("SALIENT_HOST", str, "The network address that the web server listens on.")
    )
    port: int = field(
        default=8000, metadata=about("SALIENT_PORT", whole(1, 65535), "The port that the web server listens on.")
    )
    proxies: int = field(
        default=0,
        metadata=about(
            "SALIENT_PROXIES",
            whole(0, 10),
            "How many reverse proxies of your own stand in front, each of which adds to `X-Forwarded-For`.",
        ),
    )
    web_processes: int = field(
        default=2, metadata=about("SALIENT_WEB_PROCESSES", whole(1, 64), "How many web processes answer requests.")
    )
    web_threads: int = field(
        default=4,
        metadata=about("SALIENT_WEB_THREADS", whole(1, 64), "How many requests each web process answers at once."),
    )
    workers: int = field(
        default=2,
        metadata=about(
            "SALIENT_WORKERS", whole(1, 64), "How many documents `salient up` reads and screens at the same time."
        ),
    )
    lease_seconds: int = field(
        default=120,
        metadata=about(
            "SALIENT_LEASE_SECONDS",
            whole(1, 86_400),
            "How long a worker may be silent before another takes its document over.",
        ),
    )
    sweep_seconds: int = field(
        default=5,
        metadata=about("SALIENT_SWEEP_SECONDS", whole(1, 3600), "How often the clock looks for work that stalled."),
    )
    upload_megabytes: int = field(
        default=100,
        metadata=about("SALIENT_UPLOAD_MB", whole(1, 250), "The largest file that may be uploaded, in MB."),
    )
    uploads_an_hour: int = field(
        default=60,
        metadata=about(
            "SALIENT_UPLOADS_PER_HOUR", whole(1, 100_000), "How many files one supplier may upload in an hour."
        ),
    )
    supplier_megabytes: int = field(
        default=5000,
        metadata=about(
            "SALIENT_SUPPLIER_MB", whole(1, 10_000_000), "How much one supplier may keep here altogether, in MB."
        ),
    )
    import_folders: tuple[str, ...] = field(
        default=(),
        metadata=about(
            "SALIENT_IMPORT_FOLDERS", listed, "Folders below which compliance may import archives, separated by commas."
        ),
    )
    import_stores: tuple[str, ...] = field(
        default=(),
        metadata=about(
            "SALIENT_IMPORT_STORES", listed, "S3 places to import from, as in `VAULT_URL`, separated by commas."
        ),
    )
    page_limit: int = field(
        default=5000,
        metadata=about("SALIENT_PAGE_LIMIT", whole(1, 100_000), "The most pages that one document may have."),
    )
    plan_days: plan_settings.Days = field(default=plan_settings.USUAL, metadata=plan_settings.PLAN_DAYS)
    containment_hours: int = field(default=DEFAULT.containment_hours, metadata=plan_settings.CONTAINMENT)
    dispute_days: int = field(default=DEFAULT.dispute_days, metadata=plan_settings.DISPUTE)
    verify_days: int = field(default=DEFAULT.verify_days, metadata=plan_settings.VERIFY)
    effect_days: int = field(default=DEFAULT.effect_days, metadata=plan_settings.EFFECT)
    escalate_after: tuple[int, ...] = field(default=DEFAULT.escalate_after, metadata=plan_settings.LADDER)
    remind_days: int = field(default=DEFAULT.remind_days, metadata=plan_settings.REMIND)
    holidays: Path | None = field(default=None, metadata=plan_settings.HOLIDAYS)
    log_level: LogLevel = field(
        default=LogLevel.INFO,
        metadata=about("SALIENT_LOG_LEVEL", word(LogLevel), "How much is logged: debug, info, warning or error."),
    )
    debug: bool = field(
        default=False,
        metadata=about(
            "SALIENT_DEBUG",
            switch,
            "Starts the web processes anew when their code changes; refused in production.",
            shown_default="no",
        ),
    )

    @classmethod
    def read(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read and check the environment. Raises SettingsError that names every setting at fault."""
        environ = os.environ if environ is None else environ
        values: dict[str, Any] = {}
        faults: list[str] = []
        for name, known in catalogue().items():
            text = environ.get(known.variable, "").strip()
            if not text:
                continue
            try:
                values[name] = known.parse(text)
            except ValueError as error:
                faults.append(f"{known.variable} {error}.")
        settings = cls(**values)
        faults += settings.faults(flask_debug=environ.get("FLASK_DEBUG", ""))
        if faults:
            raise SettingsError("\n".join(faults))
        return settings

    def faults(self, *, flask_debug: str = "") -> list[str]:
        """Why these settings may not be used in production; nothing in development."""
        if not self.is_production:
            return []
        found: list[str] = []
        if len(self.given_secret_key) < SHORTEST_SECRET or len(set(self.given_secret_key)) < 10:
            found.append(
                f"SECRET_KEY must be set in production, to at least {SHORTEST_SECRET} random characters: "
                'python -c "import secrets; print(secrets.token_urlsafe(48))" makes one.'
            )
        if not self.trusted_hosts:
            found.append("TRUSTED_HOSTS must be set in production, to the host names that your users type.")
        if self.debug or flask_debug.strip().lower() not in ("", "0", "false", "no"):
            found.append("Debugging (SALIENT_DEBUG, FLASK_DEBUG) must be off in production.")
        return found

    @property
    def is_production(self) -> bool:
        return self.environment is Environment.PRODUCTION

    @property
    def folder(self) -> Path:
        """The data folder, from the root, so that every process means the same one."""
        return self.data.expanduser().absolute()

    @property
    def database(self) -> str:
        """The address of the database that is used."""
        return self.database_url or f"sqlite:///{self.folder / 'salient.sqlite3'}"

    @property
    def embeds_queue(self) -> bool:
        return not self.redis_url

    @property
    def queue_socket(self) -> Path:
        """Where the embedded queue server listens. Too long a path cannot be a socket, so then it has a short one."""
        wanted = self.folder / "queue" / "queue.sock"
        if len(os.fsencode(wanted)) <= LONGEST_SOCKET_PATH:
            return wanted
        short = hashlib.sha256(os.fsencode(wanted)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"salient-{os.getuid()}-{short}" / "queue.sock"

    @property
    def queue(self) -> str:
        """The address of the queue server that is used."""
        return self.redis_url or f"unix://{self.queue_socket}"

    @property
    def rate_limit_storage(self) -> str:
        """The same server in the form that Flask-Limiter reads: counts are shared by all web processes."""
        return f"redis+{self.queue}" if self.queue.startswith("unix://") else self.queue

    @property
    def vault(self) -> str:
        """The address of the file store that is used."""
        return self.vault_url or f"file://{self.folder / 'vault'}"

    @property
    def upload_bytes(self) -> int:
        return self.upload_megabytes * 1024 * 1024


def catalogue() -> dict[str, About]:
    """Every setting by the name of its field, in the order of the documentation."""
    return {entry.name: entry.metadata["about"] for entry in fields(Settings)}


def unknown(environ: Mapping[str, str] | None = None) -> list[str]:
    """A sentence for every `SALIENT_...` variable that is no setting, with the nearest one that is."""
    known = {entry.variable.removeprefix("SALIENT_"): entry.variable for entry in catalogue().values()}
    strangers = sorted(set(os.environ if environ is None else environ) - set(known.values()) - {"SALIENT_SHARED"})
    sentences = []
    for name in strangers:
        if not name.startswith("SALIENT_"):
            continue
        near = difflib.get_close_matches(name.removeprefix("SALIENT_"), known, n=1, cutoff=0.5)
        hint = f" Did you mean {known[near[0]]}?" if near else " `salient settings` lists them all."
        sentences.append(f"{name} is not a setting and does nothing.{hint}")
    return sentences

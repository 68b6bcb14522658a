"""How the web server runs. It keeps no access log: who looks at what, and from where, is nobody's business."""

from __future__ import annotations

import gc
import logging
from importlib import import_module
from pathlib import Path
from typing import Any

from gunicorn.glogging import Logger  # type: ignore[import-untyped]

from webapp.logging import set_up
from webapp.settings import Settings

_settings = Settings.read()

wsgi_app = "webapp.factory:create_app()"
bind = f"{_settings.host}:{_settings.port}"
workers = _settings.web_processes
threads = _settings.web_threads
worker_class = "gthread"
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 For heartbeats alone: a slow disk must not stop them.
timeout = 60
graceful_timeout = 25
keepalive = 5
reload = _settings.debug
accesslog = None
errorlog = "-"
proc_name = "salient-web"
control_socket_disable = True
forwarded_allow_ips = "127.0.0.1,::1" if not _settings.proxies else "*"


class _WithoutStrangersWords(logging.Filter):
    """The server's own warnings may quote a request or the address that it came from: only their pattern is kept."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.trouble = str(record.msg).partition(" from ip=")[0].partition("\n")[0]
        record.msg, record.args = "web_server_trouble", None
        return True


class logger_class(Logger):  # type: ignore[misc]  # noqa: N801 The server asks for this name, and is not typed.
    """Sends the server's warnings to our log."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        set_up(_settings)
        self.error_log.handlers[:] = []
        self.error_log.propagate = True
        self.error_log.setLevel(logging.WARNING)
        self.error_log.addFilter(_WithoutStrangersWords())


def on_starting(_server: Any) -> None:
    """Load the code once, before the server's processes fork: each of them starts sooner and shares its memory.

    Where it reloads, every process loads its own code, or it would never see a change.
    """
    if not reload:
        import_module("webapp.factory")


def post_worker_init(_worker: Any) -> None:
    """What is loaded now stays for good: the collector need not go through it again while a visitor waits."""
    gc.collect()
    gc.freeze()


def when_ready(_server: Any) -> None:
    logging.getLogger("webapp.web").info("web_ready", extra={"port": _settings.port})

"""The processes of an installation, one command each: queue server, web server, workers, clock."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from types import FrameType

import click

from webapp.commands import obey_parent, read_settings, with_parent

LIBRARY_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""A worker is one of several, and forks: its libraries must not each start a thread for every processor."""


@click.command()
@with_parent
def web(parent: int | None) -> None:
    """Run the web server (gunicorn) on SALIENT_HOST and SALIENT_PORT.

    \b
    Example:
      SALIENT_PORT=8080 salient web
    """
    settings = read_settings()
    obey_parent(parent)
    from webapp.secret import secret_key

    secret_key(settings)  # Made here once, before several processes ask for it.
    from gunicorn.app.wsgiapp import run  # type: ignore[import-untyped]

    sys.argv = ["salient-web", "--config", "python:webapp.gunicorn_conf"]
    run()


@click.command()
@click.option("--count", type=click.IntRange(1, 64), default=1, show_default=True, help="How many workers.")
@with_parent
def worker(count: int, parent: int | None) -> None:
    """Run workers. Each reads and screens one document at a time.

    \b
    Example:
      salient worker --count 2
    """
    settings = read_settings()
    obey_parent(parent)
    if count > 1:
        _several(count)
        return
    for name in LIBRARY_THREADS:
        os.environ.setdefault(name, "1")
    from webapp.logging import set_up
    from webapp.tools import warm_tools
    from webapp.worker import work

    set_up(settings)
    work(settings, lambda: warm_tools(settings))


@click.command()
@with_parent
def clock(parent: int | None) -> None:
    """Run the clock: every few seconds it rings again for work that stalled.

    \b
    Example:
      salient clock
    """
    settings = read_settings()
    obey_parent(parent)
    from webapp.clock import run
    from webapp.logging import set_up

    set_up(settings)
    run(settings, stop_event())


@click.command()
@with_parent
def queue(parent: int | None) -> None:
    """Run the embedded queue server (Valkey) on a socket in the data folder.

    Does nothing but wait when REDIS_URL names a server of your own.

    \b
    Example:
      salient queue
    """
    settings = read_settings()
    obey_parent(parent)
    if not settings.embeds_queue:
        click.echo("REDIS_URL names your own queue server: the embedded one is not needed.", err=True)
        stop_event().wait()
        return
    from webapp.embedded import AlreadyRunning, become_queue_server

    try:
        become_queue_server(settings)
    except AlreadyRunning as other:
        raise click.ClickException(f"A queue server already runs on {settings.folder} ({other}).") from None


def stop_event() -> threading.Event:
    """An event that SIGTERM or SIGINT sets."""
    stop = threading.Event()

    def told(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, told)
    signal.signal(signal.SIGINT, told)
    return stop


def _several(count: int) -> None:
    """Supervise so many single workers, their logs on this terminal."""
    from webapp.supervisor import Supervisor

    stop = stop_event()
    supervisor = Supervisor(say=lambda sentence: click.echo(sentence, err=True), environ=dict(os.environ))
    for number in range(1, count + 1):
        supervisor.start(f"worker-{number}", "worker")
    while not stop.is_set():
        supervisor.look()
        time.sleep(0.1)
    supervisor.stop()

"""The clock of the product, less patient so that a test need not wait: `python -m tests.queue.clock_process`."""

from datetime import timedelta

from models.operations import sweeping
from webapp.clock import run
from webapp.commands.run import stop_event
from webapp.logging import set_up
from webapp.settings import Settings

if __name__ == "__main__":
    settings = Settings.read()
    set_up(settings)
    sweeping.PATIENCE = timedelta(seconds=1)
    run(settings, stop_event())

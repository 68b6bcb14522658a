"""The clock of the product, less patient so that a test need not wait."""

from datetime import timedelta

from models.operations import sweeping
from webapp.clock import run
from webapp.commands.run import stop_event
from webapp.logging import set_up
from webapp.settings import Settings


def main() -> None:
    settings = Settings.read()
    set_up(settings)
    sweeping.PATIENCE = timedelta(seconds=1)
    run(settings, stop_event())

"""The product's worker with the small judge."""

import os

from screening.engine.pipeline import Judge
from screening.engine.reading.orders import Reader
from tests.queue.judging import WordJudge
from webapp.logging import set_up
from webapp.settings import Settings
from webapp.tools import WarmTools
from webapp.worker import work


class UndrawnTools(WarmTools):
    """Drawing pages costs more than all the rest, and loses nothing when it is missed.

    READERS names what is ready in the cage; to start all four readers takes a processor second and a half.
    """

    def __init__(self, settings: Settings, judge: Judge) -> None:
        super().__init__(settings, judge)
        if named := os.environ.get("READERS"):
            self.readers = [Reader(name) for name in named.split()]

    def draw(self, data: bytes, pages: list[int]) -> dict[int, bytes]:
        return {}


def main() -> None:
    settings = Settings.read()
    set_up(settings)
    work(settings, lambda: UndrawnTools(settings, WordJudge()))

"""The product's worker with the small judge."""

from tests.queue.judging import WordJudge
from webapp.logging import set_up
from webapp.settings import Settings
from webapp.tools import WarmTools
from webapp.worker import work


class UndrawnTools(WarmTools):
    """Drawing pages costs more than all the rest, and loses nothing when it is missed."""

    def draw(self, data: bytes, pages: list[int]) -> dict[int, bytes]:
        return {}


def main() -> None:
    settings = Settings.read()
    set_up(settings)
    work(settings, lambda: UndrawnTools(settings, WordJudge()))

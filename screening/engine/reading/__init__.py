"""From untrusted bytes to a `Reading`: the cage and what happens inside it."""

from screening.engine.reading.cage import Cage, CannotDraw, Cost, Proof
from screening.engine.reading.guard import Guard
from screening.engine.reading.limits import Limits

__all__ = ["Cage", "CannotDraw", "Cost", "Guard", "Limits", "Proof"]

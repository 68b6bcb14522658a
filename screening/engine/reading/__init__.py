"""From untrusted bytes to a `Reading`: the cage and what happens inside it."""

from screening.engine.reading.cage import Cage, CannotDraw
from screening.engine.reading.guard import Guard, Proof
from screening.engine.reading.hands import Cost
from screening.engine.reading.limits import Limits
from screening.engine.reading.recognising import Engine
from screening.engine.reading.scans import FolderMemory, Recognition

__all__ = ["Cage", "CannotDraw", "Cost", "Engine", "FolderMemory", "Guard", "Limits", "Proof", "Recognition"]

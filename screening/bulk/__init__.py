"""Screens a folder of documents without a server or a database, and writes results that can be passed on."""

from screening.bulk.gathering import NothingThere
from screening.bulk.run import Options, Outcome, screen
from screening.bulk.workers import Stillborn
from screening.engine.reading import Engine, Recognition

__all__ = ["Engine", "NothingThere", "Options", "Outcome", "Recognition", "Stillborn", "screen"]

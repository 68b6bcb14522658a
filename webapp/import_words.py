"""The names that people read for the states of imports and their files, and the sentence for every reason."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from models.imports import EntryState, ImportKind, ImportState
from webapp import words

NAMES: dict[type[StrEnum], dict[str, object]] = {
    ImportKind: {
        ImportKind.ZIP: _l("Archive"),
        ImportKind.FOLDER: _l("Folder"),
        ImportKind.S3: _l("Object store"),
    },
    ImportState: {
        ImportState.LISTING: _l("Being looked through"),
        ImportState.TAKING: _l("Files are being taken in"),
        ImportState.PAUSED: _l("Paused"),
        ImportState.CANCELLED: _l("Cancelled"),
        ImportState.DONE: _l("All files accounted for"),
        ImportState.FAILED: _l("Stopped by a fault"),
    },
    EntryState: {
        EntryState.WAITING: _l("Waits to be taken in"),
        EntryState.TAKEN: _l("Taken in"),
        EntryState.KNOWN: _l("Was here already"),
        EntryState.HELD: _l("Waits for a person"),
        EntryState.REFUSED: _l("Not taken"),
        EntryState.LEFT_OUT: _l("Left out"),
    },
}

REASONS: dict[str, object] = {
    "hidden": _l("A hidden file that an operating system made for itself."),
    "not_a_file": _l("A link or a device, not a file: put the file itself there and import it again."),
    "unprintable_name": _l("The name holds signs that no text can show: rename the file and import it again."),
    "cannot_access": _l("The file could not be opened in its place: see who may read it, and import it again."),
    "failed_repeatedly": _l("It ended its worker three times, so it was set aside: send it by itself."),
    "name_fits": _l("The document prints the name of a supplier. Confirm it, or choose another."),
    "name_unknown": _l("The document prints a name that is no supplier here. Choose whose it is."),
    "no_name": _l("The document does not say whose it is. Choose whose it is."),
    "by_a_person": _l("A person left it out."),
    "cancelled": _l("The import was cancelled before it was settled."),
    "place_gone": _l("The place is not there any more. Put it back, then resume."),
    "place_refuses": _l("The store refuses access. Ask the operator to see to its keys, then resume."),
    "place_silent": _l("The store does not answer. Resume when it is back."),
    "no_room": _l("The file store is full. Make room, then resume."),
    "owner_gone": _l("Who began this import may no longer log in. Cancel it and begin it anew."),
}
"""What the engine's own list of reasons does not have."""


def name(word: StrEnum) -> str:
    return str(NAMES[type(word)][word])


def reason(word: str | None) -> str:
    """What happened and what to do, as a sentence; empty without a reason."""
    if word in REASONS:
        return str(REASONS[word])
    return words.advice(word) or str(gettext("It could not be opened.") if word else "")

"""Published questionnaires, opened once in a process: read, proved and ready to guide."""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.submissions import Published
from questionnaires.definition import Questionnaire
from questionnaires.loading import loads
from questionnaires.path import Guide

MOST = 24
"""Questionnaires kept open in one process; the one that was not used for longest is closed first."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A definition with its guide. Neither ever changes, so both may be shared by threads."""

    digest: str
    questionnaire: Questionnaire
    guide: Guide


_shelf: OrderedDict[str, Opened] = OrderedDict()
_lock = threading.Lock()


def digest_of(source: str, translations: dict[str, str]) -> str:
    """The SHA-256 of a definition together with its translations: two of the same digest are the same to the letter."""
    text = json.dumps([source, sorted(translations.items())], ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def opened(session: Session, published: Published) -> Opened:
    """The questionnaire, ready for use. It was proved when it was published, so this does not check it again."""
    with _lock:
        known = _shelf.get(published.digest)
        if known is not None:
            _shelf.move_to_end(published.digest)
            return known
    row = session.execute(select(Published.source, Published.translations).where(Published.id == published.id)).one()
    return keep(published.digest, loads(row.source, dict(row.translations)))


def keep(digest: str, questionnaire: Questionnaire) -> Opened:
    """Put an opened questionnaire on the shelf."""
    made = Opened(digest, questionnaire, Guide(questionnaire))
    with _lock:
        _shelf[digest] = made
        while len(_shelf) > MOST:
            _shelf.popitem(last=False)
    return made

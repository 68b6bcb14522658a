"""The words of every letter, in its reader's language: who asks, for what, by when. Never an answer, never a name."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from babel.dates import format_date

from models.mail import Mail, MailKind

FOLDER = Path(__file__).parent
LANGUAGES = tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))
"""The languages that letters can be written in; English is there for all others, and for those to the buyer."""

TO_THE_BUYER = (MailKind.ESCALATION, MailKind.EXTENSION_ASKED)


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as it leaves."""

    to: str
    subject: str
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Way:
    """How the reader gets to the page: its lasting address, and the link that opens once, until a day."""

    page: str
    link: str = ""
    expires: date | None = None


def write(mail: Mail, way: Way) -> Letter:
    """The letter's words. What suppliers answered, and who is late, stands in none of them: that needs a log-in."""
    language = mail.language if mail.kind.value in _texts(mail.language) else "en"
    texts = _texts(language)
    facts = _facts(mail, language, way)
    parts = [texts[mail.kind]["body"].strip()]
    if way.link:
        parts += [f"{texts['link']}\n{way.link}", f"{texts['later']}\n{way.page}"]
    else:
        parts.append(way.page)
    parts.append(f"-- \n{texts['closing']}")
    text = "\n\n".join(parts).format_map(facts) + "\n"
    subject = texts[mail.kind]["subject"].format_map(facts)
    return Letter(mail.person.email, " ".join(subject.split()), text, language)


def _facts(mail: Mail, language: str, way: Way) -> dict[str, str]:
    submission, campaign = mail.invitation.submission, mail.invitation.campaign
    return {
        "buyer": _plain(mail.invitation.supplier.buyer.name),
        "title": _plain(submission.questionnaire.title_in(language)),
        "campaign": _plain(campaign.name),
        "due": _day(submission.due_on or campaign.due_on, language),
        "expires": _day(way.expires, language),
    }


def _plain(text: str) -> str:
    """On one line: what companies call themselves must not begin a line of its own."""
    return " ".join(text.split())


def _day(value: date | None, language: str) -> str:
    return "" if value is None else str(format_date(value, "long", locale=language))


@cache
def _texts(language: str) -> dict[str, Any]:
    path = FOLDER / f"{language}.toml"
    if language not in LANGUAGES:
        return {}
    with path.open("rb") as file:
        return tomllib.load(file)

"""The words of every letter, in its reader's language: who asks, for what, by when. Never an answer, never a name."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from babel.dates import format_date
from babel.numbers import format_decimal

from models.mail import ABOUT_PLANS, Mail, MailKind, MailPart
from models.operations import posting

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
    weekly: str = ""
    """The list of critical plans that are looked at every week; for a buyer."""


def write(mail: Mail, way: Way, buyer_id: UUID | None = None) -> Letter:
    """The letter's words. What suppliers answered, and who is late, stands in none of them: that needs a log-in.

    A letter about plans to several customers shows, with `buyer_id`, the part of that one alone.
    """
    language = mail.language if mail.kind.value in _texts(mail.language) else "en"
    texts = _texts(language)
    parts = posting.parts_for(mail, buyer_id)
    facts = _facts(mail, parts, language, way)
    if mail.kind is MailKind.PASSWORD:
        return _about_a_password(mail, texts[mail.kind], way, language)
    body = [texts[mail.kind]["body"].strip().format_map(facts)]
    body += counted(mail, parts, texts["counts"], language, way.weekly)
    later = texts["later" if mail.invitation_id else "log_in"].format_map(facts)
    if way.link:
        body += [f"{texts['link'].format_map(facts)}\n{way.link}", f"{later}\n{way.page}"]
    elif mail.invitation_id:
        body.append(way.page)
    else:
        body.append(f"{later}\n{way.page}")
    if mail.kind is MailKind.DIGEST:
        body.append(texts["switch"])
    body.append(f"-- \n{texts['closing_counts' if mail.kind in ABOUT_PLANS else 'closing'].format_map(facts)}")
    subject = texts[mail.kind]["subject"].format_map(facts)
    return Letter(mail.person.email, " ".join(subject.split()), "\n\n".join(body) + "\n", language)


def _about_a_password(mail: Mail, words: dict[str, str], way: Way, language: str) -> Letter:
    """The link, for how long it opens, and what to do for who did not ask. Not even a name stands in it."""
    body = [f"{words['body'].strip()}\n{way.link}", words["after"].strip(), f"-- \n{words['closing']}"]
    return Letter(mail.person.email, words["subject"], "\n\n".join(body) + "\n", language)


def counted(mail: Mail, parts: Sequence[MailPart], words: dict[str, str], language: str, weekly: str = "") -> list[str]:
    """The numbers of a letter about plans: one block a customer, one line a number, none for nothing."""
    names = {"late": "climbed"} if mail.kind is MailKind.PLANS_LATE else {}
    blocks = []
    for part in parts:
        lines = [] if len(parts) == 1 else [f"{_plain(part.buyer.name)}"]
        for name in ("late", "soon", "later", "questions", "looks", "level"):
            number = getattr(part, name)
            if number:
                line = words[names.get(name, name)].format(day=_day(part.next_on, language))
                lines.append(f"- {line}: {format_decimal(number, locale=language)}")
                if name == "looks" and weekly:
                    lines.append(f"  {weekly}")
        blocks.append("\n".join(lines))
    return blocks


def _facts(mail: Mail, parts: Sequence[MailPart], language: str, way: Way) -> dict[str, str]:
    facts = {"expires": _day(way.expires, language)}
    if mail.asking is not None:
        return facts | {"buyer": _plain(mail.asking.finding.supplier.buyer.name)}
    if mail.invitation is None:
        return facts | {"buyer": ", ".join(_plain(part.buyer.name) for part in parts)}
    submission, campaign = mail.invitation.submission, mail.invitation.campaign
    return facts | {
        "buyer": _plain(mail.invitation.supplier.buyer.name),
        "title": _plain(submission.questionnaire.title_in(language)),
        "campaign": _plain(campaign.name),
        "due": _day(submission.due_on or campaign.due_on, language),
    }


def _plain(text: str) -> str:
    """On one line: what companies call themselves must not begin a line of its own."""
    return " ".join(text.split())


def _day(value: date | None, language: str) -> str:
    return "" if value is None else str(format_date(value, "long", locale="en_GB" if language == "en" else language))


@cache
def _texts(language: str) -> dict[str, Any]:
    path = FOLDER / f"{language}.toml"
    if language not in LANGUAGES:
        return {}
    with path.open("rb") as file:
        return tomllib.load(file)

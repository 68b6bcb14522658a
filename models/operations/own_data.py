"""What the system holds about one person: the account, its log-ins, and everything that this person did or wrote."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Executable, select
from sqlalchemy.orm import Session

from models.documents import Document
from models.findings import Finding
from models.journal import Entry, note
from models.mail import Mail
from models.operations import own_words
from models.people import LogIn, Person
from models.submissions import Answer, AnswerVersion
from models.tokens import ApiToken

AT_ONCE = 500
"""Rows that are held in memory at a time."""

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One list of the export, the oldest first. `rows` can be gone through once."""

    name: str
    fields: tuple[str, ...]
    rows: Iterable[Row]


def ask(session: Session, *, by: Person, now: datetime) -> None:
    """Record that the person takes along what is held about them. It is never about anybody else."""
    note(session, "person.data_taken", by.id, organisation_id=by.organisation_id, actor_id=by.id, at=now)


def account(by: Person) -> dict[str, Any]:
    """The person's own record, without the secret behind the log-in."""
    return {
        "id": by.id, "name": by.name, "email": by.email, "role": by.role.value, "organisation": by.organisation.name,
        "language": by.language, "created_at": by.created_at, "has_password": bool(by.password_hash),
        "wants_daily_letter": by.wants_digest, "daily_letter_looked_at_on": by.digest_on,
    }  # fmt: skip


def parts(session: Session, *, by: Person) -> Iterator[Part]:
    """Every list of what this person did, wrote or was sent (GDPR, articles 15 and 20). Secrets and the words of
    others are in none of them; others are named by none.
    """
    yield Part("roles", ("at", "before", "after"), _roles(session, by))
    yield Part("log_ins", ("began_at", "seen_at"), _rows(
        session, select(LogIn.began_at, LogIn.seen_at).where(LogIn.person_id == by.id).order_by(LogIn.began_at)
    ))  # fmt: skip
    yield Part("tokens", ("name", "reach", "made_at", "expires_at", "used_at", "withdrawn_at"), _rows(
        session,
        select(
            ApiToken.name, ApiToken.reach, ApiToken.made_at, ApiToken.expires_at, ApiToken.used_at,
            ApiToken.withdrawn_at,
        ).where(ApiToken.person_id == by.id).order_by(ApiToken.made_at),
    ))  # fmt: skip
    yield Part("letters", ("kind", "language", "asked_at", "state", "sent_at"), _rows(
        session,
        select(Mail.kind, Mail.language, Mail.asked_at, Mail.state, Mail.sent_at)
        .where(Mail.person_id == by.id).order_by(Mail.asked_at, Mail.id),
    ))  # fmt: skip
    yield Part("acts", ("number", "at", "act", "thing_id"), _acts(session, by))
    yield Part("written", ("about", "thing_id", "question", "at", "text"), _written(session, by))
    yield Part("answers", ("submission_id", "question", "version", "answer", "reason", "source", "at"), _rows(
        session,
        select(
            AnswerVersion.submission_id, Answer.question, AnswerVersion.version, AnswerVersion.value,
            AnswerVersion.reason, AnswerVersion.source, AnswerVersion.answered_at,
        )
        .join(Answer, Answer.id == AnswerVersion.answer_id)
        .where(AnswerVersion.answered_by_id == by.id)
        .order_by(AnswerVersion.answered_at, AnswerVersion.id),
    ))  # fmt: skip
    yield Part("documents", ("document_id", "name", "size", "sent_at"), _rows(
        session,
        select(Document.id, Document.name, Document.size, Document.uploaded_at)
        .where(Document.uploaded_by_id == by.id).order_by(Document.uploaded_at, Document.id),
    ))  # fmt: skip
    yield Part("decisions", ("finding_id", "verdict", "reason", "at"), _rows(
        session,
        select(Finding.id, Finding.verdict, Finding.reject_reason, Finding.judged_at)
        .where(Finding.judged_by_id == by.id).order_by(Finding.judged_at, Finding.id),
    ))  # fmt: skip


def _rows(session: Session, query: Executable) -> Iterator[Row]:
    for row in session.execute(query.execution_options(yield_per=AT_ONCE)):
        yield tuple(row)


def _acts(session: Session, by: Person) -> Iterator[Row]:
    """The journal of the person's own acts. Where one was about a colleague, it is left out about whom."""
    query = (
        select(Entry.number, Entry.at, Entry.act, Entry.thing_id)
        .where(Entry.actor_id == by.id)
        .order_by(Entry.number)
    )  # fmt: skip
    for number, at, act, thing_id in _rows(session, query):
        is_anothers = act.startswith("person.") and thing_id != str(by.id)
        yield number, at, act, "" if is_anothers else thing_id


def _roles(session: Session, by: Person) -> Iterator[Row]:
    """How the person's role came to be. Who changed it is somebody else's data."""
    query = (
        select(Entry.at, Entry.detail)
        .where(Entry.thing_id == str(by.id), Entry.act.in_(("person.added", "person.role_changed")))
        .order_by(Entry.number)
    )
    for at, detail in _rows(session, query):
        role = json.loads(detail).get("role", "")
        before, after = role if isinstance(role, list) else ("", role)
        yield at, before, after


def _written(session: Session, by: Person) -> Iterator[Row]:
    """Every message, remark, reply and reason in the person's own words, by what it was written about."""
    for about, key, question, who, at, text in own_words.places():
        asked = key if question is None else question
        query = select(key, asked, at, text).where(who == by.id, text != "").order_by(at, key)
        for thing_id, name, moment, words in _rows(session, query):
            yield about, thing_id, "" if question is None else name, moment, words

"""Hands letters over: to a mail server, or as files into a folder. A letter that fails is tried again later."""

from __future__ import annotations

import logging
import smtplib
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from models.mail import ABOUT_PLANS, Mail, MailKind, MailState
from models.operations import forgetting, plan_letters, posting
from models.plan_life import Side
from questionnaires import following, lettering
from webapp import letters
from webapp.letters import Letter, Way
from webapp.logging import trace
from webapp.mail_settings import hours
from webapp.password_links import sealed
from webapp.plan_settings import policy_of
from webapp.runtime import Runtime
from webapp.settings import Settings

log = logging.getLogger(__name__)

PATIENCE = 10.0
"""Seconds that the mail server may take for each answer."""

Send = Callable[[EmailMessage], None]


def deliver(opened: Runtime, *, now: datetime, limit: int = 20) -> int:
    """Hand over the letters that are due, each in a transaction of its own. Answers how many left.

    The first that fails ends the round: where one cannot leave, the others seldom can.
    """
    send, left = sender(opened.settings), 0
    quiet = is_quiet(hours(opened.settings.quiet_hours), now)
    try:
        while left < limit and _one(opened, send, now=now, quiet=quiet):
            left += 1
    except SQLAlchemyError as error:
        log.warning("mail_not_delivered", extra=trace(error))
    return left


def follow(opened: Runtime, *, now: datetime) -> None:
    """Ask for the reminders whose day has come, and for the digests of the day."""
    _digests(opened, now=now)
    try:
        with opened.database.transaction() as session:
            done = following.follow(session, now=now)
    except SQLAlchemyError as error:
        log.warning("not_followed", extra=trace(error))
        return
    if done.reminded or done.escalated:
        log.info("campaigns_followed", extra={"reminded": done.reminded, "escalated": done.escalated})


def _digests(opened: Runtime, *, now: datetime) -> None:
    """Look once a day whether somebody needs to be told what waits, so late that the numbers are those of the day."""
    settings, asked = opened.settings, 0
    if now.astimezone(UTC).hour < settings.digest_hour or is_quiet(hours(settings.quiet_hours), now):
        return
    try:
        looked = 1
        while looked:
            with opened.database.transaction() as session:
                looked, more = plan_letters.look(session, now=now, policy=policy_of(settings))
            asked += more
    except SQLAlchemyError as error:
        log.warning("digests_not_asked_for", extra=trace(error))
    if asked:
        log.info("digests_asked_for", extra={"count": asked})


def is_quiet(between: tuple[int, int], now: datetime) -> bool:
    """Whether almost nothing leaves at this hour. The same hour twice: it is never quiet."""
    first, last = between
    hour = now.astimezone(UTC).hour
    return first <= hour < last if first < last else (hour >= first or hour < last) and first != last


class NotSent(Exception):
    """The letter could not be handed over. The text is the kind of the error, never its words."""


def _one(opened: Runtime, send: Send, *, now: datetime, quiet: bool) -> bool:
    """One letter; False where there is none, or it failed. A crash after it left can send it twice, never lose it."""
    mail_id = None
    try:
        with opened.database.transaction() as session:
            for mail in posting.due(session, now=now, limit=1, quiet=quiet):
                mail_id = mail.id
                _send_or_drop(session, mail, opened.settings, send, now=now)
    except NotSent as why:
        log.warning("letter_not_sent", extra={"mail_id": str(mail_id), "error": str(why)})
        with opened.database.transaction() as session:
            again = session.get_one(Mail, mail_id)
            if again.state is MailState.WAITING:
                again.failed(str(why), now)
        return False
    return mail_id is not None


def _send_or_drop(session: Session, mail: Mail, settings: Settings, send: Send, *, now: datetime) -> None:
    why = lettering.is_pointless(mail)
    if why is None and mail.kind in ABOUT_PLANS and not _has_something_to_say(session, mail, settings, now=now):
        why = "nothing_waits"
    if why is not None:
        mail.drop(why)
        return
    try:
        send(packed(compose(session, mail, settings, now=now), settings, mail, now=now))
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise NotSent(type(error).__name__) from None
    mail.sent(now)


def _has_something_to_say(session: Session, mail: Mail, settings: Settings, *, now: datetime) -> bool:
    return plan_letters.recount(session, mail, now=now, policy=policy_of(settings))


def compose(session: Session, mail: Mail, settings: Settings, *, now: datetime) -> Letter:
    """The letter as it leaves, with a fresh link in it where it has one."""
    if mail.kind is MailKind.PASSWORD:
        token = sealed(forgetting.make_link(session, mail, now=now), settings)
        return letters.write(mail, Way(f"{address_of(settings)}/log-in", f"{address_of(settings)}/forgotten/{token}"))
    if not has_link(mail):
        return letters.write(mail, _plain_way(mail, settings))
    token = lettering.make_link(session, mail, now=now, days=settings.link_days)
    return letters.write(mail, _way(mail, settings, token, now))


def preview(mail: Mail, settings: Settings, *, now: datetime, buyer_id: UUID | None = None) -> Letter:
    """The letter as it would leave now; its link is left open, for nobody but its reader may hold it.

    With `buyer_id` only what concerns that customer stands in it: the others are no business of its people.
    """
    way = _way(mail, settings, "...", now) if has_link(mail) else _plain_way(mail, settings)
    return letters.write(mail, way, buyer_id)


def has_link(mail: Mail) -> bool:
    """Whether its link lets the reader in: for answers always, otherwise for those who have no password yet."""
    if mail.kind in letters.TO_THE_BUYER or mail.person.works_for_a_buyer:
        return False
    return mail.invitation_id is not None or not mail.person.password_hash


def _way(mail: Mail, settings: Settings, token: str, now: datetime) -> Way:
    expires = (now + timedelta(days=settings.link_days)).date()
    return Way(_page(mail, settings), f"{address_of(settings)}/come-in/{token}", expires)


def _plain_way(mail: Mail, settings: Settings) -> Way:
    return Way(_page(mail, settings), weekly=f"{address_of(settings)}/plans/weekly")


def address_of(settings: Settings) -> str:
    """Where users find this installation."""
    return (settings.public_url or f"http://{settings.host}:{settings.port}").rstrip("/")


def folder_of(settings: Settings) -> Path:
    """Where letters are written while there is no mail server."""
    return settings.folder / "mail"


def _page(mail: Mail, settings: Settings) -> str:
    """Where the reader finds what the letter is about. Lists of plans are narrowed to what is the reader's turn."""
    if mail.asking_id is not None:
        path = f"questions/{mail.asking_id}"
    elif mail.invitation is None:
        turn = Side.BUYER if mail.person.works_for_a_buyer else Side.SUPPLIER
        path = f"plans?turn={turn}" if mail.kind is MailKind.DIGEST else "plans?overdue=1"
    elif mail.kind in letters.TO_THE_BUYER:
        path = f"campaigns/{mail.invitation.campaign_id}"
    else:
        path = f"questionnaires/{mail.invitation.submission_id}"
    return f"{address_of(settings)}/{path}"


def packed(letter: Letter, settings: Settings, mail: Mail, *, now: datetime) -> EmailMessage:
    """The letter as mail servers take it. Raises ValueError for an address that is none."""
    message = EmailMessage(policy=SMTP)
    message["From"] = Address("Salient", addr_spec=settings.mail_from)
    message["To"] = Address(addr_spec=letter.to)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(now.astimezone(UTC))
    message["Message-ID"] = f"<{mail.id}@{settings.mail_from.rpartition('@')[2] or 'localhost'}>"
    message["Content-Language"] = letter.language
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    return message


def sender(settings: Settings) -> Send:
    """The mail server of the settings, or the folder where there is none."""
    return (lambda message: _by_smtp(settings.smtp_url, message)) if settings.smtp_url else _into(folder_of(settings))


def _into(folder: Path) -> Send:
    def keep(message: EmailMessage) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = str(message["Message-ID"]).strip("<>").partition("@")[0]
        aside = folder / f".{name}"
        aside.write_bytes(message.as_bytes())
        aside.chmod(0o600)  # The link in it opens somebody's questions.
        aside.replace(folder / f"{name}.eml")

    return keep


def _by_smtp(url: str, message: EmailMessage) -> None:
    parts = urlsplit(url)
    context = ssl.create_default_context()
    host = parts.hostname or "localhost"
    server: smtplib.SMTP
    if parts.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, parts.port or 465, timeout=PATIENCE, context=context)
    else:
        server = smtplib.SMTP(host, parts.port or 587, timeout=PATIENCE)
    with server:
        if parts.scheme == "smtp" and (parts.username or host not in ("localhost", "127.0.0.1", "::1")):
            server.starttls(context=context)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)

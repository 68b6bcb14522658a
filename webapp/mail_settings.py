"""What an operator can set about letters: how they leave, from whom, when not, and how long their links open."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from webapp.scan_settings import ScanSettings
from webapp.setting_kinds import about, address, whole


def hours(text: str) -> tuple[int, int]:
    """The hours of `20-7`: from the first to the second nothing leaves. The same twice, as for no text: never."""
    if not text:
        return 0, 0
    found = re.fullmatch(r"(\d{1,2})-(\d{1,2})", text)
    if found is None or int(found[1]) > 23 or int(found[2]) > 23:
        raise ValueError("must be two hours from 0 to 23, such as 20-7")
    return int(found[1]), int(found[2])


def quiet(text: str) -> str:
    """The text, if it names two hours."""
    hours(text)
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings(ScanSettings):
    """The part of the settings that letters need."""

    smtp_url: str = field(
        default="",
        metadata=about(
            "SMTP_URL",
            address("smtp://", "smtps://"),
            "The mail server: `smtp://user:password@host:587` (with STARTTLS) or `smtps://user:password@host:465`.",
            shown_default="none: letters are written as `.eml` files to the folder `mail` in the data folder",
            secret=True,
        ),
    )
    mail_from: str = field(
        default="salient@localhost",
        metadata=about("SALIENT_MAIL_FROM", str, "The address that letters come from."),
    )
    public_url: str = field(
        default="",
        metadata=about(
            "SALIENT_PUBLIC_URL",
            address("http://", "https://"),
            "The address that users type, for the links in letters.",
            shown_default="`http://` with SALIENT_HOST and SALIENT_PORT",
        ),
    )
    link_days: int = field(
        default=14,
        metadata=about("SALIENT_LINK_DAYS", whole(1, 90), "For how many days the link in a letter can be used, once."),
    )
    quiet_hours: str = field(
        default="",
        metadata=about(
            "SALIENT_QUIET_HOURS",
            quiet,
            "Hours of the day, in UTC, in which no letter leaves but those about a forgotten password, such as `20-7`.",
            shown_default="none",
        ),
    )
    digest_hour: int = field(
        default=6,
        metadata=about(
            "SALIENT_DIGEST_HOUR",
            whole(0, 23),
            "The hour of the day, in UTC, from which people get their daily letter about what waits for them.",
        ),
    )

"""What an operator can set about the second door: how often programs may call, and where messages may go."""

from __future__ import annotations

from dataclasses import dataclass, field

from webapp.setting_kinds import about, switch, whole


@dataclass(frozen=True, slots=True, kw_only=True)
class HookSettings:
    """The part of the settings that the API and webhooks need."""

    api_calls_a_minute: int = field(
        default=300,
        metadata=about(
            "SALIENT_API_PER_MINUTE", whole(1, 100_000), "How many calls one API token may make in a minute."
        ),
    )
    private_hooks: bool = field(
        default=False,
        metadata=about(
            "SALIENT_PRIVATE_WEBHOOKS",
            switch,
            "Whether webhooks may go to private and loopback addresses, and over plain `http://`: for receivers inside "
            "your own network only.",
            shown_default="no",
        ),
    )

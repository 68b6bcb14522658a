"""The settings of the review desk: who is looked over the shoulder, and how much of what is hard one person reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from models.severity import PER_DAY
from webapp.mail_settings import MailSettings
from webapp.setting_kinds import about, switch, whole

if TYPE_CHECKING:
    from models.operations.rounds import Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskSettings(MailSettings):
    """The part of the settings that the review desk needs."""

    two_for_critical: bool = field(
        default=True,
        metadata=about(
            "SALIENT_TWO_FOR_CRITICAL",
            switch,
            "Whether two people look at every critical finding, the second without knowing what the first thinks; "
            "it needs two reviewers, and a third person in compliance for when they differ.",
        ),
    )
    second_look_percent: int = field(
        default=5,
        metadata=about(
            "SALIENT_SECOND_LOOK_PERCENT",
            whole(0, 100),
            "Of the other findings, so many percent, drawn by lot, are looked at by two people too.",
        ),
    )
    second_look_seed: str = field(
        default="salient",
        metadata=about(
            "SALIENT_SECOND_LOOK_SEED",
            str,
            "The word that the lot goes by: with it the draw can be checked, and reviewers should not know it.",
            secret=True,
        ),
    )
    hard_per_day: int = field(
        default=PER_DAY,
        metadata=about(
            "SALIENT_HARD_PER_DAY",
            whole(1, 1000),
            "How many passages about violence or death one person opens on one day at most.",
        ),
    )

    exploration_percent: int = field(
        default=5,
        metadata=about(
            "SALIENT_EXPLORATION_PERCENT",
            whole(0, 50),
            "For every hundred decisions a reviewer is shown so many passages that were not flagged, to see what is "
            "missed; 0 for none.",
        ),
    )

    @property
    def rules(self) -> Rules:
        """Which findings two people look at."""
        from models.operations.rounds import Rules  # It loads the tables, which most commands do without.

        return Rules(self.two_for_critical, self.second_look_percent / 100, self.second_look_seed)

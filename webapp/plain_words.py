"""Why a passage was flagged, in a sentence or two that need no knowledge of classifiers."""

from __future__ import annotations

from flask_babel import gettext as _

from models.findings import Finding
from webapp import words


def in_plain_words(finding: Finding) -> str:
    """What spoke for it, what the engine takes it for, and how much doubt is left."""
    named = finding.signals[1:2] if finding.other_quote else ()  # First stands that two sources differ.
    about = next(iter(named or finding.signals), None)
    names = {"signal": _("harm") if about is None else words.signal(about)}
    if finding.other_quote and finding.document_id is None:
        return str(
            _(
                "The supplier told of “%(signal)s” in earlier answers and now does not. It may be repaired, or no "
                "longer told: you decide.",
                **names,
            )
        )
    if finding.other_quote:
        first = _("An answer of the supplier and this passage say different things about “%(signal)s”.", **names)
    elif finding.explanation.get("rules") and finding.explanation.get("words"):
        first = _(
            "Words that are typical of “%(signal)s” stand in it, and the sentence as a whole reads like one.", **names
        )
    elif finding.explanation.get("rules"):
        first = _("Words that are typical of “%(signal)s” stand in it.", **names)
    else:
        first = _("The sentence reads like others about “%(signal)s”.", **names)
    taken = _("It is taken for: %(assertion)s.", assertion=words.assertion(finding.assertion))
    sure = _("The engine’s own measure: %(likelihood)s. You decide.", likelihood=words.likelihood(finding.score))
    return f"{first} {taken} {sure}"

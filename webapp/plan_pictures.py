"""The steps of a plan drawn along a line of time, beside the list that says the same in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from markupsafe import Markup, escape

from models.plans import Plan
from webapp.show import day

WIDTH, LEFT, RIGHT, ROW, TOP = 340, 22, 336, 26, 30
"""Points of the drawing, scaled to the width of its place: about that of a phone, so that its days stay legible."""


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    begin: date
    end: date
    done: bool


def gantt(plan: Plan, today: date) -> Markup:
    """A bar for each step with the number that it has in the list, up to its day, and a line for today.

    Colours come from the style sheet; nothing is said by colour alone, since the list beside it says it too.
    """
    bars = _bars(plan)
    first = min((bar.begin for bar in bars), default=today)
    last = max([today, *(bar.end for bar in bars)])
    span = max(1, (last - first).days)

    def x(moment: date) -> float:
        return round(LEFT + (RIGHT - LEFT) * (moment - first).days / span, 1)

    height = TOP + ROW * len(bars) + 6
    parts = [Markup('<line class="g-today" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/>').format(x(today), TOP - 8, height)]
    for place, bar in enumerate(bars):
        tone = "g-done" if bar.done else "g-late" if bar.end < today else "g-open"
        parts.append(Markup('<text x="2" y="{}">{}</text>').format(TOP + ROW * place + 12, place + 1))
        width = max(6.0, round(x(bar.end) - x(bar.begin), 1))
        left = min(x(bar.begin), RIGHT - width)
        parts.append(
            Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="4"/>').format(
                tone, left, TOP + ROW * place, width, ROW - 10
            )
        )
    parts.append(Markup('<text x="{}" y="14">{}</text>').format(LEFT, day(first)))
    parts.append(Markup('<text x="{}" y="14" text-anchor="end">{}</text>').format(RIGHT, day(last)))
    said = escape(_("The steps along a line of time; the list below says the same."))
    return Markup('<svg class="gantt" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>').format(
        WIDTH, height, said, Markup("").join(parts)
    )


def _bars(plan: Plan) -> list[Bar]:
    begin = (plan.began_at or plan.opened_at).date()
    bars = []
    for row in plan.milestones:
        bars.append(Bar(row.title, min(begin, row.due_on), row.due_on, row.done_at is not None))
        begin = min(begin, row.due_on) if row.due_on < begin else begin
    return bars

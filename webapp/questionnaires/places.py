"""Where somebody is in a questionnaire: its sections, cut into pages that fit a phone, with what is done in each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from questionnaires.definition import Kind, Question, Section
from questionnaires.path import Path, Step
from questionnaires.shelf import Opened

MOST = 12
"""Questions on one page: so many keep a page below 100 KB, all told."""

SECONDS = {
    Kind.TEXT: 60, Kind.TABLE: 120, Kind.MATRIX: 45, Kind.RANKING: 40, Kind.FILE: 60, Kind.MONEY: 30, Kind.NUMBER: 25,
}  # fmt: skip
"""How long an answer may take, by kind: our own rough guess, shown as "about" and in whole minutes only."""

OTHERWISE = 15
"""Seconds for one click."""


@dataclass(frozen=True, slots=True)
class Place:
    """One page of questions. `part` counts from 1 within the section."""

    section: Section
    part: int
    parts: int
    questions: tuple[Question, ...]
    steps: tuple[Step, ...]
    """Those of its questions that are asked."""

    @property
    def answered(self) -> int:
        return sum(step.answered for step in self.steps)

    @property
    def is_done(self) -> bool:
        """Nothing on it stands in the way of submitting."""
        return not any(step.refused or (step.required and not step.answered) for step in self.steps)


def parts_of(section: Section) -> Iterator[tuple[int, int, tuple[Question, ...]]]:
    """The section's questions cut into pages: number, of how many, and the questions. The same for every answer."""
    many = -(-len(section.questions) // MOST)
    size = -(-len(section.questions) // many)
    for number in range(many):
        yield number + 1, many, section.questions[number * size : (number + 1) * size]


def places(opened: Opened, path: Path) -> list[Place]:
    """Every page on which something is asked, in order."""
    by_id = {step.question.id: step for step in path.steps}
    found = []
    for section in opened.questionnaire.sections:
        for part, parts, questions in parts_of(section):
            steps = tuple(by_id[question.id] for question in questions if question.id in by_id)
            if steps:
                found.append(Place(section, part, parts, questions, steps))
    return found


def place_of(opened: Opened, section_id: str, part: int) -> tuple[Section, int, int, tuple[Question, ...]] | None:
    """The page of this section and number, asked or not."""
    for section in opened.questionnaire.sections:
        if section.id == section_id:
            for number, parts, questions in parts_of(section):
                if number == part:
                    return section, number, parts, questions
    return None


def minutes_left(path: Path) -> int:
    """About how many minutes the open questions take; 0 when nothing is open."""
    seconds = sum(SECONDS.get(step.question.kind, OTHERWISE) for step in path.steps if not step.answered)
    return -(-seconds // 60)

"""A questionnaire as data: sections of questions, each with why it is asked and when. Immutable once published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property


class Kind(StrEnum):
    """What kind of answer a question wants."""

    YES_NO = "yes_no"
    """Yes, no, partly, or not applicable with a reason."""
    SINGLE = "single"
    SEVERAL = "several"
    NUMBER = "number"
    MONEY = "money"
    PERCENTAGE = "percentage"
    DATE = "date"
    TEXT = "text"
    TABLE = "table"
    FILE = "file"
    REFERENCE = "reference"
    """A site or a person of the answering company."""
    RANKING = "ranking"
    MATRIX = "matrix"
    CONSENT = "consent"
    COMPUTED = "computed"
    """Never asked: worked out from other answers."""

    @property
    def has_choices(self) -> bool:
        return self in (Kind.SINGLE, Kind.SEVERAL, Kind.RANKING, Kind.MATRIX)

    @property
    def is_numeric(self) -> bool:
        return self in (Kind.NUMBER, Kind.MONEY, Kind.PERCENTAGE)


YES_NO = ("yes", "no", "partly", "not_applicable")


class Sensitivity(StrEnum):
    """Who may read an answer beside those who review it."""

    ORDINARY = "ordinary"
    BUSINESS = "business"
    """Not shared with other buyers unless the supplier says so."""
    PERSONAL = "personal"
    """About people who can be known: masked by default."""


Words = dict[str, str]
"""A text by language (ISO 639-1). English is always there."""


@dataclass(frozen=True, slots=True)
class Choice:
    id: str
    label: Words
    when: str | None = None
    """A rule: the choice is offered only when it holds (cascading choices)."""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Question:
    """One question. Rules are kept as texts; `questionnaires.checking` proves that they can be run."""

    id: str
    kind: Kind
    label: Words
    why: Words = field(default_factory=dict)
    """Why it is asked, in one sentence for the person who answers."""
    help: Words = field(default_factory=dict)
    evidence: Words = field(default_factory=dict)
    """What documents would help. Never required for admitting a problem."""
    refs: tuple[str, ...] = ()
    """Signals (`FL.DOC`), conventions (`ILO C029`), principles (`UNGP 15`)."""
    sensitivity: Sensitivity = Sensitivity.ORDINARY
    relevant: str | None = None
    """Asked only when this rule is known to be true."""
    required: bool = False
    required_if: str | None = None
    constraint: str | None = None
    """Refused when this rule is known to be false."""
    admits: str | None = None
    """True when the answer admits a problem: the person is then asked for a plan, and never for proof."""
    message: Words = field(default_factory=dict)
    """What the person reads when the constraint refuses the answer."""
    choices: tuple[Choice, ...] = ()
    rows: tuple[Choice, ...] = ()
    """Of a matrix: what the choices are given for."""
    columns: tuple[Question, ...] = ()
    """Of a table: a question a column."""
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    unit: str | None = None
    period: str | None = None
    """`day`, `week`, `month` or `year`, where a number is counted per period."""
    reference_to: str | None = None
    """`site` or `person`."""
    value: str | None = None
    """Of a computed question: the rule that works it out."""
    line: int = field(default=0, compare=False)
    """Where it stands in its file, for messages."""
    lines: Mapping[str, int] = field(default_factory=dict, compare=False, repr=False)
    """The line of each of its fields."""

    @property
    def rules(self) -> Iterator[tuple[str, str]]:
        """Each rule of the question with the name of its field; choices' rules as `choices.<id>.when`."""
        for name in ("relevant", "required_if", "constraint", "admits", "value"):
            text = getattr(self, name)
            if text is not None:
                yield name, text
        for choice in self.choices:
            if choice.when is not None:
                yield f"choices.{choice.id}.when", choice.when

    def line_of(self, name: str) -> int:
        """The line of a field, or of `choices.<id>...`; the question's own where the field has none."""
        if name.startswith("choices."):
            id_ = name.split(".")[1]
            return next((choice.line for choice in self.choices if choice.id == id_), self.line) or self.line
        return self.lines.get(name, self.line)


@dataclass(frozen=True)
class Section:
    id: str
    title: Words
    questions: tuple[Question, ...]
    intro: Words = field(default_factory=dict)
    relevant: str | None = None
    line: int = field(default=0, compare=False)
    lines: Mapping[str, int] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True)
class Questionnaire:
    """All of it. Two questionnaires with the same id and version are equal to the letter."""

    id: str
    version: str
    title: Words
    languages: tuple[str, ...]
    sections: tuple[Section, ...]

    @cached_property
    def questions(self) -> dict[str, Question]:
        """Every question by its id, in the order in which they are asked; columns of tables are not among them."""
        return {question.id: question for section in self.sections for question in section.questions}

    @cached_property
    def section_of(self) -> dict[str, Section]:
        return {question.id: section for section in self.sections for question in section.questions}

"""No place where people write is forgotten when somebody takes along what they wrote."""

from __future__ import annotations

from sqlalchemy import Enum, String, Table, Text

import models.nouns  # noqa: F401  All tables have to be known.
from models.base import Base
from models.operations import own_words

OF_BOTH_SIDES = {
    "plan": {"root_cause", "no_action", "responsible", "indicator", "target"},
    "milestone": {"title", "evidence"},
    "plan_action": {"text", "owner"},
    "training": {"title", "audience", "given_by", "measure", "declined"},
}
"""Drafted and changed by several people: they belong to the plan."""
OF_DOCUMENTS = {
    "document": {"name", "supplier_name"},
    "finding": {"quote", "other_quote", "before"},
    "passage_sample": {"quote", "before"},
}
OF_SETTINGS = {"hook": {"url"}, "import": {"name", "place"}, "questionnaire": {"source"}}
ELSEWHERE = {"answer": {"reason"}, "answer_version": {"reason"}}
"""In the list of answers, with every change."""
_SHORTEST = 200
"""Characters: less is a code or a key."""


def written_in(table: Table) -> set[str]:
    """The columns of a table that can hold somebody's own words."""
    if not any(key.column.table.name == "person" for key in table.foreign_keys):
        return set()
    return {
        column.name
        for column in table.columns
        if isinstance(column.type, String | Text)
        and not isinstance(column.type, Enum)
        and (column.type.length is None or column.type.length >= _SHORTEST)
    }


def test_every_text_of_a_person_is_given_back_or_is_no_words_of_theirs() -> None:
    given: dict[str, set[str]] = {}
    for *_, text in own_words.places():
        column = text.property.columns[0]
        given.setdefault(column.table.name, set()).add(column.name)
    known = [given, OF_BOTH_SIDES, OF_DOCUMENTS, OF_SETTINGS, ELSEWHERE]
    missing = {
        f"{table.name}.{name}"
        for table in Base.metadata.sorted_tables
        for name in written_in(table)
        if not any(name in those.get(table.name, set()) for those in known)
    }
    assert not missing

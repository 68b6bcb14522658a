"""What a document says about itself: its kind, scheme, days, supplier, site, auditors, interviews, each with its page.

Small rules over printed labels and titles; where they find nothing or cannot decide, the fact is left unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import cache

from screening.engine import titles
from screening.engine.headcounts import asks_people, headcount, interviewed
from screening.engine.labels import Said, labels_of, lexicon, said
from screening.engine.periods import period_in
from screening.engine.results import Page, Reading
from screening.engine.stated import Fact, FactName, Facts

FIRST_PAGES = 3
"""Titles and names of schemes count on these pages."""
LABELLED_PAGES = 12
"""Labels count on these: summaries of audits give their facts on their first pages."""
_LONGEST_NAME, _MOST_WORDS = 120, 16
_LONGEST = 300
_SENTENCE_END = re.compile(r"(?<=[.!?。])\s+|\n{2,}")


def facts_of(reading: Reading) -> Facts:
    """The facts of a document whose pages have their languages. Of several places, the first is believed."""
    pages = reading.pages[:LABELLED_PAGES]
    texts = [(page.number, page.text) for page in pages[:FIRST_PAGES]]
    found: dict[FactName, Fact] = {}
    for fact in _all(reading, pages, texts):
        if fact is not None:
            found.setdefault(fact.name, fact)
    return Facts(tuple(found[name] for name in FactName if name in found))


def _all(reading: Reading, pages: Sequence[Page], texts: Sequence[tuple[int, str]]) -> Iterator[Fact | None]:
    yield titles.document_type(texts)
    for each in said(reading, pages):
        yield from _READ[each.label](each)
    yield titles.scheme(texts)
    yield _announced_in_title(texts)
    yield from _interviewed_in_text(pages)


def _fact(name: FactName, value: str, each: Said) -> Fact:
    return Fact(name, value[:_LONGEST], each.page, each.words[:_LONGEST])


def _named(name: FactName) -> Callable[[Said], Iterator[Fact]]:
    def read(each: Said) -> Iterator[Fact]:
        value = each.value.strip(" \t|:-_*")
        is_name = 2 <= len(value) <= _LONGEST_NAME and len(value.split()) <= _MOST_WORDS
        says_nothing = value.casefold() in lexicon()["empty"]["words"] or value.endswith(("?", "？"))
        if is_name and not says_nothing and any(map(str.isalpha, value)) and not labels_of(value):
            yield _fact(name, value, each)

    return read


def _days(each: Said) -> Iterator[Fact]:
    period = period_in(each.value, each.language)
    if period is not None:
        yield _fact(FactName.AUDIT_START, period[0].isoformat(), each)
        if period[1] != period[0]:  # One date may be the first day of several.
            yield _fact(FactName.AUDIT_END, period[1].isoformat(), each)


def _last_day(each: Said) -> Iterator[Fact]:
    period = period_in(each.value, each.language)
    if period is not None and period[0] == period[1]:
        yield _fact(FactName.AUDIT_END, period[1].isoformat(), each)


def _term(each: Said) -> Iterator[Fact]:
    """A term has two days; one day alone is its end, unless the label says that it is its beginning."""
    period = period_in(each.value, each.language) or _long_term(each)
    if period is None:
        return
    first, last = period
    begins = re.match(r"(?:valid from|gültig von)", each.words, re.IGNORECASE) is not None
    if first != last or begins:
        yield _fact(FactName.VALID_FROM, first.isoformat(), each)
    if first != last or not begins:
        yield _fact(FactName.VALID_UNTIL, last.isoformat(), each)


def _long_term(each: Said) -> tuple[date, date] | None:
    """Certificates hold for up to three years, longer than any audit takes: two dates with a sign between them."""
    parts = re.split(r"\s(?:-|–|—|to|until|tot|bis|au|hasta|al|até|至)\s", each.value)
    days = [period_in(part, each.language) for part in parts]
    if len(days) != 2 or days[0] is None or days[1] is None or days[0][0] > days[1][1]:
        return None
    return days[0][0], days[1][1]


def _announcement(each: Said) -> Iterator[Fact]:
    value = each.value.casefold()
    words = lexicon()
    label = each.words.split(":", 1)[0].casefold().strip()
    kind = announcement_in(value)
    if kind is None and label in words["announced"]["announced"]:
        first = value.split()[0].strip(".,;()") if value.split() else ""
        if first in words["yes"]["words"]:
            kind = "announced"
        elif first in words["no"]["words"]:
            kind = "unannounced"
    if kind is not None:
        yield _fact(FactName.ANNOUNCEMENT, kind, each)


def announcement_in(text: str) -> str | None:
    """`announced`, `semi_announced` or `unannounced`, where the text names exactly one of them; else None."""
    rest, found = text.casefold(), set()
    for kind, pattern in _announcements():
        rest, times = pattern.subn(" ", rest)
        if times:
            found.add(kind)
    return found.pop() if len(found) == 1 else None


@cache
def _announcements() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The words of each kind, longest first; the plain word last, for it stands inside of the others."""
    made = []
    for kind in ("unannounced", "semi_announced", "announced"):
        words = sorted(lexicon()["announced"][kind], key=len, reverse=True)
        whole = (
            rf"(?<![^\W\d_]){re.escape(word)}(?![^\W\d_])" if word.isascii() or " " in word else re.escape(word)
            for word in words
        )
        made.append((kind, re.compile("|".join(whole))))
    return tuple(made)


def _announced_in_title(texts: Sequence[tuple[int, str]]) -> Fact | None:
    """`Report of an unannounced visit` in one of the first lines of the document."""
    for number, text in texts[:1]:
        for line in [line.strip() for line in text.split("\n") if line.strip()][:8]:
            kind = announcement_in(line) if len(line) <= _LONGEST_NAME else None
            if kind is not None and any(word in line.casefold() for word in lexicon()["announced"]["audit_words"]):
                return Fact(FactName.ANNOUNCEMENT, kind, number, line)
    return None


def _counted(people: FactName, women: FactName, men: FactName) -> Callable[[Said], Iterator[Fact]]:
    def read(each: Said) -> Iterator[Fact]:
        counted = headcount(each.value)
        for name, number in ((people, counted.people), (women, counted.women), (men, counted.men)):
            if number is not None:
                yield _fact(name, str(number), each)

    return read


def _number(name: FactName) -> Callable[[Said], Iterator[Fact]]:
    def read(each: Said) -> Iterator[Fact]:
        people = headcount(each.value).people
        if people is not None:
            yield _fact(name, str(people), each)

    return read


def _interviewed_in_text(pages: Sequence[Page]) -> Iterator[Fact]:
    for page in pages:
        if not asks_people(page.text):
            continue
        for sentence in _SENTENCE_END.split(page.text):
            words = " ".join(sentence.split())
            people = interviewed(words) if asks_people(words) else None
            if people is not None:
                yield Fact(FactName.INTERVIEWS, str(people), page.number, words[:_LONGEST])


def _scheme(each: Said) -> Iterator[Fact]:
    kind = titles.scheme_in(each.value)
    if kind is not None:
        yield _fact(FactName.SCHEME, kind, each)


_READ: dict[str, Callable[[Said], Iterator[Fact]]] = {
    "supplier": _named(FactName.SUPPLIER),
    "site": _named(FactName.SITE),
    "audit_date": _days,
    "audit_end": _last_day,
    "validity": _term,
    "auditor": _named(FactName.AUDITOR),
    "audit_firm": _named(FactName.AUDIT_FIRM),
    "announcement": _announcement,
    "workers": _counted(FactName.WORKERS, FactName.WORKERS_WOMEN, FactName.WORKERS_MEN),
    "interviews": _counted(FactName.INTERVIEWS, FactName.INTERVIEWS_WOMEN, FactName.INTERVIEWS_MEN),
    "interviews_individual": _number(FactName.INTERVIEWS_INDIVIDUAL),
    "interviews_group": _number(FactName.INTERVIEWS_GROUP),
    "interviews_women": _number(FactName.INTERVIEWS_WOMEN),
    "interviews_men": _number(FactName.INTERVIEWS_MEN),
    "scheme": _scheme,
}
"""What each label of the lexicon tells."""

"""`salient compare`: answers and passages of evidence in, relations out, one JSON object a line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO

import click

if TYPE_CHECKING:
    from screening.comparing import Pair

_BATCH = 128
_TEXTS = ("question", "answer", "passage")
_LANGUAGES = ("question_language", "answer_language", "passage_language")


@click.command()
@click.option("--in", "source", type=click.File("rb"), default="-", help="JSON Lines file; standard input if not said.")
def compare(source: BinaryIO) -> None:
    """Hold answers against evidence: {id, question, answer, passage} a line, one relation a line, in order.

    The relation is contradicts, supports or unrelated; `score` is its probability, and `why` gives the reasons.

    \b
    Example:
      echo '{"id": 1, "question": "Longest week?", "answer": "At most 60 hours.",
             "passage": "In week 23 eleven people worked 72 hours."}' | tr -d '\\n' | salient compare
    """
    from screening.comparing import Comparer
    from screening.engine.classifier import ClassifierError

    try:
        comparer = Comparer.load()
    except ClassifierError as error:
        raise click.ClickException(str(error)) from error
    rows = _read(source)
    while batch := list(islice(rows, _BATCH)):
        relations = comparer.compare_all([pair for _, pair in batch])
        for (key, _), found in zip(batch, relations, strict=True):
            told = {"id": key, "relation": found.relation, "score": found.score, "why": found.why}
            sys.stdout.write(json.dumps({**told, "engine_version": comparer.version}, ensure_ascii=False) + "\n")


def _read(lines: Iterable[bytes]) -> Iterator[tuple[Any, Pair]]:
    """Identifier and pair of each line. Raises ClickException that names the line, never its text."""
    from screening.comparing import Pair

    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            raw = json.loads(line)
        except ValueError as error:
            raise click.ClickException(f"Line {number} is not valid JSON.") from error
        if not isinstance(raw, dict) or "id" not in raw or any(not isinstance(raw.get(n), str) for n in _TEXTS):
            raise click.ClickException(f"Line {number} needs an `id` and the texts {', '.join(_TEXTS)}.")
        if any(not isinstance(raw.get(name), str | None) for name in _LANGUAGES):
            raise click.ClickException(f"Line {number}: {', '.join(_LANGUAGES)} are texts where they are given.")
        yield raw["id"], Pair(*(raw[name] for name in _TEXTS), *(raw.get(name) or None for name in _LANGUAGES))

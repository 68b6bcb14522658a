"""`salient classify` and `salient corpus check`: passages in, judgements out, one JSON object a line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

if TYPE_CHECKING:
    from screening.engine.results import Judgement, Passage

_BATCH = 256
_OPTIONAL = ("before", "language", "document_type")


@click.command()
@click.option("--in", "source", type=click.File("rb"), default="-", help="JSON Lines file; standard input if not said.")
def classify(source: BinaryIO) -> None:
    """Judge passages: {id, text, before?, language?, document_type?} a line, one judgement a line, in order.

    \b
    Example:
      echo '{"id": 1, "text": "Two of them were 14."}' | salient classify
    """
    from screening.engine.classifier import ClassifierError
    from screening.engine.screener import Screener

    try:
        screener = Screener.load()
    except ClassifierError as error:
        raise click.ClickException(str(error)) from error
    rows = _read(source)
    while batch := list(islice(rows, _BATCH)):
        judged = screener.judge([passage for _, passage in batch])
        for (key, _), judgement in zip(batch, judged, strict=True):
            sys.stdout.write(json.dumps(_told(key, judgement, screener.version), ensure_ascii=False) + "\n")


def _read(lines: Iterable[bytes]) -> Iterator[tuple[Any, Passage]]:
    """Identifier and passage of each line. Raises ClickException that names the line, never its text."""
    from screening.engine.results import Passage

    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            raw = json.loads(line)
        except ValueError as error:
            raise click.ClickException(f"Line {number} is not valid JSON.") from error
        if not isinstance(raw, dict) or "id" not in raw or not isinstance(raw.get("text"), str):
            raise click.ClickException(f"Line {number} needs an `id` and a `text`.")
        if any(not isinstance(raw.get(name), str | None) for name in _OPTIONAL):
            raise click.ClickException(f"Line {number}: {', '.join(_OPTIONAL)} are texts where they are given.")
        yield (
            raw["id"],
            Passage(
                text=raw["text"],
                before=raw.get("before") or "",
                language=raw.get("language") or None,
                document_type=raw.get("document_type") or None,
            ),
        )


def _told(key: Any, judgement: Judgement, version: str) -> dict[str, Any]:
    return {"id": key, **asdict(judgement), "engine_version": version}


@click.group()
def corpus() -> None:
    """The labelled passages that the classifier learns from."""


@corpus.command()
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
def check(folder: Path | None) -> None:
    """Refuse a corpus line that breaks a rule; count what is there.

    \b
    Example:
      salient corpus check
    """
    from screening.training import corpus as labelled

    try:
        rows = labelled.load(folder or labelled.FOLDER)
    except labelled.CorpusError as error:
        raise click.ClickException(str(error)) from error
    languages = sorted({row.language for row in rows})
    click.echo(f"{len(rows)} passages are sound, {sum(row.flag for row in rows)} of them raise a flag.")
    for code in languages:
        click.echo(f"  {code}  {sum(row.language == code for row in rows)}")

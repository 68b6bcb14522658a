"""`salient sample` and `salient estimate`: hunt for what was missed among passages that were not flagged."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable
from typing import Any, BinaryIO

import click

_SHOWN = ("file", "page", "quote", "before", "language", "score")
Row = dict[str, Any]


@click.command()
@click.option(
    "--in", "source", type=click.File("rb"), default="-", help="passages.jsonl of `salient screen --passages`."
)
@click.option("--size", type=click.IntRange(1), help="How many to draw at most.")
@click.option("--bound", type=click.FloatRange(0, 1, min_open=True, max_open=True),
              help="Instead of --size: enough to say that fewer than this share are missed, if none is.")  # fmt: skip
@click.option("--confidence", type=click.FloatRange(0.8, 0.9999), default=0.95, show_default=True)
@click.option("--seed", required=True, help="Any word; the same word draws the same passages again.")
def sample(source: BinaryIO, size: int | None, bound: float | None, confidence: float, seed: str) -> None:
    """Draw passages that were not flagged, from each language and band of scores, for a person to read.

    Fill in `missed` on each line: true where the passage should have been flagged, false where it was rightly
    passed over. Then give the file to `salient estimate`.

    \b
    Example:
      salient sample --in results/passages.jsonl --bound 0.01 --seed spring > sample.jsonl
    """
    from screening import sampling

    if (size is None) == (bound is None):
        raise click.UsageError("Say how many to draw: either --size or --bound.")
    rows = {_key(row): row for row in _lines(source) if not row.get("flag")}
    strata = sampling.strata_of([(key, row.get("language"), float(row["score"])) for key, row in rows.items()])
    if bound is not None:
        size = sampling.enough({name: len(keys) for name, keys in strata.items()}, bound, confidence)
    try:
        drawn = sampling.draw(strata, size or 0, seed)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    for one in drawn:
        row = rows[one.id]
        told = {"id": one.id, **{name: row.get(name) for name in _SHOWN}, "stratum": one.stratum}
        told |= {"stratum_size": len(strata[one.stratum]), "probability": round(one.probability, 6), "missed": None}
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    click.echo(f"{len(drawn)} of {len(rows)} passages drawn from {len(strata)} groups.", err=True)


@click.command()
@click.option(
    "--in", "source", type=click.File("rb"), default="-", help="The answered sample; standard input if not said."
)
@click.option("--confidence", type=click.FloatRange(0.8, 0.9999), default=0.95, show_default=True)
def estimate(source: BinaryIO, confidence: float) -> None:
    """Say from an answered sample how large a share of the passages that were not flagged may hide a finding.

    Lines whose `missed` is still null count as missed for the upper limit.

    \b
    Example:
      salient estimate --in sample.jsonl
    """
    from dataclasses import asdict

    from screening import sampling

    rows = list(_lines(source))
    if any(row.get("missed") not in (True, False, None) or "stratum_size" not in row for row in rows):
        raise click.ClickException("Each line needs the fields of `salient sample`, and `missed` true, false or null.")
    groups = Counter(row["stratum"] for row in rows)
    sizes = {row["stratum"]: int(row["stratum_size"]) for row in rows}
    missed = Counter(row["stratum"] for row in rows if row["missed"] is True)
    unanswered = Counter(row["stratum"] for row in rows if row["missed"] is None)
    try:
        found = sampling.estimate(
            [sampling.Stratum(sizes[name], groups[name], missed[name], unanswered[name]) for name in sorted(groups)],
            confidence,
        )
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    said = (
        f"At {confidence:.2%} confidence fewer than {found.below:.2%} of the {found.passages} passages that were not "
        f"flagged hide a finding."
    ).replace(".00%", "%")
    click.echo(json.dumps({**asdict(found), "sentence": said}, indent=1))


def _lines(source: Iterable[bytes]) -> Iterable[Row]:
    """Rows of a JSON Lines file. Raises ClickException that names the line, never its text."""
    for number, line in enumerate(source, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise click.ClickException(f"Line {number} is not valid JSON.") from error
        if not isinstance(row, dict) or not isinstance(row.get("score"), int | float):
            raise click.ClickException(f"Line {number} needs a `score`: it comes from `salient screen --passages`.")
        yield row


def _key(row: Row) -> str:
    return str(row.get("id") or f"{row.get('file')}#{row.get('page')}:{row.get('start')}-{row.get('end')}")

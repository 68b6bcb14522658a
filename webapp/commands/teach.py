"""`salient train`, `predict`, `evaluate` and `versions`: a team's own classifier, from its data to its use."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

if TYPE_CHECKING:
    from screening.tenants.classifier import Classifier
    from screening.tenants.examples import Example
    from screening.tenants.measuring import Measured

_MODEL = click.Path(exists=True, file_okay=False, path_type=Path)
_DATA = click.File("rb")


@click.command()
@click.option("--data", type=_DATA, required=True, help="Rows {id, text, labels, doc?}, one JSON object a line.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder to write into.")
def train(data: BinaryIO, out: Path) -> None:
    """Learn a classifier from labelled texts, with its card. The same rows give the same classifier.

    Rows of one `doc` are in reading order, so that neighbours count; settings and lines are chosen by
    cross-validation that keeps documents whole. Five thousand rows take some ten minutes.

    \b
    Example:
      salient train --data labelled.jsonl --out candidate
    """
    from screening.engine.vectors import Vectors
    from screening.tenants import card, classifier
    from screening.tenants.learning import learn
    from screening.tenants.measuring import measure

    rows = _rows(data, labelled=True)
    learned = learn(rows, slow=Vectors.untaught(), told=lambda said: click.echo(said, err=True))
    version = classifier.save(learned.classifier, out)
    names = learned.classifier.labels
    given = [[name for name, yes in zip(names, row, strict=True) if yes] for row in learned.given.tolist()]
    measured = measure(rows, given)
    card.write(out, learned.classifier, version, rows, measured)
    click.echo(f"Version {version} is in {out}/ with its card. Cross-validated: {_said(measured)}.", err=True)


@click.command()
@click.option("--model", type=_MODEL, required=True, help="Folder of a classifier, or of promoted versions.")
@click.option("--in", "source", type=_DATA, default="-", help="JSON Lines file; standard input if not said.")
def predict(model: Path, source: BinaryIO) -> None:
    """Label texts: {id, text, doc?} a line in, {id, labels, scores} a line out, in order.

    \b
    Example:
      salient predict --model candidate < new.jsonl > labels.jsonl
    """
    rows = _rows(source, labelled=False)
    for found in _loaded(model).predict(rows):
        told = {"id": found.id, "labels": list(found.labels), "scores": found.scores}
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")


@click.command()
@click.option("--model", type=_MODEL, required=True, help="Folder of a classifier, or of promoted versions.")
@click.option("--data", type=_DATA, required=True, help="Labelled rows that it did not learn from.")
def evaluate(model: Path, data: BinaryIO) -> None:
    """Measure a classifier on labelled texts: over all, for each label, and for each language, as JSON.

    \b
    Example:
      salient evaluate --model candidate --data kept-apart.jsonl
    """
    from screening.tenants.measuring import measure

    rows, known = _rows(data, labelled=True), _loaded(model)
    measured = measure(rows, [found.labels for found in known.predict(rows)])
    click.echo(json.dumps({"version": known.version, **measured.as_dict()}, indent=1, ensure_ascii=False))


@click.group()
def versions() -> None:
    """The versions of a team's classifier: compare, promote, roll back. Each change names a person."""


@versions.command("list")
@click.argument("store", type=_MODEL)
def list_steps(store: Path) -> None:
    """Every change of the classifier in use, oldest first.

    \b
    Example:
      salient versions list classifiers
    """
    from screening.tenants import versions as kept

    for step in kept.history(store):
        click.echo(f"{step.at}  {step.act:<11}  {step.version}  {step.by}  {step.reason}")


@versions.command()
@click.argument("store", type=click.Path(file_okay=False, path_type=Path))
@click.option("--candidate", type=_MODEL, required=True, help="Folder that `salient train` wrote.")
@click.option("--data", type=_DATA, required=True, help="Frozen rows that neither classifier learned from.")
@click.option("--by", help="Who puts it in place. Without it, the two are compared and nothing is changed.")
@click.option("--reason", default="", help="Why, for those who ask later.")
@click.option(
    "--even-if-worse", is_flag=True, help="Put it in place although it scores lower or misses more critical texts."
)
def promote(store: Path, candidate: Path, data: BinaryIO, by: str | None, reason: str, even_if_worse: bool) -> None:
    """Compare a candidate with the classifier in use on frozen data, and put it in place where a person says so.

    One that scores lower, or misses more critical texts, takes a further word, as on the page about quality. A text is
    critical as its `severity` says or, in a row without one, where the taxonomy calls one of its signals critical.

    \b
    Example:
      salient versions promote classifiers --candidate candidate --data frozen.jsonl --by "A. Reader"
    """
    from screening.tenants import versions as kept

    store.mkdir(parents=True, exist_ok=True)
    compared = kept.compare(store, candidate, _rows(data, labelled=True))
    click.echo(json.dumps(asdict(compared), indent=1, ensure_ascii=False))
    click.echo(f"Candidate: {_said(compared.candidate)}.", err=True)
    if compared.current is not None:
        click.echo(f"In use:    {_said(compared.current)}.", err=True)
    if by is None:
        click.echo("Nothing was changed: name a person with --by to put the candidate in place.", err=True)
        return
    step = kept.promote(
        store, candidate, compared, by=by, reason=reason, now=datetime.now(UTC), even_if_worse=even_if_worse
    )
    click.echo(f"Version {step.version} is in use.", err=True)


@versions.command()
@click.argument("store", type=_MODEL)
@click.option("--by", required=True, help="Who goes back.")
@click.option("--reason", required=True, help="Why, for those who ask later.")
def rollback(store: Path, by: str, reason: str) -> None:
    """Put the version back that was in use before.

    \b
    Example:
      salient versions rollback classifiers --by "A. Reader" --reason "too many false flags"
    """
    from screening.tenants import versions as kept

    step = kept.roll_back(store, by=by, reason=reason, now=datetime.now(UTC))
    click.echo(f"Version {step.version} is in use again.", err=True)


def _rows(lines: BinaryIO, *, labelled: bool) -> list[Example]:
    from screening.tenants.examples import read

    return list(read(lines, labelled=labelled))


def _loaded(folder: Path) -> Classifier:
    from screening.tenants import classifier
    from screening.tenants import versions as kept

    return classifier.load(kept.current_folder(folder))


def _said(measured: Measured) -> str:
    return (
        f"micro-F1 {measured.micro_f1:.3f}, macro-F1 {measured.macro_f1:.3f}, "
        f"all labels right {measured.accuracy:.3f} on {measured.texts} texts, "
        f"{measured.critical_missed} of {measured.critical} critical ones missed"
    )

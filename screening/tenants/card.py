"""Writes the card of a team's classifier: what it learned from, how good it is, and what it must not be used for."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from screening.tenants.classifier import Classifier
from screening.tenants.examples import Example, documents
from screening.tenants.measuring import Measured

_TEMPLATE = """# Card of the classifier {version}

Written by `salient train`; do not edit by hand.

## What it learned from
{rows} texts in {documents} documents, {labels} labels; {form}. Texts without any label: {unlabelled}.

## How good it is
Cross-validated on those texts: each was judged by a part that had not seen its document. The lines above which a label
is given were drawn from the same scores, so that these figures flatter a little. Measure on data of your own that was
kept apart: `salient evaluate --model DIR --data FILE`.

| measure | figure |
|---|---|
| micro-F1 | {micro:.3f} |
| macro-F1 | {macro:.3f} |
| all labels right | {accuracy:.3f} |

| label | texts | precision | recall | F1 | line |
|---|---|---|---|---|---|
{by_label}

| language | texts | micro-F1 |
|---|---|---|
{by_language}

## How it works
Ridge regression over {blocks}; settings chosen by cross-validation that keeps documents whole. {vectors}
Scores are probabilities, calibrated on unseen texts.

## Limits
- It knows what these texts showed it. Texts of another kind, time or language may be judged worse.
- A label with few examples has unsteady figures: below thirty texts read them as a hint.
- It settles nothing. A person puts it in place, and a person decides on what it points to.
"""
_BLOCKS = {
    "text": "words and parts of words",
    "meaning": "sentence vectors",
    "peaks": "the strongest pieces of long texts",
    "around": "the words of the neighbouring texts",
    "setting": "the meaning of what stands around",
    "place": "the place in the document",
    "sense": "vectors of the slow sentence encoder",
    "beside": "those of the neighbouring texts",
}
_FORMS = {
    "one": "every text has exactly one label, so the likeliest is given",
    "some": "every text has a label, so at least the likeliest is given",
    "any": "a text may have none, one or several",
}


def write(folder: Path, classifier: Classifier, version: str, rows: Sequence[Example], measured: Measured) -> None:
    """Write card.md for people and card.json for programs beside a classifier."""
    (folder / "card.md").write_text(page(classifier, version, rows, measured), encoding="utf-8")
    told = {"version": version, "texts": len(rows), "cross_validated": measured.as_dict()}
    (folder / "card.json").write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def page(classifier: Classifier, version: str, rows: Sequence[Example], measured: Measured) -> str:
    """The card as Markdown."""
    lines = dict(zip(classifier.labels, classifier.lines.line.tolist(), strict=True))
    counts = Counter(label for row in rows for label in row.labels)
    used = [_BLOCKS[name] for name, share in classifier.mix.shares.items() if share]
    return _TEMPLATE.format(
        version=version,
        rows=len(rows),
        documents=len(documents(rows)),
        labels=len(classifier.labels),
        form=_FORMS[classifier.lines.form],
        unlabelled=sum(not row.labels for row in rows),
        micro=measured.micro_f1,
        macro=measured.macro_f1,
        accuracy=measured.accuracy,
        by_label="\n".join(
            f"| {_cell(name)} | {counts[name]} | {of.precision:.3f} | {of.recall:.3f} | {of.f1:.3f} "
            f"| {lines[name]:.2f} |"
            for name, of in measured.by_label.items()
        ),
        by_language="\n".join(f"| {code} | {count} | {f1:.3f} |" for code, (count, f1) in measured.by_language.items()),
        blocks=", ".join(used),
        vectors="" if classifier.needs_vectors else "The sentence encoder was absent or of no use.",
    )


def _cell(name: str) -> str:
    return name.replace("|", "\\|").replace("\n", " ")

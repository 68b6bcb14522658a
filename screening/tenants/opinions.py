"""A second opinion on findings: learned from what a team confirmed and rejected, measured on documents held apart."""

from __future__ import annotations

import hashlib
import io
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from models.findings import Severity
from models.measured import Change, Compared, Measured, Part, score
from models.operations.learning_rows import Row, Weighed
from models.own_classifiers import Hindrance
from screening.engine.vectors import Vectors
from screening.tenants import classifier
from screening.tenants.classifier import Classifier, ClassifierFault
from screening.tenants.examples import Example
from screening.tenants.learning import learn

FINDING = "finding"
"""The one label: people confirmed it."""
ONE_IN = 4
"""One document in so many is held apart."""
FEWEST, FEWEST_DOCUMENTS = 30, 8
"""Rows of each kind, and documents, to learn from: below, a second opinion is a guess. Our own."""
FEWEST_APART = 5
"""Rows of each kind to measure on."""
EXAMPLES = 5
_LARGEST = 64 * 1024 * 1024
Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Dealt:
    """The decided rows, dealt out: what may be learned from, and what only measures."""

    learned: tuple[Row, ...]
    apart: tuple[Row, ...]
    left_out: int
    """Rows of the first kind whose words stand in the second too: learned from, they would flatter the measure."""


class TooFew(Exception):
    """There is too little to learn from or to measure on; says what there is and what is needed."""

    def __init__(self, why: Hindrance, shortage: dict[str, int]) -> None:
        super().__init__(why.value)
        self.why, self.shortage = why, shortage


def is_apart(whole: str) -> bool:
    """Whether a document only measures. By a lot that its bytes decide: the same for every candidate, now and later."""
    return int(hashlib.sha256(f"held apart {whole}".encode()).hexdigest()[:8], 16) % ONE_IN == 0


def deal(rows: Sequence[Row]) -> Dealt:
    """Deal decided rows out, documents whole. Raises TooFew."""
    apart = tuple(row for row in rows if is_apart(row.whole))
    told = {row.wording for row in apart if row.wording}
    others = [row for row in rows if not is_apart(row.whole)]
    learned = tuple(row for row in others if row.wording not in told)
    found = _counted(learned)
    if min(found["confirmed"], found["rejected"]) < FEWEST or found["documents"] < FEWEST_DOCUMENTS:
        raise TooFew(Hindrance.TOO_FEW, {**found, "needed": FEWEST, "needed_documents": FEWEST_DOCUMENTS})
    held = _counted(apart)
    if min(held["confirmed"], held["rejected"]) < FEWEST_APART:
        raise TooFew(Hindrance.TOO_FEW_APART, {**held, "needed": FEWEST_APART})
    return Dealt(learned, apart, len(others) - len(learned))


def taught(dealt: Dealt, *, vectors: Vectors, told: Told) -> Classifier:
    """A classifier of what people confirmed. The same rows give the same one."""
    rows = [Example(str(row.id), row.quote, (FINDING,) if row.confirmed else (), row.whole) for row in dealt.learned]
    return learn(rows, vectors=vectors, told=told).classifier


def weigh(known: Classifier, rows: Sequence[Row], *, vectors: Vectors) -> list[Weighed]:
    """One opinion a row, in order. Rows of one document are neighbours."""
    asked = [Example(row.id, row.quote, (), row.whole) for row in rows]
    return [
        Weighed(one.id, one.scores.get(FINDING, 0.0), FINDING in one.labels)
        for one in known.predict(asked, vectors=vectors)
    ]


def measured(dealt: Dealt, candidate: Classifier, current: Classifier | None, *, vectors: Vectors) -> Measured:
    """Both on the rows held apart, over all, for what is critical, and for each signal and language."""
    said = [one.is_finding for one in weigh(candidate, dealt.apart, vectors=vectors)]
    said_now = [True] * len(said)
    if current is not None:
        said_now = [one.is_finding for one in weigh(current, dealt.apart, vectors=vectors)]
    found, held = _counted(dealt.learned), _counted(dealt.apart)

    def compared(part: Part, name: str, chosen: Sequence[int]) -> Compared:
        truth = [bool(dealt.apart[i].confirmed) for i in chosen]
        ours, theirs = [said[i] for i in chosen], [said_now[i] for i in chosen]
        return Compared(
            part, name, score(zip(truth, ours, strict=True)), score(zip(truth, theirs, strict=True))
        )  # fmt: skip

    every = range(len(dealt.apart))
    parts = [compared(Part.ALL, "", every)]
    critical = [i for i in every if dealt.apart[i].severity is Severity.CRITICAL]
    parts += [compared(Part.SEVERITY, Severity.CRITICAL.value, critical)] if critical else []
    for part, name_of in ((Part.SIGNAL, _signal), (Part.LANGUAGE, _language)):
        names = Counter(name_of(row) for row in dealt.apart)
        parts += [
            compared(part, name, [i for i in every if name_of(dealt.apart[i]) == name])
            for name, _ in sorted(names.items(), key=lambda pair: (-pair[1], pair[0]))
        ]
    return Measured(
        rows=len(dealt.learned), documents=found["documents"], confirmed=found["confirmed"],
        rejected=found["rejected"], apart_rows=len(dealt.apart), apart_documents=held["documents"],
        left_out=dealt.left_out, compared=tuple(parts),
    )  # fmt: skip


def change(ours: Sequence[Weighed], theirs: Sequence[Weighed] | None, *, waiting: int) -> Change:
    """What the candidate would say otherwise of what waits; without anything in use every flag stands."""
    now = [True] * len(ours) if theirs is None else [one.is_finding for one in theirs]
    raised = [one for one, before in zip(ours, now, strict=True) if one.is_finding and not before]
    dropped = [one for one, before in zip(ours, now, strict=True) if before and not one.is_finding]
    surest = sorted(raised, key=lambda one: (-one.probability, str(one.finding_id)))[:EXAMPLES]
    least = sorted(dropped, key=lambda one: (one.probability, str(one.finding_id)))[:EXAMPLES]
    return Change(
        len(ours), waiting, len(raised), len(dropped), tuple(str(one.finding_id) for one in surest),
        tuple(str(one.finding_id) for one in least),
    )  # fmt: skip


def packed(known: Classifier) -> tuple[bytes, str]:
    """A classifier as one archive, always the same bytes, and its version."""
    with tempfile.TemporaryDirectory() as folder:
        version = classifier.save(known, Path(folder))
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as archive:
            for name in (classifier.ARRAYS, classifier.TOLD):
                archive.writestr(zipfile.ZipInfo(name), (Path(folder) / name).read_bytes())
    return held.getvalue(), version


def unpacked(data: bytes) -> Classifier:
    """The classifier of such an archive. Raises ClassifierFault for anything else."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                for name in (classifier.ARRAYS, classifier.TOLD):
                    if archive.getinfo(name).file_size > _LARGEST:
                        raise ClassifierFault("The classifier's files are larger than any of ours: learn it again.")
                    (Path(folder) / name).write_bytes(archive.read(name))
        except (zipfile.BadZipFile, KeyError) as error:
            raise ClassifierFault("The classifier's files are damaged: learn it again.") from error
        return classifier.load(Path(folder))


def _counted(rows: Sequence[Row]) -> dict[str, int]:
    confirmed = sum(bool(row.confirmed) for row in rows)
    return {"confirmed": confirmed, "rejected": len(rows) - confirmed, "documents": len({row.whole for row in rows})}


def _signal(row: Row) -> str:
    return row.signal


def _language(row: Row) -> str:
    return row.language or ""

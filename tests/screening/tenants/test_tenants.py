"""A team's own classifier: learned, measured, stored, promoted and rolled back, the same every time."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from screening.engine.vectors import Floats, Vectors
from screening.tenants import classifier, learning, lines, reading, ridge, versions
from screening.tenants.classifier import ClassifierFault
from screening.tenants.examples import DataError, Example, read
from screening.tenants.learning import Learned, folds_of, learn
from screening.tenants.lines import Form
from screening.tenants.measuring import measure
from webapp.cli import main

NOW = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
SUBJECTS = {
    "water": ("the tap was dry", "no drinking water in the hall", "water tanks were empty", "cups and wells"),
    "pay": ("wages came late", "the payslip was wrong", "overtime without pay", "salary below the norm"),
    "fire": ("the exit was locked", "an extinguisher had expired", "no alarm was heard", "stairs were blocked"),
}


class _Letters:
    """An encoder for tests: counts letters, so that like words have like vectors."""

    def encode(self, texts: list[str]) -> Floats:
        rows = np.zeros((len(texts), 512), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for letter in text.lower():
                row[ord(letter) % 512] += 1
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)


def some_rows(count: int = 90, *, form: Form = Form.ANY, seed: int = 1) -> list[Example]:
    """Short texts in documents of six; some carry no label, some two."""
    chance = random.Random(seed)
    names = sorted(SUBJECTS)
    rows = []
    for i in range(count):
        least = 0 if form is Form.ANY else 1
        most = 1 if form is Form.ONE else 2
        chosen = tuple(sorted(chance.sample(names, chance.randint(least, most))))
        words = [chance.choice(SUBJECTS[name]) for name in chosen] or ["the visit began with tea"]
        rows.append(Example(i, f"Hall {i % 7}: {' and '.join(words)}.", chosen, f"d{i // 6}"))
    return rows


@pytest.fixture(scope="module")
def vectors() -> Vectors:
    return Vectors(_Letters())


@pytest.fixture(scope="module")
def learned(vectors: Vectors) -> Learned:
    return learn(some_rows(), vectors=vectors)


def test_what_was_learned_is_found_again_in_new_texts(learned: Learned, vectors: Vectors) -> None:
    asked = some_rows(60, seed=2)
    found = measure(asked, [one.labels for one in learned.classifier.predict(asked, vectors=vectors)])
    assert found.micro_f1 > 0.9
    assert set(found.by_label) == set(SUBJECTS)


def test_a_classifier_that_is_stored_and_read_judges_alike_and_runs_nothing(
    learned: Learned, vectors: Vectors, tmp_path: Path
) -> None:
    version = classifier.save(learned.classifier, tmp_path)
    known = classifier.load(tmp_path)
    asked = some_rows(30, seed=3)
    once, again = (one.predict(asked, vectors=vectors) for one in (learned.classifier, known))
    assert [one.labels for one in once] == [one.labels for one in again]
    assert known.version == version
    assert all(
        abs(a.scores[name] - b.scores[name]) < 0.01 for a, b in zip(once, again, strict=True) for name in SUBJECTS
    )


def test_the_same_rows_give_the_same_bytes(vectors: Vectors, tmp_path: Path) -> None:
    written = []
    for name in ("one", "two"):
        classifier.save(learn(some_rows(40), vectors=vectors).classifier, tmp_path / name)
        written.append((tmp_path / name / classifier.ARRAYS).read_bytes())
    assert written[0] == written[1]


def test_damaged_and_foreign_files_are_refused_in_a_sentence(learned: Learned, tmp_path: Path) -> None:
    with pytest.raises(ClassifierFault, match="no classifier"):
        classifier.load(tmp_path)
    classifier.save(learned.classifier, tmp_path)
    arrays = tmp_path / classifier.ARRAYS
    arrays.write_bytes(arrays.read_bytes() + b"x")
    with pytest.raises(ClassifierFault, match="not those"):
        classifier.load(tmp_path)
    (tmp_path / classifier.TOLD).write_text('{"format": 99}', encoding="utf-8")
    with pytest.raises(ClassifierFault, match="another format"):
        classifier.load(tmp_path)


def test_without_the_encoder_words_alone_are_learned_and_meaning_is_never_guessed(learned: Learned) -> None:
    absent = Vectors(_Letters())
    absent._encoder = None
    plain = learn(some_rows(), vectors=absent).classifier
    assert not plain.needs_vectors
    assert plain.predict(some_rows(6, seed=4), vectors=absent)
    if learned.classifier.needs_vectors:
        with pytest.raises(ClassifierFault, match="encoder"):
            learned.classifier.predict(some_rows(6), vectors=absent)


@pytest.mark.parametrize("form", list(Form))
def test_the_number_of_labels_follows_what_the_examples_show(form: Form, vectors: Vectors) -> None:
    known = learn(some_rows(form=form), vectors=vectors).classifier
    counts = [len(one.labels) for one in known.predict(some_rows(40, form=form, seed=5), vectors=vectors)]
    assert known.lines.form is form
    if form is Form.ONE:
        assert set(counts) == {1}
    if form is Form.SOME:
        assert min(counts) == 1


def test_neighbours_of_the_same_document_decide_where_a_text_says_nothing(vectors: Vectors) -> None:
    """Every second row is the same words; its label is that of the row before it, in the same document only."""
    rows = []
    for i in range(120):
        name = ("pay", "fire")[i % 2]
        rows += [
            Example(2 * i, SUBJECTS[name][i % 4], (name,), f"d{i}"),
            Example(2 * i + 1, "See above.", (name,), f"d{i}"),
        ]
    known = learn(rows, vectors=vectors).classifier
    asked = [Example("a", "the exit was locked", (), "x"), Example("b", "See above.", (), "x")]
    assert [one.labels for one in known.predict(asked, vectors=vectors)] == [("fire",), ("fire",)]


def test_documents_are_never_split_over_folds() -> None:
    rows = some_rows(100)
    folds = folds_of(rows, 5)
    assert sorted(np.concatenate(folds).tolist()) == list(range(100))
    homes = [{rows[i].doc for i in fold} for fold in folds]
    assert all(not one & other for i, one in enumerate(homes) for other in homes[i + 1 :])


def test_many_rows_are_learned_by_steps_to_the_same_weights_as_few_are_exactly(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = np.random.default_rng(5)
    features = chance.normal(size=(120, 40)).astype(np.float32) / 6
    blocks = {"text": features - features.mean(axis=0)}
    targets = np.sign(chance.normal(size=(120, 3))).astype(np.float32)
    mix = ridge.Mix({"text": 1.0}, 1.0)
    exactly = ridge.learn(blocks, targets, mix)
    monkeypatch.setattr(ridge, "EXACT", 10)
    by_steps = ridge.learn(blocks, targets, mix)
    assert np.allclose(exactly.blocks["text"], by_steps.blocks["text"], atol=1e-2)


def test_a_rare_label_that_cannot_be_told_apart_does_not_flood_the_result() -> None:
    chance = np.random.default_rng(3)
    truth = np.zeros((400, 2), dtype=bool)
    truth[:200, 0] = True
    truth[[50, 150, 250, 350], 1] = True
    scores = np.column_stack([np.where(truth[:, 0], 1, -1) + chance.normal(size=400) / 4, chance.normal(size=400)])
    drawn = lines.draw(scores.astype(np.float32), truth, np.array_split(np.arange(400), 4))
    assert drawn.given(scores.astype(np.float32))[:, 1].sum() < 40


def test_long_texts_are_cut_into_pieces_without_losing_a_letter() -> None:
    text = " ".join(f"Sentence number {i} tells of the visit." for i in range(60))
    pieces = reading._pieces(text)
    assert len(pieces) > 3
    assert "".join(pieces).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"{", "Line 1 is not valid JSON"),
        (b'{"id": 1}', "needs an `id` and a `text`"),
        (b'{"id": 1, "text": "x"}', "needs `labels`"),
        (b'{"id": 1, "text": "x", "labels": "pay"}', "list of names"),
    ],
)
def test_bad_rows_are_named_by_their_line(line: bytes, said: str) -> None:
    with pytest.raises(DataError, match=said):
        list(read([line], labelled=True))


def test_too_little_to_learn_from_is_said(vectors: Vectors) -> None:
    for rows, said in (
        (some_rows(10), "too few"),
        ([Example(i, "tea", ()) for i in range(30)], "No row has a label"),
        ([Example(i, "tea", ("a",), "same") for i in range(30)], "one document"),
    ):
        with pytest.raises(DataError, match=said):
            learn(rows, vectors=vectors)


def test_a_person_promotes_and_goes_back_and_every_step_is_kept(vectors: Vectors, tmp_path: Path) -> None:
    frozen, store = some_rows(40, seed=9), tmp_path / "store"
    for name, rows in (("first", some_rows()), ("second", some_rows(seed=8))):
        classifier.save(learn(rows, vectors=vectors).classifier, tmp_path / name)
        compared = versions.compare(store, tmp_path / name, frozen, vectors=vectors)
        versions.promote(store, tmp_path / name, compared, by="A. Reader", reason=name, now=NOW, even_if_worse=True)
    one, two = versions.history(store)
    assert one.version != two.version
    assert versions.current_folder(store).name == two.version
    back = versions.roll_back(store, by="B. Lead", reason="too many", now=NOW)
    assert (back.version, back.by) == (one.version, "B. Lead")
    assert classifier.load(versions.current_folder(store)).version == one.version
    assert [step.act for step in versions.history(store)] == ["promoted", "promoted", "rolled_back"]
    with pytest.raises(ClassifierFault, match="no earlier version"):
        versions.roll_back(store, by="B. Lead", reason="again", now=NOW)


def test_a_worse_candidate_is_not_promoted_unless_a_person_says_so(vectors: Vectors, tmp_path: Path) -> None:
    store, frozen = tmp_path / "store", some_rows(60, seed=9)
    good = some_rows()
    shuffled = [Example(r.id, r.text, good[(i * 7 + 3) % len(good)].labels, r.doc) for i, r in enumerate(good)]
    for name, rows in (("good", good), ("bad", shuffled)):
        classifier.save(learn(rows, vectors=vectors).classifier, tmp_path / name)
    first = versions.compare(store, tmp_path / "good", frozen, vectors=vectors)
    versions.promote(store, tmp_path / "good", first, by="A", reason="", now=NOW, even_if_worse=False)
    second = versions.compare(store, tmp_path / "bad", frozen, vectors=vectors)
    assert second.worse
    with pytest.raises(ClassifierFault, match="worse"):
        versions.promote(store, tmp_path / "bad", second, by="A", reason="", now=NOW, even_if_worse=False)
    assert len(versions.history(store)) == 1


def test_one_that_misses_more_critical_texts_takes_a_further_word_however_well_it_scores(
    vectors: Vectors, tmp_path: Path
) -> None:
    store, candidate = tmp_path / "store", tmp_path / "candidate"
    classifier.save(learn(some_rows(), vectors=vectors).classifier, candidate)
    rows = [
        Example(1, "a", ("FL.DOC",)),  # Critical by the taxonomy.
        Example(2, "b", ("fire",), severity="critical"),
        Example(3, "c", ("FL.DOC",), severity="low"),  # People thought it less grave.
        Example(4, "d", (), severity="critical"),  # Nothing was labelled, so nothing can be missed.
    ]
    ours = measure(rows, [("pay",), ("fire",), ("FL.DOC",), ()])
    assert (ours.critical, ours.critical_missed) == (2, 1)
    better = replace(ours, micro_f1=0.99, macro_f1=0.99)
    compared = versions.Comparison(candidate=better, current=replace(ours, critical_missed=0))
    assert (compared.worse, compared.loses_critical) == (False, True)
    with pytest.raises(ClassifierFault, match="misses 1 of 2 critical"):
        versions.promote(store, candidate, compared, by="A", reason="", now=NOW, even_if_worse=False)
    assert versions.promote(store, candidate, compared, by="A", reason="", now=NOW, even_if_worse=True).by == "A"
    assert not versions.Comparison(candidate=better, current=ours).loses_critical


def test_the_commands_go_from_data_to_a_promoted_classifier(tmp_path: Path) -> None:
    run = CliRunner()
    data = tmp_path / "data.jsonl"
    rows = [{"id": r.id, "text": r.text, "labels": list(r.labels), "doc": r.doc} for r in some_rows(60)]
    data.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    out, store = tmp_path / "candidate", tmp_path / "store"

    taught = run.invoke(main, ["train", "--data", str(data), "--out", str(out)])
    assert taught.exit_code == 0, taught.stderr
    assert "| pay |" in (out / "card.md").read_text(encoding="utf-8")

    given = run.invoke(main, ["predict", "--model", str(out)], input='{"id": "x", "text": "the exit was locked"}')
    told = json.loads(given.stdout)
    assert (told["id"], told["labels"]) == ("x", ["fire"])
    assert set(told["scores"]) == set(SUBJECTS)

    measured = json.loads(run.invoke(main, ["evaluate", "--model", str(out), "--data", str(data)]).stdout)
    assert measured["micro_f1"] > 0.9

    promote = ["versions", "promote", str(store), "--candidate", str(out), "--data", str(data)]
    assert "Nothing was changed" in run.invoke(main, promote).stderr
    assert run.invoke(main, [*promote, "--by", "A. Reader"]).exit_code == 0
    assert "A. Reader" in run.invoke(main, ["versions", "list", str(store)]).stdout
    assert run.invoke(main, ["predict", "--model", str(store)], input="").exit_code == 0
    bad = run.invoke(main, ["train", "--data", str(out / "card.json"), "--out", str(out)])
    assert (bad.exit_code, "not valid JSON" in bad.stderr) == (1, True)


def test_a_classifier_that_asked_the_slow_encoder_is_stored_with_it_and_asks_it_again(
    vectors: Vectors, tmp_path: Path
) -> None:
    slow = Vectors(_Letters())
    made = learn(some_rows(), vectors=vectors, slow=slow).classifier
    assert made.needs_slow
    classifier.save(made, tmp_path)
    kept, asked = classifier.load(tmp_path), some_rows(20, seed=3)
    once, again = (one.predict(asked, vectors=vectors, slow=slow) for one in (made, kept))
    assert [one.labels for one in once] == [one.labels for one in again]
    absent = Vectors(_Letters())
    absent._encoder = None
    with pytest.raises(ClassifierFault, match="encoder"):
        kept.predict(asked, vectors=vectors, slow=absent)
    assert not learn(some_rows(), vectors=vectors, slow=absent).classifier.needs_slow


def test_the_slow_encoder_is_not_asked_about_too_much_text(vectors: Vectors, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "LETTERS_FOR_SLOW", 100)
    assert not learn(some_rows(), vectors=vectors, slow=Vectors(_Letters())).classifier.needs_slow

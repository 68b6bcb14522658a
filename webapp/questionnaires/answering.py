"""Answering in the browser: a page a section, saved at every answer by the script, or by a button without it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from models.errors import Conflict, Invalid
from models.submissions import Submission
from questionnaires import answering, helping, issuing, shelf, standing, ways
from questionnaires.admitting import admitted
from questionnaires.answering import Incomplete, OtherAnswer, Saved
from questionnaires.definition import Question, Questionnaire, Section
from questionnaires.shelf import Opened
from questionnaires.standing import Lack, Missing
from questionnaires.telling import Teller
from questionnaires.values import Json
from questionnaires.ways import Way
from webapp.doors import acting, now, person, reading, today
from webapp.errors import translated
from webapp.measure_words import measure
from webapp.questionnaires import forms, places, sheets
from webapp.questionnaires.helpful import helps
from webapp.questionnaires.places import Place
from webapp.questionnaires.sheets import Problem
from webapp.supplier_choice import colleagues

pages = Blueprint("answers", __name__, url_prefix="/questionnaires")


@dataclass(frozen=True, slots=True)
class Desk:
    """A submission as its pages need it."""

    found: Submission
    opened: Opened
    way: Way
    words: Teller
    places: list[Place]

    @property
    def progress(self) -> tuple[int, int]:
        return self.way.path.progress

    def place_with(self, question: Question) -> Place | None:
        """The page on which this question is asked; None while it is not."""
        return next((place for place in self.places if question in place.questions), None)


def desk(submission_id: UUID) -> Desk:
    """The submission, opened for looking. Raises NotFound."""
    found = issuing.submission(reading(), submission_id, by=person())
    opened = shelf.opened(reading(), found.questionnaire)
    way = ways.way(reading(), found)
    words = sheets.teller(reading(), found, opened.questionnaire)
    return Desk(found, opened, way, words, places.places(opened, way.path))


@pages.get("/<uuid:submission_id>/sections/<section>")
def section(submission_id: UUID, section: str) -> str:
    return _page(desk(submission_id), section, _part())


@pages.post("/<uuid:submission_id>/sections/<section>")
def save_section(submission_id: UUID, section: str) -> Response | tuple[str, int]:
    """Keep every answer of the page that can be kept; what cannot is shown again with its reason."""
    at = desk(submission_id)
    _where, part, _parts, questions = _found(at, section, _part())
    problems = _save_all(at, questions)
    if problems:
        return _page(desk(submission_id), section, part, problems), 409 if _clash(problems) else 422
    onward = desk(submission_id)
    chosen = request.form.get("choose", "")
    if chosen in onward.opened.questionnaire.questions:
        return redirect(url_for("sent.choose", submission_id=submission_id, question=chosen), 303)
    if request.form.get("stay"):
        return redirect(_address(onward, section, part) + f"#q-{request.form['stay']}", 303)
    return redirect(_after(onward, section, part), 303)


@pages.post("/<uuid:submission_id>/answers")
def save(submission_id: UUID) -> Response | tuple[Response, int]:
    """Keep one answer, for the script. Another person's answer in the way comes back beside one's own (409)."""
    try:
        with acting() as (writing, by):
            saved = answering.save_answer(writing, submission_id, _one_typed, by=by, now=now())
    except OtherAnswer as clash:
        return jsonify(
            fault=translated(clash), version=clash.theirs.version, who=clash.theirs.name,
            at=clash.theirs.at.isoformat(), theirs=_in_words(clash.question, clash.theirs.value),
            mine=_in_words(clash.question, clash.mine),
        ), 409  # fmt: skip
    except Invalid as fault:
        return jsonify(fault=translated(fault)), 422
    return jsonify(_told(saved))


def _one_typed(questionnaire: Questionnaire) -> answering.Given:
    """What the script sent, read once it is known to be theirs."""
    question = questionnaire.questions.get(request.form.get("question", ""))
    typed = forms.typed(question, request.form) if question is not None else None
    if typed is None:
        raise Invalid("The page was open too long, or came from somewhere else: reload it.")
    if typed.fault is not None:
        raise typed.fault
    return typed.given


def _in_words(question: Question, value: Json) -> str:
    return Teller(session.get("answers_language") or person().language).answer(question, value)


@pages.get("/<uuid:submission_id>/check")
def check(submission_id: UUID) -> str:
    """Everything on one page before it is handed over, with what is missing on top."""
    at = desk(submission_id)
    return _check_page(at, standing.missing(reading(), at.found, at.way.path))


@pages.post("/<uuid:submission_id>/submit")
def submit(submission_id: UUID) -> Response | tuple[str, int]:
    try:
        with acting() as (writing, by):
            answering.submit(writing, submission_id, by=by, now=now())
    except Incomplete as fault:
        return _check_page(desk(submission_id), list(fault.missing), translated(fault)), 422
    flash(_("Your answers are submitted. You can recall them as long as nobody has accepted them."))
    return redirect(url_for("submissions.show", submission_id=submission_id), 303)


@pages.post("/<uuid:submission_id>/recall")
def recall(submission_id: UUID) -> Response:
    with acting() as (writing, by):
        answering.recall(writing, submission_id, by=by, now=now())
    flash(_("The answers are yours again. Submit them when they are right."))
    return redirect(url_for("submissions.show", submission_id=submission_id), 303)


@pages.post("/<uuid:submission_id>/language")
def speak(submission_id: UUID) -> Response:
    """Show the questions in another of their languages, in this browser."""
    at = desk(submission_id)
    wanted = request.form.get("language", "")
    if wanted in at.opened.questionnaire.languages:
        session["answers_language"] = wanted
    back = request.form.get("section", "")
    if places.place_of(at.opened, back, _part()) is not None:
        return redirect(_address(at, back, _part()), 303)
    return redirect(url_for("submissions.show", submission_id=submission_id), 303)


def _save_all(at: Desk, questions: tuple[Question, ...]) -> dict[str, Problem]:
    problems: dict[str, Problem] = {}
    cleared = request.form.get("clear")
    for typed in forms.all_typed(questions, request.form):
        id_ = typed.question.id
        given = typed.given if id_ != cleared else answering.Given(id_, None, typed.key, typed.expected)
        if typed.fault is not None and id_ != cleared:
            problems[id_] = Problem(typed, translated(typed.fault))
            continue
        try:
            _keep(at.found.id, given)
        except OtherAnswer as clash:
            problems[id_] = Problem(typed, translated(clash), clash.theirs)
        except (Invalid, Conflict) as fault:
            if not isinstance(fault, Invalid) and not at.found.state.is_open:
                raise
            problems[id_] = Problem(typed, translated(fault))
    return problems


def _keep(submission_id: UUID, given: answering.Given) -> Saved | None:
    """An empty field that was empty before is no answer, and nothing is written."""
    if given.value in (None, "", [], {}, False) and given.expected == 0 and not given.reason:
        return None
    with acting() as (writing, by):
        return answering.save_answer(writing, submission_id, given, by=by, now=now())


def _told(saved: Saved) -> dict[str, object]:
    """What the script needs to know after a save: what is asked now on this page, and how far it is."""
    question = saved.question
    section = saved.questionnaire.section_of[question.id]
    nearby = next(questions for _n, _m, questions in places.parts_of(section) if question in questions)
    done, asked = saved.way.path.progress
    step = next((step for step in saved.way.path.steps if step.question.id == question.id), None)
    language = sheets.language_of(saved.questionnaire, person())
    return {
        "version": saved.answer.version,
        "asked": [row.id for row in nearby if row.id in saved.way.path.values],
        "computed": sheets.computed(saved.way, nearby),
        "again": [row.id for row in nearby if row.id != question.id and any(each.when for each in row.choices)],
        "refused": Teller(language).said(question.message) if step is not None and step.refused else "",
        "done": done, "of": asked, "progress": progress_words(done, asked), "left": left_words(saved.way),
    }  # fmt: skip


def progress_words(done: int, asked: int) -> str:
    return str(_("%(done)s of %(asked)s answered", done=done, asked=asked))


def left_words(way: Way) -> str:
    left = places.minutes_left(way.path)
    if left == 0:
        return str(_("nothing is open"))
    return str(_("about %(num)s min left", num=left))


def _page(at: Desk, section_id: str, part: int, problems: Mapping[str, Problem] | None = None) -> str:
    section, number, parts, questions = _found(at, section_id, part)
    shown = sheets.sheets(reading(), at.found, at.way, questions, by=person(), problems=problems, words=at.words)
    done, asked = at.progress
    return render_template(
        "questionnaires/section.html",
        at=at, submission=at.found, section=section, part=number, parts=parts, sheets=shown,
        computed=sheets.computed(at.way, questions), questions={row.id: row for row in questions}, words=at.words,
        options=sheets.options(at.way, at.words), measure=measure,
        problems=problems or {}, done=done, asked=asked, left=left_words(at.way),
        progress=progress_words(done, asked), before=_neighbour(at, section_id, part, -1),
        people=helping.assignments(reading(), at.found).get(section_id, []), sites=helping.sites(reading(), at.found),
        colleagues=colleagues(person().organisation_id), references=sheets.references, helps=helps, today=today(),
    )  # fmt: skip


def _check_page(at: Desk, lacking: list[Missing], fault: str = "") -> str:
    rows = standing.answers(reading(), at.found)
    done, asked = at.progress
    return render_template(
        "questionnaires/check.html",
        at=at, submission=at.found, words=at.words, answers=rows, fault=fault, done=done, asked=asked,
        missing=[(row, at.place_with(row.question)) for row in lacking], lacks=lack_words(), today=today(),
        papers=helping.evidence(reading(), at.found), admitted=admitted(at.way.path),
    )  # fmt: skip


def lack_words() -> dict[Lack, str]:
    return {
        Lack.ANSWER: _("not answered yet"),
        Lack.CONSTRAINT: _("does not fit with another answer"),
        Lack.REASON: _("say why it does not apply"),
        Lack.ASKED_BACK: _("the reviewer asks something"),
    }


def first_open(at: Desk) -> str:
    """Where to go on: the first page with something open, else the page that looks at all of it."""
    found = next((place for place in at.places if not place.is_done), None)
    if found is None:
        return url_for("answers.check", submission_id=at.found.id)
    return _address(at, found.section.id, found.part)


def _found(at: Desk, section_id: str, part: int) -> tuple[Section, int, int, tuple[Question, ...]]:
    found = places.place_of(at.opened, section_id, part)
    if found is None:
        abort(404)
    return found


def _part() -> int:
    text = request.values.get("part", "1")
    return int(text) if text.isdecimal() and len(text) < 5 else 1


def _address(at: Desk, section_id: str, part: int) -> str:
    more = {"part": part} if part > 1 else {}
    return url_for("answers.section", submission_id=at.found.id, section=section_id, **more)  # type: ignore[arg-type]


def _after(at: Desk, section_id: str, part: int) -> str:
    onward = _neighbour(at, section_id, part, 1)
    return onward or url_for("answers.check", submission_id=at.found.id)


def _neighbour(at: Desk, section_id: str, part: int, step: int) -> str | None:
    """The page before or after this one, of those on which something is asked; None at the end."""
    order = [(section.id, number) for section in at.opened.questionnaire.sections
             for number, _m, _q in places.parts_of(section)]  # fmt: skip
    asked = {(place.section.id, place.part) for place in at.places}
    here = order.index((section_id, part))
    rest = order[here + 1 :] if step > 0 else order[:here][::-1]
    found = next((row for row in rest if row in asked), None)
    return None if found is None else _address(at, *found)


def _clash(problems: Mapping[str, Problem]) -> bool:
    return any(problem.other is not None for problem in problems.values())

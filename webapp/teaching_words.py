"""The words for classifiers of a team's own: where one stands, what people did with it, and by what it is measured."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_gettext as _l

from models.own_classifiers import ClassifierState, StepAct

NAMES: dict[type[StrEnum], dict[str, object]] = {
    ClassifierState: {
        ClassifierState.WAITING: _l("Waits for a worker"),
        ClassifierState.LEARNING: _l("Being learned"),
        ClassifierState.CANDIDATE: _l("Waits for your decision"),
        ClassifierState.IN_USE: _l("In use"),
        ClassifierState.FORMER: _l("In use before"),
        ClassifierState.SET_ASIDE: _l("Set aside"),
        ClassifierState.FAILED: _l("Nothing was learned"),
    },
    StepAct: {
        StepAct.PROMOTED: _l("Promoted"),
        StepAct.SET_ASIDE: _l("Set aside"),
        StepAct.ROLLED_BACK: _l("Rolled back"),
    },
}

ACTS: dict[str, object] = {
    "classifier.asked": _l("asked for a classifier to be learned from decisions"),
    "classifier.learned": _l("a candidate classifier was learned and measured"),
    "classifier.not_learned": _l("no classifier could be learned"),
    "classifier.promoted": _l("put a classifier in use"),
    "classifier.set_aside": _l("set a candidate classifier aside"),
    "classifier.rolled_back": _l("went back from a classifier"),
}

"""Which languages are tried on a page, and in which order."""

from __future__ import annotations

from screening.engine.reading.tesseract import grouped

MANY = {"eng", "nld", "deu", "fra", "spa", "por", "chi_sim", "jpn", "hin"}


def test_of_many_languages_of_latin_letters_a_few_are_taken_and_each_with_other_letters_by_itself() -> None:
    assert grouped(MANY) == [("eng", "nld", "deu", "fra"), ("chi_sim",), ("jpn",), ("hin",)]


def test_what_was_trained_on_all_latin_letters_is_taken_for_them() -> None:
    assert grouped({"eng", "nld", "script/Latin", "tha"}) == [("script/Latin",), ("tha",)]


def test_who_chooses_languages_gets_those_that_are_there_and_no_others() -> None:
    assert grouped(MANY, ("por", "chi_sim", "tha")) == [("por",), ("chi_sim",)]
    assert grouped({"eng"}, ("tha",)) == [("eng",)]


def test_data_of_a_language_that_is_not_known_is_used_where_there_is_no_other() -> None:
    assert grouped({"isl"}) == [("isl",)]
    assert grouped(set()) == []

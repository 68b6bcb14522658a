"""The shipped taxonomy is whole, and a faulty one is refused with the place of the fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from models import taxonomy
from models.taxonomy import Severity, TaxonomyError
from screening.engine.results import Assertion


def test_the_shipped_taxonomy_has_seventeen_categories_and_ninety_five_signals() -> None:
    shipped = taxonomy.shipped()
    assert len(shipped.categories) == 17
    assert len(shipped.signals) == 95


def test_every_signal_and_category_has_an_english_and_a_dutch_name_of_its_own() -> None:
    shipped = taxonomy.shipped()
    for named in (shipped.categories, tuple(shipped.signals.values())):
        assert all(thing.name.en and thing.name.nl for thing in named)
        assert len({thing.name.en for thing in named}) == len(named)
        assert len({thing.name.nl for thing in named}) == len(named)


def test_the_names_of_the_assertions_are_those_of_the_engine() -> None:
    assert set(taxonomy.shipped().assertions) == {str(assertion) for assertion in Assertion}


def test_every_reference_says_whether_it_was_verified() -> None:
    shipped = taxonomy.shipped()
    assert shipped.references["ilo", "C029"].verified
    assert shipped.references["csddd", "11"].verified
    assert not shipped.references["chrb", "D.x.5"].verified
    assert all(isinstance(reference.verified, bool) for reference in shipped.references.values())


def test_the_gravest_signal_decides_the_floor() -> None:
    assert taxonomy.shipped().floor_of(("GOV.RESP", "OSH.FIRE", "HR.MAX")) is Severity.CRITICAL
    assert taxonomy.shipped().floor_of(()) is Severity.NONE


def test_sexual_harassment_is_handled_around_the_survivor() -> None:
    assert taxonomy.shipped().signal("VH.SEX").handling == "survivor_centred"


def test_a_name_is_given_in_dutch_when_dutch_is_asked_for() -> None:
    name = taxonomy.shipped().signal("CL.MINAGE").name
    assert name.in_language("nl_NL") == "Werknemer onder de minimumleeftijd"
    assert name.in_language("fr") == "Worker below minimum age"


@pytest.mark.parametrize(
    ("good", "bad", "told"),
    [
        ('floor = "critical"', 'floor = "terrible"', "terrible"),
        ("scale = 4", "scale = 9", "1 to 5"),
        ('id = "FL.DEBT"', 'id = "FL.DOC"', "twice"),
        ('id = "FL.DEBT"', 'id = "XX.DEBT"', "XX.DEBT"),
        ('ilo = ["C029", "P029"]', 'ilo = ["C999"]', "C999"),
        ('version = "0.1.0"', "", "version"),
        ('version = "0.1.0"', "version = ", "TOML"),
    ],
)
def test_a_faulty_taxonomy_is_refused_and_the_fault_is_named(tmp_path: Path, good: str, bad: str, told: str) -> None:
    text = taxonomy.SHIPPED.read_text(encoding="utf-8")
    assert good in text
    faulty = tmp_path / "taxonomy.toml"
    faulty.write_text(text.replace(good, bad, 1), encoding="utf-8")
    with pytest.raises(TaxonomyError, match=told):
        taxonomy.load(faulty)


def test_an_unknown_code_is_told() -> None:
    with pytest.raises(TaxonomyError, match=r"ZZ\.TOP"):
        taxonomy.shipped().signal("ZZ.TOP")
    with pytest.raises(TaxonomyError, match="ZZ"):
        taxonomy.shipped().category("ZZ")

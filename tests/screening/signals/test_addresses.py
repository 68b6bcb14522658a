"""The words of web addresses raise nothing, and what people wrote around them is read as ever."""

from __future__ import annotations

import pytest

from screening.engine import addresses
from screening.engine.results import Page, PageStatus, Passage, Reading, State
from screening.engine.screener import Screener


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("El Litoral, 17 April 2021. https://el.example/trabajo-infantil 86 Government of Peru.", ""),
        ("https://acme.example/child-labour-policy.pdf", ""),
        ("2017. http://ods.example/2017/06/ Trabalho_Infantil.pdf 5 In", ""),
        ("Workers were locked in, 3 March 2021. https://p.example/1.jpg", "Workers were locked in, 3 March 2021."),
        ("EXITS LOCKED 2021 www.p.example/1", "EXITS LOCKED 2021"),
        ("Kinderarbeit https://p.example", "Kinderarbeit"),
        ("见 https://p.example/2021 有14岁童工", "见 有14岁童工"),
        ("Mill Worker Dies After 96 Hour Week, 2021. www.n.example", "Mill Worker Dies After 96 Hour Week, 2021."),
        ("The exits were locked and/or blocked.", "The exits were locked and/or blocked."),
    ],
)  # fmt: skip
def test_an_address_is_taken_out_and_what_people_wrote_stays(text: str, left: str) -> None:
    assert addresses.without(Passage(text)).text == left


def test_what_stands_before_loses_its_addresses_too_and_the_place_stays() -> None:
    found = addresses.without(
        Passage("Nobody was paid.", before="See https://p.example/unpaid.", page=2, start=4, end=20)
    )
    assert (found.before, found.page, found.start, found.end) == ("See", 2, 4, 20)


def test_a_list_of_sources_raises_nothing_and_a_finding_beside_an_address_is_shown_as_printed() -> None:
    source = "14 December 2018. https://news.example/condena-por-trabajo-infantil-en-la-provincia-ninos-de-12-y-16"
    finding = "The passports of twelve workers were kept by the agent: https://photos.example/passports-2026"
    text = f"{source}\n\n{finding}"
    page = Page(1, PageStatus.READ, text, language="en")
    found = Screener.load().screen(Reading(State.SCREENED, pages=(page,)))
    assert [each.passage.text for each in found if each.judgement.flag] == [finding]
    assert found[0].judgement.signals[0] == "FL.DOC"

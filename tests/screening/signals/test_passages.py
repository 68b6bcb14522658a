"""A page is cut into the passages that a reviewer would point at, and each can be found again on the page."""

from __future__ import annotations

import pytest

from screening.engine import passages, sentences
from screening.engine.language import language_of
from screening.engine.results import Page, PageStatus, Passage, Reading, State


def cut(text: str, number: int = 1) -> list[Passage]:
    return passages.of_page(Page(number, PageStatus.READ, text))


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences.split(text)]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Two workers fell ill. The room has no window! Who knew?", 3),
        ("Mr. Khan of Blue Ltd. spoke to the U.S. buyer on 3 Nov. about it.", 1),
        ("They earn 6.200 a month, i.e. 3.5 less than before.", 1),
        ("Zij werken o.a. op zondag. De poort is dan dicht.", 2),
        ("Der Lohn kam erst am 3. Februar. Das war spät.", 2),
        ("So war es 2024. Mai und Juni fehlen.", 2),
        ("工人没有合同。宿舍门夜里上锁！", 2),
        ("श्रमिकों को वेतन नहीं मिला। दरवाज़ा बंद था।", 2),
        ("هل الأبواب مفتوحة؟ لا، هي مغلقة.", 2),
        ("কারখানার দরজা বন্ধ ছিল। কেউ বের হতে পারেনি।", 2),
    ],
)
def test_sentences_end_where_a_reader_would_say_so(text: str, count: int) -> None:
    assert len(split(text)) == count


def test_a_thai_paragraph_is_cut_at_its_spaces() -> None:
    text = "คนงานทำงานวันละสิบสี่ชั่วโมงโดยไม่มีวันหยุด " * 8
    assert len(split(text)) > 1
    assert all(len(piece) <= 210 for piece in split(text))


def test_a_very_long_sentence_is_cut_so_that_nothing_is_lost() -> None:
    text = "the gate is locked and the key is gone, " * 60
    assert "".join("".join(split(text)).split()) == "".join(text.split())
    assert max(map(len, split(text))) <= sentences.LONGEST * 1.3


def test_every_passage_is_found_again_at_its_place_on_the_page() -> None:
    text = "Findings\n\nThe exit was locked.\nTwo work-\ners were trapped inside.\n• No fire drill was held.\nQ1 | Yes"
    found = cut(text)
    assert [p.text for p in found] == [
        "Findings",
        "The exit was locked.",
        "Two workers were trapped inside.",
        "• No fire drill was held.",
        "Q1 | Yes",
    ]
    for passage in found:
        raw = text[passage.start : passage.end]
        assert raw.replace("-\n", "").replace("\n", " ") == passage.text


def test_a_heading_stands_before_what_follows_it() -> None:
    found = cut("Child labour\nNo workers under the legal age were seen on the site during the visit of two days.\n")
    assert found[1].before == "Child labour"


def test_items_of_a_list_stand_under_the_line_that_leads_them_in() -> None:
    found = cut(
        "The auditors saw the following on the day of the visit to the site:\n- a locked exit\n- a blocked aisle\n"
    )
    assert found[1].before == found[2].before == found[0].text


def test_a_row_of_cells_is_one_passage_in_a_table() -> None:
    (row,) = cut("Are the exits unlocked?\tNo\tTwo doors were chained.")
    assert row.text == "Are the exits unlocked? | No | Two doors were chained."
    assert row.in_table


def test_running_headers_are_no_passages() -> None:
    pages = tuple(
        Page(
            n,
            PageStatus.READ,
            f"Audit report 2024, page {n}\nThe dormitory of block {n} was visited at night.\nBlue Ltd",
        )
        for n in range(1, 6)
    )
    texts = [p.text for p in passages.passages_of(Reading(State.SCREENED, pages=pages))]
    assert texts == [f"The dormitory of block {n} was visited at night." for n in range(1, 6)]


def test_filled_form_fields_are_read_with_their_name_before_them() -> None:
    reading = Reading(State.SCREENED, fields={"Who keeps the passports?": "The office.", "empty": " "})
    (passage,) = passages.passages_of(reading)
    assert (passage.before, passage.text, passage.page) == ("Who keeps the passports?", "The office.", 0)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The workers said that their passports were kept in the office."),
        ("nl", "De werknemers zeiden dat hun paspoorten op kantoor werden bewaard."),
        ("de", "Die Beschäftigten sagten, dass ihre Pässe im Büro aufbewahrt werden."),
        ("fr", "Les ouvriers ont dit que leurs passeports étaient gardés au bureau."),
        ("pl", "Pracownicy powiedzieli, że ich paszporty są przechowywane w biurze."),
        ("tr", "İşçiler pasaportlarının ofiste tutulduğunu söyledi."),
        ("vi", "Công nhân cho biết hộ chiếu của họ bị giữ ở văn phòng."),
        ("id", "Para pekerja mengatakan bahwa paspor mereka disimpan oleh perusahaan di kantor."),
        ("zh", "工人说他们的护照由办公室保管。"),
        ("ja", "労働者のパスポートは事務所に保管されている。"),
        ("th", "คนงานบอกว่าหนังสือเดินทางถูกเก็บไว้ที่สำนักงาน"),
        ("hi", "श्रमिकों ने कहा कि उनके पासपोर्ट कार्यालय में रखे जाते हैं।"),
        ("bn", "শ্রমিকরা বলেছেন যে তাদের পাসপোর্ট অফিসে রাখা হয়।"),
        ("ar", "قال العمال إن جوازات سفرهم محفوظة في المكتب."),
        (None, "12.500 | 3,4 | 2024"),
        (None, ""),
    ],
)
def test_the_language_is_told_or_left_open(language: str | None, text: str) -> None:
    assert language_of(text) == language

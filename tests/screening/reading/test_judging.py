from __future__ import annotations

from screening.engine.reading import Cage, judging
from screening.engine.reading.answers import Told
from screening.engine.reading.keeper import Ending
from screening.engine.reading.limits import Limits
from screening.engine.reading.orders import Order, Reader
from screening.engine.reasons import Reason
from screening.engine.results import Page, PageStatus, State
from tests.golden import make

TEXT = "Workers told the auditor that their wages are paid two months late. " * 2


def read(number: int, text: str = TEXT, **more: bool) -> Page:
    return Page(number, PageStatus.READ, text, **more)


def no_text(number: int, reason: Reason) -> Page:
    return Page(number, PageStatus.NO_TEXT, reason=reason)


def told(*pages: Page, count: int | None = None) -> Told:
    return Told(Limits(), count=len(pages) if count is None else count, pages={page.number: page for page in pages})


def test_blank_paper_among_read_pages_leaves_nothing_unread() -> None:
    assert judging.reading(told(read(1), no_text(2, Reason.BLANK)), None).state is State.SCREENED


def test_a_page_that_was_never_answered_for_is_failed_not_forgotten() -> None:
    reading = judging.reading(told(read(1), count=2), Reason.TOOK_TOO_LONG)
    assert (reading.state, reading.reason) == (State.SCREENED_IN_PART, Reason.TOOK_TOO_LONG)
    assert (reading.pages[1].status, reading.pages[1].reason) == (PageStatus.FAILED, Reason.TOOK_TOO_LONG)


def test_a_document_of_pages_without_text_is_never_screened() -> None:
    for reason in (Reason.BLANK, Reason.IMAGES_ONLY):
        reading = judging.reading(told(no_text(1, reason)), None)
        assert (reading.state, reading.reason) == (State.NEEDS_OCR, reason)


def test_a_photograph_on_the_cover_is_let_pass_but_not_inside() -> None:
    cover = read(1, "Annual report", has_pictures=True)
    assert judging.reading(told(cover, read(2), read(3)), None).state is State.SCREENED
    inside = read(2, "Page 2", has_pictures=True)
    assert judging.reading(told(read(1), inside, read(3)), None).state is State.SCREENED_IN_PART
    all_scans = [read(number, f"Page {number}", has_pictures=True) for number in (1, 2, 3)]
    assert judging.reading(told(*all_scans), None).state is State.NEEDS_OCR


def test_the_reader_that_found_clearly_more_is_believed() -> None:
    little, much = read(1, "Report"), read(1, TEXT)
    assert judging.better(little, much) is not little
    assert judging.better(much, little) == much
    assert judging.better(no_text(1, Reason.IMAGES_ONLY), much).text == TEXT


def test_two_readers_that_tell_one_letter_in_two_shapes_agree_and_those_that_tell_others_do_not() -> None:
    shaped = read(1, "\ufeb3\ufed4\ufeae " * 5 + "o\ufb03ce")
    assert not judging.disagree(read(1, "سفر " * 5 + "office"), shaped)
    assert judging.disagree(read(1, "Passports are kept"), read(1, "Wages in full, and on time"))


def test_only_doubtful_pages_get_a_second_look() -> None:
    assert judging.doubtful((read(1, TEXT * 2), read(2, "Title"), read(3, TEXT * 2))) == []
    assert judging.doubtful((read(1), no_text(2, Reason.BLANK))) == [2]
    assert judging.doubtful((read(1, "Title"), read(2, "x"))) == [1, 2]


class CageWithAKiller(Cage):
    """A cage whose quick reader dies on page 2, and whose slower one dies at once."""

    def _run(self, reader: Reader, order: Order, data: bytes, take: object) -> Ending:
        assert callable(take)
        if reader is Reader.PLUMBER:
            return Ending(Reason.READER_DIED)
        take({"count": 3})
        for number in range(order.first_page, 4):
            if number == 2:
                return Ending(Reason.READER_DIED)
            take({"page": number, "status": "read", "text": TEXT})
        take({"end": True})
        return Ending(None)


def test_a_page_that_kills_the_reader_is_left_out_and_the_others_are_read() -> None:
    reading = CageWithAKiller().read(make.pages([b""]))
    assert (reading.state, reading.reason) == (State.SCREENED_IN_PART, Reason.SOME_PAGES_UNREAD)
    assert [page.status for page in reading.pages] == [PageStatus.READ, PageStatus.FAILED, PageStatus.READ]
    assert reading.pages[1].reason is Reason.READER_DIED

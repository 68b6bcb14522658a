"""Print that runs down the page is told of, and print that only looks like it is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from screening.engine.reading import Cage
from screening.engine.reasons import Doubt
from tests.golden import chinese, downward


@pytest.fixture(scope="module")
def cage() -> Iterator[Cage]:
    with Cage() as cage:
        yield cage


@pytest.fixture(scope="module")
def font(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return downward.font(tmp_path_factory.mktemp("fonts"))


def is_unsure(cage: Cage, data: bytes) -> bool:
    (page,) = cage.read(data).pages
    assert "工" in page.text
    return Doubt.ORDER_UNSURE in page.doubts


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("rows_first", [False, True])
def test_columns_of_signs_put_one_by_one_are_told_of(cage: Cage, font: Path, rows_first: bool, rotate: int) -> None:
    assert is_unsure(cage, downward.by_signs(font, rows_first=rows_first, rotate=rotate))


def test_a_font_that_runs_downward_is_told_of(cage: Cage, font: Path) -> None:
    assert is_unsure(cage, downward.by_font(font))


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("lying", [0, 90, -90])
def test_lines_from_left_to_right_are_not_whichever_way_they_or_their_page_are_turned(
    cage: Cage, font: Path, lying: int, rotate: int
) -> None:
    assert not is_unsure(cage, downward.level(font, rotate=rotate, lying=lying))


def test_a_narrow_column_of_a_table_makes_no_page_run_downward(cage: Cage, font: Path) -> None:
    assert not is_unsure(cage, downward.table(font, ["外", "工", "的", "工人"] * 6))


def test_ordinary_chinese_pages_are_not_told_of(cage: Cage) -> None:
    assert not is_unsure(cage, chinese.printed("工厂", [downward.SAID * 8]))


def test_reports_of_an_inspectorate_that_are_printed_level_are_not_told_of(cage: Cage, shared: Path) -> None:
    reading = cage.read((shared / "documents" / "reports" / "mhlw_2017-05-10.pdf").read_bytes())
    assert reading.pages
    assert not any(Doubt.ORDER_UNSURE in page.doubts for page in reading.pages)

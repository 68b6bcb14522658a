"""Pictures of pages are evened, set upright and laid level, and their drawn lines are found and taken out."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw

from screening.engine.reading import drawn, evening, sheets

DPI = 150.0
WHITE, GREY, BLACK = 255, 200, 0


def page(*, width: int = 1240, height: int = 900) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    picture = Image.new("L", (width, height), WHITE)
    return picture, ImageDraw.Draw(picture)


def printed(draw: ImageDraw.ImageDraw, *, shade: int = BLACK) -> None:
    """Lines of words over a table of three rows and two columns, its lines grey and thin."""
    for row in range(8):
        for word in range(9):
            draw.text((100 + 110 * word, 60 + 30 * row), "pressure", fill=shade, font_size=20)
    for row in range(4):
        draw.line((100, 400 + 80 * row, 1100, 400 + 80 * row), fill=170, width=2)
    for x in (100, 500, 1100):
        draw.line((x, 400, x, 640), fill=170, width=2)
    draw.text((120, 430), "pressure", fill=shade, font_size=20)


def test_the_lines_of_a_table_are_found_and_words_are_none() -> None:
    picture, draw = page()
    printed(draw)
    across, down = drawn.lines(picture, DPI)
    assert [line.place for line in across] == [pytest.approx(400 + 80 * row, abs=2) for row in range(4)]
    assert [line.place for line in down] == [pytest.approx(x, abs=2) for x in (100, 500, 1100)]


def test_lines_taken_out_leave_the_words_and_the_strokes_that_they_cross() -> None:
    picture, draw = page()
    printed(draw)
    draw.rectangle((700, 380, 703, 420), fill=BLACK)  # The foot of a letter that a line runs through.
    bare = drawn.without(picture, *drawn.lines(picture, DPI))
    assert bare.getpixel((300, 400)) == WHITE
    assert bare.getpixel((701, 400)) < 100
    assert bare.crop((100, 60, 1100, 300)).tobytes() == picture.crop((100, 60, 1100, 300)).tobytes()


@pytest.mark.parametrize("degrees", [-2.5, -0.6, 0.0, 1.1, 3.4])
def test_a_page_that_lies_crooked_is_laid_level_and_places_are_those_on_the_page_as_it_came(degrees: float) -> None:
    picture, draw = page()
    printed(draw)
    crooked = picture.rotate(degrees, resample=Image.Resampling.BICUBIC, fillcolor=WHITE)
    sheet = sheets.prepared(crooked, DPI)
    assert sheet.degrees == pytest.approx(degrees, abs=0.15)
    assert len(sheet.rulings.across) == 4
    assert len(sheet.rulings.down) == 3
    dot, draw = page()
    draw.rectangle((895, 245, 905, 255), fill=BLACK)
    seen = dot.rotate(degrees, fillcolor=WHITE).point(lambda shade: 255 - shade)
    x0, top, x1, bottom = seen.getbbox() or (0, 0, 0, 0)
    step = sheet.times  # The dot stands at the same place of the level page, but enlarged.
    found = sheet.back(sheet.level((895 * step, 245 * step, 905 * step, 255 * step)))
    assert (found[0] + found[2]) / 2 == pytest.approx((x0 + x1) / 2 * 720 / DPI, abs=12)
    assert (found[1] + found[3]) / 2 == pytest.approx((top + bottom) / 2 * 720 / DPI, abs=12)


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_places_on_a_page_that_was_turned_are_those_on_the_page_as_it_came(quarters: int) -> None:
    picture, draw = page()
    draw.rectangle((200, 100, 260, 120), fill=BLACK)
    sheet = sheets.prepared(picture, 300.0, quarters=quarters)
    turned = sheet.image.point(lambda shade: 255 - shade).getbbox()
    assert turned is not None
    assert sheet.back(sheet.level(turned)) == pytest.approx((480, 240, 624, 288), abs=12)


def test_shadows_and_tinted_or_dark_ground_become_white_with_dark_letters() -> None:
    picture, draw = page()
    draw.rectangle((0, 0, 1240, 120), fill=60)
    draw.text((100, 40), "WHITE ON DARK", fill=WHITE, font_size=40)
    draw.rectangle((0, 300, 1240, 900), fill=GREY)
    draw.text((100, 500), "BLACK ON GREY", fill=BLACK, font_size=40)
    even = evening.evened(picture)
    assert even.getpixel((800, 60)) > 230
    assert even.crop((100, 40, 450, 90)).getextrema()[0] < 60
    assert even.getpixel((800, 700)) > 230
    assert even.crop((100, 500, 450, 550)).getextrema()[0] < 60


def test_an_empty_page_lies_level_and_has_no_lines() -> None:
    picture, _ = page()
    sheet = sheets.prepared(picture, 300.0)
    assert (sheet.degrees, sheet.rulings.across, sheet.rulings.down) == (0.0, [], [])


def test_faint_print_leaves_lines_whole_and_two_tables_below_each_other_stay_two() -> None:
    picture, draw = page()
    printed(draw)
    draw.rectangle((600, 478, 660, 482), fill=WHITE)  # A piece of a line across that was not printed.
    for row in range(3):
        draw.line((100, 700 + 60 * row, 1100, 700 + 60 * row), fill=170, width=2)
    for x in (100, 500, 1100):
        draw.line((x, 700, x, 820), fill=170, width=2)
    across, down = drawn.lines(picture, DPI)
    assert [(line.start, line.end) for line in across] == [pytest.approx((100, 1101), abs=3)] * 7
    assert sorted((line.start, line.end) for line in down) == [
        pytest.approx(ends, abs=3) for ends in [(400, 641)] * 3 + [(700, 821)] * 3
    ]


@pytest.mark.parametrize("light", [0.7, 0.5, 0.35])
def test_print_in_deep_shade_stays_dark_on_white_beside_light_letters_on_a_dark_bar(light: float) -> None:
    picture, draw = page()
    printed(draw)
    draw.rectangle((0, 760, 1240, 860), fill=40)
    draw.text((200, 790), "pressure pressure", fill=250, font_size=30)
    shaded = picture.copy()
    shaded.paste(picture.crop((0, 0, 1240, 380)).point(lambda shade: round(shade * light)), (0, 0))
    even = evening.evened(shaded)
    for box in ((100, 60, 1100, 300), (200, 785, 500, 830)):
        dark = sum(even.crop(box).point(lambda shade: shade < 128).tobytes())
        assert 0.01 < dark / ((box[2] - box[0]) * (box[3] - box[1])) < 0.3, "letters cover little, and the ground much"
    plain = sum(evening.evened(picture).crop((100, 60, 1100, 300)).point(lambda shade: shade < 128).tobytes())
    assert sum(even.crop((100, 60, 1100, 300)).point(lambda shade: shade < 128).tobytes()) == pytest.approx(
        plain, rel=0.2
    )


def test_what_lies_steeper_than_was_looked_for_is_not_turned_by_a_guess() -> None:
    picture, draw = page()
    for row in range(12):
        draw.line((100, 100 + 60 * row, 1100, 100 + 60 * row), fill=BLACK, width=6)
    steep = picture.rotate(4.35, resample=Image.Resampling.BICUBIC, fillcolor=WHITE)
    assert evening.crookedness(steep) == 0.0


def test_a_page_full_of_short_strokes_is_a_drawing_and_takes_no_time() -> None:
    picture = Image.new("L", (3000, 3000), WHITE)
    draw = ImageDraw.Draw(picture)
    for row in range(0, 3000, 16):
        for x in range(0, 2900, 84):
            draw.line((x, row, x + 70, row), fill=BLACK)
    counted: list[int] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drawn, "_MOST_RUNS", 1000)
        patch.setattr(drawn, "_joined", lambda runs: counted.append(len(runs)) or [])
        assert drawn.lines(picture, 300.0) == ([], [])
    assert all(count <= 1000 for count in counted)

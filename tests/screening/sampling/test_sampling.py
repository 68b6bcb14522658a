"""Miss-hunting: the draw is fair and repeatable, and the stated interval covers the truth at its stated rate."""

from __future__ import annotations

import math

import numpy as np
import pytest

from screening.sampling import Stratum, draw, enough, estimate, needed, shares, strata_of


def test_the_same_seed_draws_the_same_passages_in_whatever_order_they_come() -> None:
    ids = [f"p{i}" for i in range(400)]
    once = draw({"en": ids[:300], "nl": ids[300:]}, 40, "spring")
    again = draw({"nl": ids[:299:-1], "en": ids[299::-1]}, 40, "spring")
    assert once == again
    assert once != draw({"en": ids[:300], "nl": ids[300:]}, 40, "summer")


def test_each_group_gets_its_part_rounded_up_and_never_more_than_asked_for_in_all() -> None:
    counts = shares({"en": 8000, "nl": 1500, "th": 40}, 300)
    assert sum(counts.values()) <= 300
    assert counts["th"] == 2
    assert all(counts[name] >= 295 * size / 9540 for name, size in (("en", 8000), ("nl", 1500), ("th", 40)))


def test_every_passage_is_drawn_as_often_as_its_probability_says() -> None:
    ids = [f"p{i}" for i in range(50)]
    times = dict.fromkeys(ids, 0)
    for seed in range(2000):
        for drawn in draw({"all": ids}, 10, str(seed)):
            assert drawn.probability == 0.2
            times[drawn.id] += 1
    # Five standard deviations of a binomial with 2,000 trials and a chance of one in five.
    assert all(abs(count - 400) < 5 * math.sqrt(320) for count in times.values())


def test_a_draw_that_cannot_reach_every_group_is_refused_with_the_number_that_can() -> None:
    with pytest.raises(ValueError, match="at least 2 passages"):
        draw({"en": ["a"], "nl": ["b"]}, 1, "x")
    with pytest.raises(ValueError, match="same identifier"):
        draw({"en": ["a"], "nl": ["a"]}, 2, "x")


def test_languages_with_few_passages_share_a_group() -> None:
    passages = [(f"e{i}", "en", 0.001) for i in range(99)] + [("t", "th", 0.1), ("u", None, 0.9)]
    assert {name: len(ids) for name, ids in strata_of(passages).items()} == {
        "en 0-0.01": 99,
        "other 0.05-0.2": 1,
        "other 0.2-1": 1,
    }


def test_one_group_has_the_exact_limits_of_clopper_and_pearson() -> None:
    """Nothing missed among n: the one-sided limit p solves (1 - p)^n = 0.05, and the two-sided one 0.025."""
    found = estimate([Stratum(10_000, 299, 0)])
    assert found.low == 0
    assert (1 - found.below) ** 299 == pytest.approx(0.05)
    assert (1 - found.high) ** 299 == pytest.approx(0.025)
    # From the published table for 10 of 100: 4.90 % to 17.62 %.
    ten = estimate([Stratum(10_000, 100, 10)])
    assert (round(ten.low, 4), round(ten.high, 4)) == (0.0490, 0.1762)


def test_what_was_drawn_as_needed_keeps_the_bound_and_one_fewer_does_not() -> None:
    for bound, missed in ((0.01, 0), (0.01, 2), (0.05, 1), (0.2, 0)):
        count = needed(bound, missed=missed)
        assert estimate([Stratum(10**6, count, missed)]).below <= bound
        assert estimate([Stratum(10**6, count - 1, missed)]).below > bound


def test_rounding_in_many_groups_is_made_up_for() -> None:
    sizes = {"en": 5000, "nl": 900, "th": 70, "bn": 30}
    size = enough(sizes, 0.02)
    assert needed(0.02) < size < needed(0.02) + 20
    groups = [Stratum(sizes[name], count, 0) for name, count in shares(sizes, size).items()]
    assert estimate(groups).below <= 0.02
    assert enough({"en": 30}, 0.02) == 30


def test_an_open_answer_counts_as_missed_above_and_as_nothing_below() -> None:
    answered = estimate([Stratum(5000, 100, 2)])
    half = estimate([Stratum(5000, 100, 2, open=10)])
    assert half.high == estimate([Stratum(5000, 100, 12)]).high > answered.high
    assert half.low == answered.low
    assert half.share == pytest.approx(2 / 90)


def test_when_everything_was_read_nothing_is_left_to_chance() -> None:
    found = estimate([Stratum(40, 40, 3), Stratum(10, 10, 0)])
    assert (found.low, found.share, found.high) == (0.06, 0.06, 0.06)


def test_a_group_of_which_nothing_was_drawn_counts_in_full_for_the_upper_limit() -> None:
    found = estimate([Stratum(900, 300, 0), Stratum(100, 0, 0)])
    assert 0.1 < found.high < 0.12
    assert found.low == 0


def test_impossible_counts_and_confidences_are_refused() -> None:
    for wrong in ((10, 11, 0, 0), (10, 5, 6, 0), (10, 5, 3, 3), (10, 5, -1, 0)):
        with pytest.raises(ValueError, match="group"):
            Stratum(*wrong)
    with pytest.raises(ValueError, match="confidence"):
        estimate([Stratum(10, 5, 0)], confidence=0.5)
    with pytest.raises(ValueError, match="no passages"):
        estimate([])
    with pytest.raises(ValueError, match="bound"):
        needed(0)


SCENES = {
    "one group": ([10_000], [100], [300]),
    "in proportion, misses in the smallest": ([8000, 1500, 500], [0, 0, 100], [240, 45, 15]),
    "in proportion, misses in all": ([8000, 1500, 500], [20, 60, 100], [241, 46, 16]),
    "few draws, many misses": ([800, 150, 50], [240, 45, 35], [32, 6, 2]),
    "half of a small collection": ([100, 40], [5, 6], [50, 20]),
    "drawn alike from unlike groups": ([8000, 500], [80, 50], [60, 60]),
    "the large group hardly drawn": ([8000, 1500, 500], [80, 0, 0], [20, 60, 60]),
}


@pytest.mark.parametrize(("sizes", "missed", "drawn"), SCENES.values(), ids=SCENES)
@pytest.mark.parametrize("confidence", [0.95, 0.8])
def test_the_interval_covers_the_truth_at_least_as_often_as_it_says(
    sizes: list[int], missed: list[int], drawn: list[int], confidence: float
) -> None:
    """Simulated draws without putting back, seeded. Three standard errors of the simulation are allowed."""
    rounds = 2000
    chance = np.random.default_rng(20261122)
    seen = np.column_stack(
        [chance.hypergeometric(m, s - m, d, size=rounds) for s, m, d in zip(sizes, missed, drawn, strict=True)]
    )
    truth = sum(missed) / sum(sizes)
    both = alone = 0
    outcomes, times = np.unique(seen, axis=0, return_counts=True)
    for outcome, count in zip(outcomes, times, strict=True):
        groups = [Stratum(s, d, int(x)) for s, d, x in zip(sizes, drawn, outcome, strict=True)]
        found = estimate(groups, confidence)
        both += int(count) * (found.low <= truth <= found.high)
        alone += int(count) * (truth <= found.below)
    slack = 3 * math.sqrt(confidence * (1 - confidence) / rounds)
    assert both / rounds >= confidence - slack
    assert alone / rounds >= confidence - slack

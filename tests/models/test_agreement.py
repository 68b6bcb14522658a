"""Agreement beyond chance and the limits of a share, against values worked out by hand."""

from __future__ import annotations

import pytest

from models.agreement import agreement, differs, share


def pairs(both: int, first: int, second: int, neither: int) -> list[tuple[bool, bool]]:
    return [(True, True)] * both + [(True, False)] * first + [(False, True)] * second + [(False, False)] * neither


@pytest.mark.parametrize(
    ("table", "kappa"),
    [
        ((20, 5, 10, 15), 0.4),  # 35 of 50 alike; by chance 0.5*0.6 + 0.5*0.4 = 0.5; (0.7 - 0.5) / 0.5
        ((45, 15, 25, 15), 0.1304),  # 60 of 100; 0.6*0.7 + 0.4*0.3 = 0.54; 0.06 / 0.46
        ((10, 0, 0, 10), 1.0),
        ((0, 10, 10, 0), -1.0),
        ((5, 5, 5, 5), 0.0),
    ],
)
def test_kappa_is_what_one_gets_by_hand(table: tuple[int, int, int, int], kappa: float) -> None:
    found = agreement(pairs(*table))
    assert found.pairs == sum(table)
    assert found.same == table[0] + table[3]
    assert found.kappa == pytest.approx(kappa, abs=5e-5)


def test_kappa_says_nothing_where_chance_alone_would_agree_always() -> None:
    assert agreement(pairs(8, 0, 0, 0)).kappa is None
    assert agreement([]).kappa is None


def test_the_limits_of_a_share_are_wilsons() -> None:
    found = share(8, 10)
    assert (round(found.low, 4), round(found.high, 4)) == (0.4902, 0.9433)
    assert (share(0, 0).share, share(0, 0).low, share(0, 0).high) == (None, 0.0, 1.0)


def test_two_shares_differ_when_their_limits_do_not_meet() -> None:
    assert differs(share(90, 100), share(50, 100))
    assert not differs(share(9, 10), share(5, 10))
    assert not differs(share(9, 10), share(0, 0))

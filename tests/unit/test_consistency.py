"""Systems of rounded figures."""

from __future__ import annotations

import math
import subprocess
import sys
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.consistency import System, conflict, solve
from analytics.errors import UsageError


def rounded(amount: float) -> int:
    return int(Decimal(str(round(amount, 6))).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def sum_of(parts: list[int], total: int) -> System:
    system = System()
    for position, value in enumerate(parts):
        system.add_variable(f"x{position}")
        system.add_printed(f"part {position}", {f"x{position}": 1.0}, value, 0.5)
    system.add_printed("total", {f"x{position}": 1.0 for position in range(len(parts))}, total, 0.5)
    return system


def test_rounded_parts_may_miss_their_rounded_total() -> None:
    solution = solve(sum_of([0, 0], 1))
    assert solution.unmet == ()
    assert 0 < solution.margin < 1
    assert [rounded(solution.values[name]) for name in ("x0", "x1")] == [0, 0]
    assert rounded(sum(solution.values.values())) == 1


def test_figures_in_the_middle_have_full_margin() -> None:
    solution = solve(sum_of([2, 3], 5))
    assert solution.margin == pytest.approx(1.0)
    assert solution.values == pytest.approx({"x0": 2.0, "x1": 3.0})


def test_a_total_too_far_away_is_unmet_and_the_whole_triangle_is_the_conflict() -> None:
    system = sum_of([1, 1], 5)
    solution = solve(system)
    assert len(solution.unmet) == 1
    assert solution.margin < 0
    assert conflict(system) == ("part 0", "part 1", "total")


def test_interval_ends_are_outside() -> None:
    # Two halves and a bound that leaves only the exact end 0,5, which is printed as 1 and not as 0.
    system = System()
    system.add_variable("x", lower=0.5)
    system.add_printed("zero", {"x": 1.0}, 0.0, 0.5)
    assert solve(system).unmet == ("zero",)


def test_the_cheaper_figure_is_given_up() -> None:
    system = System()
    system.add_variable("x")
    system.add_printed("form", {"x": 1.0}, 10.0, 0.5, weight=5.0)
    system.add_printed("pivot", {"x": 1.0}, 20.0, 0.5)
    solution = solve(system)
    assert solution.unmet == ("pivot",)
    assert rounded(solution.values["x"]) == 10


def test_conflict_leaves_out_what_has_nothing_to_do_with_it() -> None:
    system = sum_of([4, 5, 6], 15)
    system.add_variable("y")
    system.add_printed("y is 3", {"y": 1.0}, 3.0, 0.5)
    system.add_printed("y is 8", {"y": 1.0}, 8.0, 0.5)
    assert conflict(system) == ("y is 3", "y is 8")


def test_identities_can_be_part_of_a_conflict() -> None:
    system = System()
    system.add_variable("a")
    system.add_variable("b")
    system.add_identity("a is b", {"a": 1.0, "b": -1.0})
    system.add_printed("a", {"a": 1.0}, 1.0, 0.5)
    system.add_printed("b", {"b": 1.0}, 7.0, 0.5)
    assert conflict(system) == ("a", "b", "a is b")


def test_a_feasible_system_has_no_conflict() -> None:
    assert conflict(sum_of([1, 1], 3)) == ()


def test_exact_figures_hold_exactly() -> None:
    system = System()
    system.add_variable("a")
    system.add_variable("b", lower=0.0, upper=1.0)
    system.add_printed("exact", {"a": 1.0}, 7.25, 0.0)
    system.add_identity("sum", {"a": 1.0, "b": 1.0}, 8.0)
    solution = solve(system)
    assert solution.unmet == ()
    assert solution.values == pytest.approx({"a": 7.25, "b": 0.75})


def test_contradicting_identities_are_an_error() -> None:
    system = System()
    system.add_variable("a", lower=0.0, upper=1.0)
    system.add_identity("far away", {"a": 1.0}, 5.0)
    with pytest.raises(UsageError, match="no amounts exist"):
        solve(system)


@pytest.mark.parametrize(
    ("label", "terms", "value", "half_width"),
    [
        ("known", {"x": 1.0}, 1.0, 0.5),
        ("new", {"y": 1.0}, 1.0, 0.5),
        ("new", {"x": math.inf}, 1.0, 0.5),
        ("new", {"x": 1.0}, math.nan, 0.5),
        ("new", {"x": 1.0}, 1.0, -0.5),
    ],
)
def test_unusable_figures_are_refused(label: str, terms: dict[str, float], value: float, half_width: float) -> None:
    system = System()
    system.add_variable("x")
    system.add_printed("known", {"x": 1.0}, 1.0, 0.5)
    with pytest.raises(UsageError):
        system.add_printed(label, terms, value, half_width)


def test_an_amount_is_declared_once_and_with_ordered_bounds() -> None:
    system = System()
    system.add_variable("x")
    with pytest.raises(UsageError, match="twice"):
        system.add_variable("x")
    with pytest.raises(UsageError, match="crossed"):
        system.add_variable("z", lower=2.0, upper=1.0)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.integers(-10_000_00, 10_000_00).filter(lambda ore: abs(ore) % 100 != 50), min_size=1, max_size=5
    ).filter(lambda parts: abs(sum(parts)) % 100 != 50)
)
def test_what_true_amounts_print_is_feasible_and_comes_out_again(parts: list[int]) -> None:
    printed = [rounded(part / 100) for part in parts]
    total = rounded(sum(parts) / 100)
    solution = solve(sum_of(printed, total))
    assert solution.unmet == ()
    assert [rounded(solution.values[f"x{position}"]) for position in range(len(parts))] == printed
    assert rounded(sum(solution.values.values())) == total


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(-1000, 1000), min_size=1, max_size=5), st.integers(-20, 20))
def test_a_total_is_possible_exactly_when_it_is_within_the_sum_of_half_widths(parts: list[int], miss: int) -> None:
    # n parts and one total: the printed total may miss by fewer than (n + 1) / 2; ends are outside.
    feasible = abs(miss) < (len(parts) + 1) / 2
    system = sum_of(parts, sum(parts) + miss)
    solution = solve(system)
    assert (solution.unmet == ()) is feasible
    assert (conflict(system) == ()) is feasible


def test_importing_the_module_does_not_import_scipy() -> None:
    code = "import sys, analytics.consistency; sys.exit('scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

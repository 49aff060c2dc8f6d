"""Working days keep off weekends and the holidays of her state."""

from datetime import date

import pytest

from crisisdesk.desk.workdays import add_workdays, holiday, is_workday, next_workday


def test_three_working_days_jump_the_weekend():
    assert add_workdays(date(2026, 11, 19), 3) == date(2026, 11, 24)


def test_three_working_days_jump_thanksgiving():
    assert add_workdays(date(2026, 11, 24), 3) == date(2026, 11, 30)


def test_the_day_after_thanksgiving_is_a_holiday_only_where_the_state_says_so():
    assert is_workday(date(2026, 11, 27))
    assert not is_workday(date(2026, 11, 27), "MD")
    assert add_workdays(date(2026, 11, 25), 1, "MD") == date(2026, 11, 30)


def test_a_holiday_is_called_as_people_call_it():
    assert holiday(date(2026, 11, 26), "MD") == "Thanksgiving"
    assert holiday(date(2026, 12, 25)) == "Christmas"
    assert holiday(date(2026, 7, 3)) == "Independence Day"
    assert holiday(date(2026, 11, 24)) == ""


def test_a_region_that_nobody_knows_has_the_federal_holidays():
    assert holiday(date(2026, 11, 26), "ZZ") == "Thanksgiving"


@pytest.mark.parametrize(
    ("day", "then"), [(date(2026, 11, 24), date(2026, 11, 24)), (date(2026, 11, 28), date(2026, 11, 30))]
)
def test_a_date_on_a_weekend_moves_to_the_next_working_day(day, then):
    assert next_workday(day) == then
    assert add_workdays(day, 0) == then


def test_working_days_count_back_as_they_count_on():
    assert add_workdays(date(2026, 11, 24), -3) == date(2026, 11, 19)

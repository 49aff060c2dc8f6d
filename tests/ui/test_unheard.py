"""A computer that does not tell when it is locked: what Today says once, and what Settings say of it."""

from dataclasses import replace

import pytest

from crisisdesk.ui.settings import DeviceSettings


@pytest.fixture
def hers(shell):
    """Have her own desk on a computer that tells nothing; the practice desk says nothing of it."""
    desk = shell.context.desk
    desk.practice.keep(replace(desk.practice.get(), is_practice_desk=False))
    shell.window().hears_system = lambda: False
    shell.page.refresh(None)
    return shell


def keep_minutes(shell, minutes):
    locks = shell.context.desk.locks
    locks.keep(replace(locks.get(), idle_minutes=minutes))


def test_today_says_it_with_the_minutes_that_are_in_force_until_she_knows(hers):
    notice = hers.page.unheard
    assert notice.isVisible()
    assert "locks after 2 minutes without" in notice.words
    keep_minutes(hers, 1)
    hers.page.refresh(None)
    assert "locks after 1 minute without" in notice.words
    notice.know()
    hers.page.refresh(None)
    assert not notice.isVisible()
    assert DeviceSettings().knows_unheard, "also at the next start"


@pytest.mark.parametrize("hears", [True, None])
def test_today_says_nothing_where_the_computer_tells(hers, hears):
    hers.window().hears_system = None if hears is None else lambda: hears
    hers.page.refresh(None)
    assert not hers.page.unheard.isVisible()


def test_settings_say_when_it_locks_here(hers):
    hers.go("settings", "lock")
    card = hers.page.lock
    assert "does not tell" in card.also.text()
    assert "locks after 2 minutes" in card.also.text()
    assert "A longer time counts only" in card.also.text()
    card.form.set_values({"idle_minutes": 1})
    card.keep()
    assert "locks after 1 minute " in card.also.text()
    assert "longer time" not in card.also.text()
    hers.window().hears_system = lambda: True
    card.refresh()
    assert "its lid is closed, and when it goes to sleep" in card.also.text()
    assert "does not tell" not in card.also.text()

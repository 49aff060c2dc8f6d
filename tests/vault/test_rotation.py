"""Which backups stay: never the newest gone, never by a future date, and what the rule says."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.vault.audit import Anchor
from crisisdesk.vault.backup import Backup
from crisisdesk.vault.checks import Checked
from crisisdesk.vault.manifest import Kind, Manifest
from crisisdesk.vault.rotation import GONE_BY, Rule, outdated

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def a_backup(seq: int, created: datetime, kind: Kind = Kind.AUTO) -> Backup:
    manifest = Manifest(
        vault_id=bytes(16),
        seq=seq,
        created=created,
        kind=kind,
        app="0.1.0",
        keys="",
        size=8192,
        sha256="0" * 64,
        said=Checked(2, {}, Anchor(0, "0" * 64), "0" * 64),
    )
    return Backup(Path(manifest.file_name), manifest)


def stay(backups, now=NOW):
    gone = {each.path for each in outdated(backups, now)}
    return [each for each in backups if each.path not in gone]


def test_of_two_years_of_daily_backups_seven_days_five_weeks_and_twelve_months_stay():
    daily = [a_backup(700 - day, NOW - timedelta(days=day)) for day in range(700)]
    ages = [(NOW - each.manifest.created).days for each in stay(daily)]
    assert ages[:7] == [0, 1, 2, 3, 4, 5, 6]
    assert 8 in ages  # the Sunday of the week before last
    assert len(ages) <= 7 + 5 + 12
    months = {(each.manifest.created.year, each.manifest.created.month) for each in stay(daily)}
    assert len(months) == 12


def hourly(count, kind=Kind.AUTO, back=timedelta(), first=1):
    """One an hour, the newest so long ago."""
    return [a_backup(first + count - 1 - hour, NOW - back - timedelta(hours=hour), kind) for hour in range(count)]


def test_every_one_of_today_and_yesterday_stays_and_of_a_day_before_the_newest():
    backups = hourly(100)
    ages = [(NOW - each.manifest.created) // timedelta(hours=1) for each in stay(backups)]
    assert ages == [*range(51), 61, 85]


def test_the_last_three_that_she_made_herself_stay_whatever_was_made_by_itself_since():
    manual = hourly(5, Kind.MANUAL, timedelta(days=4, hours=1))
    by_itself = hourly(60, Kind.AUTO, first=10)
    same_day = a_backup(6, NOW - timedelta(days=4))
    left = [each.manifest.seq for each in stay([*by_itself, same_day, *manual])]
    assert [seq for seq in left if seq < 10] == [6, 5, 4, 3]


def test_what_a_restore_gave_up_is_counted_by_itself():
    before = hourly(3, Kind.AUTO, timedelta(days=3, hours=1))
    since = [*hourly(1), *hourly(2, Kind.AUTO, timedelta(days=3), first=8)]
    gone = outdated(since, NOW, given_up=before)
    assert [each.manifest.seq for each in gone] == [1, 2, 8]
    assert outdated(since, NOW, given_up=before, since=NOW - timedelta(days=14)) == ()


def test_three_from_before_an_act_stay():
    acts = [a_backup(9 - day, NOW - timedelta(days=day), Kind.PRE_IMPORT) for day in range(9)]
    assert [each.manifest.seq for each in stay(acts)] == [9, 8, 7]


def test_the_newest_stays_even_by_a_rule_that_keeps_nothing():
    backups = [a_backup(3 - day, NOW - timedelta(days=day)) for day in range(3)]
    nothing = Rule(days=0, weeks=0, months=0, before_acts=0, manual=0, whole=timedelta())
    assert [each.manifest.seq for each in outdated(backups, NOW, nothing)] == [1, 2]


def daily(count, first=2):
    """One a day, the newest of today."""
    return [a_backup(first + count - day, NOW - timedelta(days=day)) for day in range(count)]


@pytest.mark.parametrize("kind", list(Kind))
def test_none_but_the_newest_is_older_than_a_year_whatever_it_was_made_for(kind):
    old, young = a_backup(1, NOW - timedelta(days=366), kind), a_backup(2, NOW - timedelta(days=340), kind)
    assert outdated([old, young, *daily(3)], NOW) == (old,)
    assert outdated([old], NOW) == ()


def test_one_for_a_hand_over_stays_for_a_year():
    old = [a_backup(1, NOW - timedelta(days=300 + day), Kind.HAND_OVER) for day in range(9)]
    assert outdated([*old, *daily(3)], NOW) == ()


def test_what_a_purge_took_is_gone_by_the_day_that_its_certificate_says():
    """Backups every day, or every fifth, with one before each act: a year later none is as old as the purge."""
    for step in (1, 5):
        left = []
        for day in range(0, 800, step):
            at = NOW + timedelta(days=day)
            left.append(a_backup(day + 1, at, Kind.PRE_PURGE if day % 90 == 0 else Kind.AUTO))
            gone = {each.path for each in outdated(left, at)}
            left = [each for each in left if each.path not in gone]
            assert min(each.manifest.created for each in left) > at - GONE_BY
        assert len(left) > 12


def test_a_year_that_only_one_backup_bears_out_deletes_nothing():
    ahead = [*daily(5), a_backup(50, NOW + timedelta(days=800))]
    assert outdated(ahead, NOW + timedelta(days=800)) == ()
    borne_out = [a_backup(50 + day, NOW + timedelta(days=800 + day)) for day in range(3)]
    assert len(outdated([*daily(5), *borne_out], NOW + timedelta(days=810))) == 5


def test_backups_under_earlier_keys_go_in_time_and_crowd_out_none_that_opens():
    own = daily(3)
    strange = [a_backup(100 + hour, NOW - timedelta(minutes=hour)) for hour in range(60)]
    gone = outdated(own, NOW, earlier=strange)
    assert not {each.path for each in gone} & {each.path for each in own}
    assert len(gone) == 59
    old = a_backup(1, NOW - timedelta(days=353))
    assert outdated(own, NOW, earlier=[old]) == (old,)
    assert outdated(own, NOW, earlier=[a_backup(1, NOW - timedelta(days=351))]) == ()


def test_nothing_is_deleted_by_a_clock_that_jumped_ahead():
    daily = [a_backup(20 - day, NOW - timedelta(days=day)) for day in range(7)]
    assert outdated(daily, NOW + timedelta(days=800)) == ()


def test_what_is_from_the_future_is_neither_counted_nor_deleted():
    future = [a_backup(100 + day, NOW + timedelta(days=day + 1)) for day in range(30)]
    past = [a_backup(20 - day, NOW - timedelta(days=day)) for day in range(7)]
    assert outdated([*future, *past], NOW) == ()


@given(
    st.lists(st.tuples(st.integers(-100, 2000), st.sampled_from(list(Kind))), max_size=60),
    st.integers(-100, 100),
)
def test_the_newest_always_stays_and_the_rule_twice_is_the_rule_once(given_ones, shift):
    backups = [a_backup(seq, NOW - timedelta(hours=7 * age), kind) for seq, (age, kind) in enumerate(given_ones, 1)]
    now = NOW + timedelta(days=shift)
    left = stay(backups, now)
    assert outdated(left, now) == ()
    if backups:
        assert max(backups, key=lambda each: (each.manifest.created, each.manifest.seq)) in left
        past = [each for each in backups if each.manifest.created <= now]
        if past:
            assert max(past, key=lambda each: (each.manifest.created, each.manifest.seq)) in left

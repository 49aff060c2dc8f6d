"""Retention: the agency's rules, which charts are due, legal holds, and everything that stands before a purge."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from crisisdesk.desk.retention_rules import ChartDates, RetentionClass, Rules, due, later
from crisisdesk.errors import BackupRefused, CannotUndo, Invalid, NotFound, OnHold, StateConflict
from crisisdesk.records.choices import Audience, Basis, ClientStatus, DisclosureHow
from crisisdesk.records.clients import Client
from crisisdesk.records.disclosures import Disclosure
from crisisdesk.records.keeping import Medium
from crisisdesk.vault.backup import Backup
from crisisdesk.vault.manifest import Kind, Manifest

ADULT, MINOR, UNKNOWN, OUT = RetentionClass
CLOSED = date(2019, 3, 4)
DECIDED = Rules(authority="County schedule 2231")


@pytest.fixture
def ended(store):
    """A chart that was closed in 2019, of somebody born in 1980; nothing after that."""
    long_ago = datetime(2019, 3, 4, 10, tzinfo=UTC)
    with store.write("Add client") as s:
        client = Client(
            number="C-2019-0001",
            first_name="Maria",
            last_name="Delgado",
            shown_name="Maria Delgado",
            list_name="delgado maria",
            born_on=date(1980, 5, 5),
            status=ClientStatus.CLOSED,
            closed_on=CLOSED,
            created_at=long_ago,
        )
        s.add(client)
    return client.id


@pytest.fixture
def backup(desk):
    """What makes and checks a backup at once, of a kind."""
    return lambda kind=Kind.PRE_PURGE: desk.safekeeping.make_now(kind)


@pytest.mark.parametrize(
    ("born", "disclosed", "expected"),
    [
        (date(1980, 5, 5), None, (ADULT, date(2026, 3, 4))),
        (date(2001, 3, 4), None, (ADULT, date(2026, 3, 4))),  # of age on the very day
        (date(2001, 3, 5), None, (MINOR, date(2026, 3, 5))),
        (date(2010, 5, 5), None, (MINOR, date(2035, 5, 5))),
        (None, None, (UNKNOWN, date(2044, 3, 4))),
        (date(1980, 5, 5), date(2022, 1, 1), (OUT, date(2028, 1, 1))),
        (date(1980, 5, 5), date(2020, 3, 4), (ADULT, date(2026, 3, 4))),
        (date(2010, 5, 5), date(2022, 1, 1), (MINOR, date(2035, 5, 5))),
    ],
)
def test_the_longest_rule_holds(born, disclosed, expected):
    assert due(ChartDates(ended_on=CLOSED, born_on=born, disclosed_on=disclosed), DECIDED) == expected


def test_a_minors_chart_is_kept_at_least_as_long_as_an_adults():
    rules = replace(DECIDED, adult_years=10, minor_years=1)
    dates = ChartDates(ended_on=CLOSED, born_on=date(2001, 6, 1), disclosed_on=None)
    assert due(dates, rules) == (MINOR, date(2029, 3, 4))


def test_a_february_29_ends_on_march_1():
    assert later(date(2020, 2, 29), 7) == date(2027, 3, 1)


def test_rules_have_defaults_until_the_agency_decides(desk):
    assert desk.retention.rules() == Rules()
    assert not desk.retention.rules().is_decided
    desk.retention.keep_rules(replace(DECIDED, adult_years=10))
    assert desk.retention.rules() == replace(DECIDED, adult_years=10)


@pytest.mark.parametrize(
    ("rules", "field"),
    [
        (Rules(), "authority"),
        (replace(DECIDED, adult_years=0), "adult_years"),
        (replace(DECIDED, majority=100), "majority"),
    ],
)
def test_rules_that_make_no_sense_are_refused(desk, rules, field):
    with pytest.raises(Invalid) as refused:
        desk.retention.keep_rules(rules)
    assert list(refused.value.problems) == [field]


def test_a_closed_chart_is_due_once_its_time_is_over(desk, ended):
    assert [row.id for row in desk.retention.due(date(2026, 3, 3))] == []
    rows = desk.retention.due(date(2026, 3, 4))
    assert [(row.id, row.number, row.retention_class, row.due_on) for row in rows] == [
        (ended, "C-2019-0001", ADULT, date(2026, 3, 4))
    ]


def test_an_open_chart_is_never_due(desk, client_id):
    assert desk.retention.due(date(2099, 1, 1)) == ()
    with pytest.raises(StateConflict, match="still open"):
        desk.retention.preview(client_id)


def test_a_disclosure_and_a_later_contact_keep_a_chart_longer(desk, store, ended):
    with store.write("Edit") as s:
        s.get_one(Client, ended).last_contact_at = datetime(2020, 6, 1, 12, tzinfo=UTC)
    assert desk.retention.due(date(2027, 5, 31)) == ()
    assert [row.due_on for row in desk.retention.due(date(2027, 6, 1))] == [date(2027, 6, 1)]
    with store.write("Disclose") as s:
        made_at = datetime(2024, 6, 1, 12, tzinfo=UTC)
        how, basis = next(iter(DisclosureHow)), next(iter(Basis))
        s.add(Disclosure(client_id=ended, made_at=made_at, audience=Audience.PROVIDER, how=how, basis=basis))
    assert desk.retention.due(date(2030, 5, 31)) == ()
    assert [row.retention_class for row in desk.retention.due(date(2030, 6, 1))] == [OUT]


def test_a_preview_counts_in_words(desk, ended):
    preview = desk.retention.preview(ended)
    assert preview.total == 1
    assert preview.counts == (("Everything else on the chart", 1),)
    assert (preview.is_due, preview.is_decided) == (True, False)


# Legal holds ------------------------------------------------------------------------------------------------------


def test_a_hold_is_set_shown_and_lifted_with_reasons(desk, client_id):
    hold = desk.holds.set(client_id, " Subpoena, case 12 ")
    assert [(row.id, row.client_id, row.reason, row.name) for row in desk.holds.active()] == [
        (hold, client_id, "Subpoena, case 12", "Maria Delgado")
    ]
    assert desk.holds.is_held(client_id)
    assert desk.chart.head(client_id).is_held
    desk.holds.lift(hold, "Released Dec 3")
    assert desk.holds.active() == ()
    assert not desk.chart.head(client_id).is_held


def test_a_hold_on_everything_holds_each_chart(desk, client_id):
    hold = desk.holds.set(None, "County counsel")
    assert desk.holds.is_held(client_id)
    assert [row.client_id for row in desk.holds.active()] == [None]
    desk.holds.lift(hold, "Over")
    assert not desk.holds.is_held(client_id)


def test_a_hold_needs_a_reason_and_so_does_lifting_it(desk, client_id):
    with pytest.raises(Invalid):
        desk.holds.set(client_id, "  ")
    hold = desk.holds.set(client_id, "Subpoena")
    with pytest.raises(Invalid):
        desk.holds.lift(hold, "")
    assert desk.holds.is_held(client_id)


def test_a_hold_can_neither_be_doubled_nor_lifted_twice_nor_undone(desk, client_id):
    hold = desk.holds.set(client_id, "Subpoena")
    with pytest.raises(StateConflict, match="already"):
        desk.holds.set(client_id, "Again")
    with pytest.raises(CannotUndo):
        desk.undo()
    desk.holds.lift(hold, "Over")
    with pytest.raises(StateConflict, match="before"):
        desk.holds.lift(hold, "Over")
    with pytest.raises(NotFound):
        desk.holds.set("nobody", "Subpoena")


def test_holds_are_in_the_audit_log(desk, store, client_id):
    desk.holds.lift(desk.holds.set(client_id, "Subpoena"), "Over")
    with store.read() as s:
        kinds = (
            s.connection()
            .exec_driver_sql("SELECT kind FROM audit WHERE kind LIKE 'hold%' ORDER BY seq")
            .scalars()
            .all()
        )
    assert kinds == ["hold", "hold-lifted"]


# Purge ------------------------------------------------------------------------------------------------------------


def _purge(desk, client_id, backup, *, number="C-2019-0001", reason="Time is over", kept=()):
    return desk.retention.purge(client_id, typed_number=number, reason=reason, backup=backup, kept=kept)


def test_a_purge_gives_a_certificate_without_a_name(desk, store, ended, backup):
    desk.retention.keep_rules(DECIDED)
    with store.write("Add medium") as s:
        s.add(Medium(label="Blue stick", serial="A1", holder="Records", last_seq=3))
    made = backup()
    done = _purge(desk, ended, made, number=" c-2019-0001 ", kept=[made])
    assert (done.number, done.subject_id, done.rows, done.authority) == ("P-2026-0001", ended, 1, DECIDED.authority)
    assert [copy.name for copy in done.backups] == [made.path.name]
    assert [(copy.name, copy.holder) for copy in done.media] == [("Blue stick A1", "Records")]
    assert done.backups_until == date(2027, 11, 24)
    assert done.by == "Dana Whitlock, LCSW"
    assert "Delgado" not in repr(done)
    assert done.is_compacted
    assert [row.certificate for row in desk.retention.purged()] == ["P-2026-0001"]
    with store.read() as s:
        assert s.get(Client, ended) is None


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"number": "C-2019-0002"}, "number"),
        ({"reason": " "}, "reason"),
        ({"reason": "Chart of M. DELGADO, over"}, "reason"),
    ],
)
def test_a_purge_asks_for_the_number_and_a_reason_without_the_name(desk, store, ended, backup, given, field):
    desk.retention.keep_rules(DECIDED)
    with pytest.raises(Invalid) as refused:
        _purge(desk, ended, backup(), **given)
    assert list(refused.value.problems) == [field]
    with store.read() as s:
        assert s.get(Client, ended) is not None


def test_nothing_is_purged_before_the_agency_has_decided(desk, ended, backup):
    with pytest.raises(StateConflict, match="who decided"):
        _purge(desk, ended, backup())


def test_nothing_is_purged_before_its_time(desk, ended, backup):
    desk.retention.keep_rules(replace(DECIDED, adult_years=20))
    with pytest.raises(StateConflict, match="not over"):
        _purge(desk, ended, backup())


def test_nothing_is_purged_under_a_hold(desk, ended, backup):
    desk.retention.keep_rules(DECIDED)
    hold = desk.holds.set(ended, "Subpoena")
    with pytest.raises(OnHold):
        _purge(desk, ended, backup())
    desk.holds.lift(hold, "Over")
    assert _purge(desk, ended, backup()).rows == 1


@pytest.mark.parametrize("kind", [Kind.AUTO, Kind.MANUAL, Kind.PRE_REKEY])
def test_nothing_is_purged_with_a_backup_made_for_something_else(desk, ended, backup, kind):
    desk.retention.keep_rules(DECIDED)
    with pytest.raises(BackupRefused, match="just before"):
        _purge(desk, ended, backup(kind))


def test_nothing_is_purged_with_a_backup_of_an_hour_ago(desk, ended, backup, clock):
    desk.retention.keep_rules(DECIDED)
    made = backup()
    clock.moment += timedelta(minutes=61)
    with pytest.raises(BackupRefused, match="just before"):
        _purge(desk, ended, made)


def test_nothing_is_purged_with_a_backup_that_is_gone_or_another_vaults(desk, ended, backup):
    desk.retention.keep_rules(DECIDED)
    made = backup()
    strange = _with_anchor(made, "00" * 32)
    with pytest.raises(BackupRefused):
        _purge(desk, ended, strange)
    made.path.unlink()
    with pytest.raises(BackupRefused):
        _purge(desk, ended, made)


def _with_anchor(made: Backup, mac: str) -> Backup:
    manifest: Manifest = made.manifest
    said = replace(manifest.said, audit=replace(manifest.said.audit, mac=mac))
    return replace(made, manifest=replace(manifest, said=said))


def test_backups_that_hold_what_was_purged_a_year_ago_are_offered_and_go(desk, ended, backup, clock):
    desk.retention.keep_rules(DECIDED)
    made = backup()
    _purge(desk, ended, made)
    clock.moment += timedelta(days=366, hours=1)
    assert desk.retention.overdue_copies([made]) == ()  # the only one there is
    newer = backup(Kind.MANUAL)
    assert desk.retention.overdue_copies(desk.safekeeping.listed()) == (made,)
    assert desk.retention.clear_copies([made]) == 1
    assert [each.path for each in desk.safekeeping.listed()] == [newer.path]


def test_backups_younger_than_a_year_after_a_purge_are_left(desk, ended, backup, clock):
    desk.retention.keep_rules(DECIDED)
    _purge(desk, ended, backup())
    clock.moment += timedelta(days=365)
    backup(Kind.MANUAL)
    assert desk.retention.overdue_copies(desk.safekeeping.listed()) == ()

"""The retention page: what is due, holds, the agency's rules, and a purge from the first question to the paper."""

from datetime import UTC, date, datetime

import pytest

from crisisdesk.desk.retention_rules import Rules
from crisisdesk.records.choices import ClientStatus
from crisisdesk.records.clients import Client

DECIDED = Rules(authority="County schedule 2231")


@pytest.fixture
def ended(shell):
    """A chart closed in 2018, whose time is over."""
    store = shell.context.desk._store
    with store.write("Add client", undoable=False) as s:
        client = Client(
            number="C-2018-0007",
            first_name="Ines",
            last_name="Quintero",
            shown_name="Ines Quintero",
            list_name="quintero ines",
            born_on=date(1970, 1, 2),
            status=ClientStatus.CLOSED,
            closed_on=date(2018, 6, 1),
            created_at=datetime(2018, 5, 1, 9, tzinfo=UTC),
        )
        s.add(client)
    return client.id


@pytest.fixture
def page(shell, ended):
    del ended
    shell.go("retention")
    return shell.page


def _fill(**values):
    def fill(dialog):
        dialog.form.set_values(values)
        return True

    return fill


def test_it_lists_the_charts_that_are_due_and_counts_the_rest(page, ended):
    assert page.due.ids == [ended]
    assert "within" in page.waiting.text()
    assert not page.undecided.isHidden()


def test_the_rules_are_kept_and_name_who_decided(page):
    page.keep_rules()
    assert list(page.rules.problems()) == ["authority"]
    page.rules.set_values({**_as_values(Rules()), "adult_years": 10, "authority": "County schedule 2231"})
    page.keep_rules()
    assert page.context.desk.retention.rules() == Rules(adult_years=10, authority="County schedule 2231")
    assert page.undecided.isHidden()


def _as_values(rules):
    return {name: getattr(rules, name) for name in Rules.__dataclass_fields__}


def test_a_hold_is_set_and_lifted_from_the_page(page, ended, answers):
    answers.run(_fill(reason="Subpoena, case 12"))
    page.due.list.acted.emit(ended, "hold")
    (hold,) = page.context.desk.holds.active()
    assert hold.client_id == ended
    assert page.holds.ids == [hold.id]
    assert page.due.list.model().rows[0].mark == "Legal hold"
    assert page.due.list.model().rows[0].acts == ()
    answers.run(_fill(reason="Released"))
    page.holds.list.acted.emit(hold.id, "lift")
    assert page.context.desk.holds.active() == ()
    assert page.holds.ids == []


def test_a_hold_without_a_reason_is_not_set(page, ended, answers):
    answers.run(_fill(reason=" "))
    page.due.list.acted.emit(ended, "hold")
    assert page.context.desk.holds.active() == ()


def test_a_chart_shows_its_hold(shell, ended, answers):
    shell.go("chart", ended)
    assert shell.page.head_panel.hold.isHidden()
    answers.run(_fill(reason="Subpoena"))
    shell.context.commands.run("hold.set")
    assert not shell.page.head_panel.hold.isHidden()


def test_a_purge_asks_twice_makes_a_backup_and_prints_its_certificate(qtbot, page, ended, answers, tmp_path):
    desk = page.context.desk
    desk.retention.keep_rules(DECIDED)
    answers.run(_fill(reason="Time is over", number="C-2018-0007"))
    answers.confirm(True)
    paper = tmp_path / "certificate.pdf"
    answers.printer(paper)
    page.due.list.acted.emit(ended, "purge")
    qtbot.waitUntil(lambda: bool(page.purged.ids), timeout=20_000)
    qtbot.waitUntil(paper.exists, timeout=20_000)
    assert page.due.ids == []
    assert answers.jobs == ["P-2026-0001"]
    assert [each.manifest.kind.value for each in desk.safekeeping.listed()] == ["pre-purge"]
    assert desk.unsaved.find("purge", ended) is None


def test_a_purge_that_is_thought_better_of_leaves_the_chart(qtbot, page, ended, answers):
    desk = page.context.desk
    desk.retention.keep_rules(DECIDED)
    answers.run(_fill(reason="Time is over", number="C-2018-0007"))
    answers.confirm(False)
    page.due.list.acted.emit(ended, "purge")
    qtbot.waitUntil(lambda: not answers.unused, timeout=20_000)
    assert page.due.ids == [ended]
    assert desk.retention.purged() == ()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"reason": "Over", "number": "C-2018-0008"}, "number"),
        ({"reason": "Quintero, over", "number": "C-2018-0007"}, "reason"),
    ],
)
def test_a_purge_goes_no_further_with_a_wrong_number_or_a_name_in_its_reason(page, ended, answers, values, said):
    page.context.desk.retention.keep_rules(DECIDED)
    shown = []

    def fill(dialog):
        dialog.form.set_values(values)
        shown.append(dialog)
        return True

    answers.run(fill)
    page.due.list.acted.emit(ended, "purge")
    assert list(shown[0].form.problems()) == [said]
    assert page.due.ids == [ended]


def test_names_are_covered(page):
    page.context.cover.turn(on=True)
    page.refresh(None)
    assert "Quintero" not in page.due.list.model().rows[0].rest

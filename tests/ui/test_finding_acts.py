"""Acts are found where somebody looks for them: the chart's menu, and the palette from wherever she is."""

import pytest
from PySide6.QtWidgets import QMenu

from crisisdesk.ui.palette import find_commands


@pytest.fixture
def maria(shell):
    return shell.context.desk.alike.named("Maria Delgado")[0].id


def more(shell, client_id):
    """Return the chart's further acts by their words."""
    menu = QMenu(shell)
    shell.page.acts.fill_more_menu(menu, shell.context.desk.chart.head(client_id))
    return {action.text(): action for action in menu.actions()}


def test_a_chart_is_put_under_a_legal_hold_from_its_menu_and_released(shell, maria, answers):
    shell.go("chart", maria)

    def because(dialog):
        dialog.form.set_values({"reason": "Subpoena of Nov 20"})
        return True

    answers.run(because)
    more(shell, maria)["Legal hold…"].trigger()
    assert shell.context.desk.holds.is_held(maria)
    assert "Legal hold…" not in more(shell, maria)
    answers.run(because)
    more(shell, maria)["Lift the legal hold…"].trigger()
    assert not shell.context.desk.holds.is_held(maria)


@pytest.mark.parametrize("typed", ["how long", "records kept", "purge", "legal hold"])
def test_retention_is_found_by_what_it_is_for(shell, typed):
    assert "retention.open" in [hit.id for hit in find_commands(typed, shell.context.commands)]


def test_an_act_on_a_chart_says_where_it_is_from_elsewhere_and_stands_below_what_is_possible(shell, maria):
    (hit,) = find_commands("log a try", shell.context.commands)
    assert (hit.id, hit.detail) == ("try.log", "Open the chart first, or press T on Today.")
    shell._take_hit(hit.kind, hit.id)
    assert shell.message.words == hit.detail
    assert [hit.id for hit in find_commands("new", shell.context.commands)][0] == "client.new"  # noqa: RUF015  in order
    shell.go("chart", maria)
    (hit,) = find_commands("log a try", shell.context.commands)
    assert hit.detail == ""

"""The commands about clients: a new one and a call-out from anywhere, the others on the chart that is open."""

from collections.abc import Callable

from crisisdesk.i18n import N_
from crisisdesk.ui.commands import Command
from crisisdesk.ui.forms.client import open_client
from crisisdesk.ui.forms.encounter import open_encounter
from crisisdesk.ui.forms.note import open_note
from crisisdesk.ui.forms.quick import quick_callout
from crisisdesk.ui.page import Context
from crisisdesk.ui.pages.chart import ChartPage

ON_CHART = N_("Open the client’s chart first.")


def has_chart(context: Context) -> bool:
    """Whether a client's chart is in front."""
    return _chart(context) is not None


def new_client(context: Context) -> None:
    """Open the client form."""
    open_client(context)


def _chart(context: Context) -> ChartPage | None:
    page = context.window.page
    return page if isinstance(page, ChartPage) and page.client_id else None


def _on_chart(act: Callable[[ChartPage], object]) -> Callable[[Context], None]:
    def run(context: Context) -> None:
        chart = _chart(context)
        if chart is not None:
            act(chart)

    return run


_encounter = _on_chart(lambda chart: open_encounter(chart.context, chart.client_id))
_note = _on_chart(lambda chart: open_note(chart.context, chart.client_id))
_step = _on_chart(lambda chart: chart.acts.add_step(chart.client_id))
_try = _on_chart(lambda chart: chart.acts.log_contact(chart.client_id))
_edit = _on_chart(lambda chart: chart.acts.edit_client(chart.client_id))

COMMANDS: tuple[Command[Context], ...] = (
    Command("encounter.quick", N_("Quick call-out…"), run=quick_callout, key="F9", icon="call-out", menu="new"),
    Command("client.new", N_("New client…"), run=new_client, key="Ctrl+Shift+C", icon="clients", menu="new"),
    Command(
        "encounter.new",
        N_("Encounter of this client…"),
        run=_encounter,
        key="Ctrl+Shift+E",
        icon="plus",
        menu="new",
        when=has_chart,
        where=ON_CHART,
    ),
    Command(
        "note.new",
        N_("Note about this client…"),
        run=_note,
        key="Ctrl+Shift+N",
        icon="note",
        menu="new",
        when=has_chart,
        where=ON_CHART,
    ),
    Command(
        "followup.new",
        N_("Next step for this client…"),
        run=_step,
        key="Ctrl+Shift+F",
        icon="calendar",
        menu="new",
        when=has_chart,
        where=ON_CHART,
    ),
    Command(
        "try.log",
        N_("Log a try with this client…"),
        run=_try,
        icon="phone",
        menu="new",
        when=has_chart,
        where=N_("Open the chart first, or press T on Today."),
    ),
    Command(
        "client.edit",
        N_("Edit this client…"),
        run=_edit,
        icon="clients",
        menu="edit",
        when=has_chart,
        where=ON_CHART,
    ),
)

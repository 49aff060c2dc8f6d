"""What can be done with a client from the chart, and its menus."""

from collections.abc import Callable

from PySide6.QtWidgets import QMenu

from crisisdesk.desk.chart import ChartHead
from crisisdesk.desk.entries import Entry
from crisisdesk.desk.phones import show_phone
from crisisdesk.desk.when import clock_time, day_heading
from crisisdesk.errors import DeskError
from crisisdesk.i18n import _, ngettext
from crisisdesk.records.choices import ClientStatus
from crisisdesk.ui import ask
from crisisdesk.ui.forms.client import open_client
from crisisdesk.ui.forms.close import close_client
from crisisdesk.ui.forms.flag import add_flag, end_flag
from crisisdesk.ui.forms.paper import open_paper
from crisisdesk.ui.forms.plan import edit_plan
from crisisdesk.ui.forms.steps import FollowUpDialog, TryDialog
from crisisdesk.ui.page import Context
from crisisdesk.ui.pages.audit import who_looked
from crisisdesk.ui.pages.retention_dialogs import lift_hold, set_hold
from crisisdesk.ui.tokens import State


class ChartActs:
    """The acts behind a chart's head."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def edit_client(self, client_id: str, *, section: str = "") -> None:
        """Open the client form, perhaps at one of its sections."""
        open_client(self._context, client_id, section=section)

    def edit_plan(self, client_id: str) -> None:
        """Write down what worked."""
        edit_plan(self._context, client_id)

    def add_step(self, client_id: str) -> None:
        """Set a next step."""
        if ask.run(FollowUpDialog(self._context, client_id)):
            self._context.window.say(_("The next step was set."), undo=True)

    def log_contact(self, client_id: str) -> None:
        """Log a try that no next step asked for."""
        numbers = tuple(phone.number for phone in self._context.desk.clients.draft(client_id).phones)
        if ask.run(TryDialog(self._context, None, client_id, numbers)):
            self._context.window.say(_("The try was logged."), undo=True)

    def set_status(self, client_id: str, status: ClientStatus) -> None:
        """Open the file again, or watch from afar."""
        self._context.desk.clients.set_status(client_id, status)
        self._context.window.say(_("The client is now “{status}”.").format(status=status.label), undo=True)

    def set_aside(self, head: ChartHead) -> None:
        """Take a client out of view, after asking why."""
        name = self._context.cover.shown(head.name, head.initials)
        reason = ask.text(
            self._context.window.widget,
            _("Set {name} aside?").format(name=name),
            _("Why"),
            act=_("Set aside"),
            words=_("The client leaves all lists with your reason; nothing is deleted."),
        )
        if reason is not None:
            self._do(lambda: self._context.desk.clients.set_aside(head.id, reason), _("The client was set aside."))

    def fill_more_menu(self, menu: QMenu, head: ChartHead) -> None:
        """Put in what isn't needed every day."""
        context, client_id = self._context, head.id
        name = context.cover.shown(head.name, head.initials)
        acts: list[tuple[str, Callable[[], object]] | None] = [
            (_("Edit client…"), lambda: self.edit_client(client_id)),
            (_("What worked last time…"), lambda: self.edit_plan(client_id)),
            (_("Log a try…"), lambda: self.log_contact(client_id)),
            None,
            (_("Add a safety flag…"), lambda: add_flag(context, client_id)),
        ]
        for banner in head.banners:
            if banner.id is not None:
                words = _("End “{flag}”…").format(flag=banner.mark.text.replace("&", "&&"))
                acts.append((words, lambda own=banner: end_flag(context, own)))  # type: ignore[misc]  # bound early
        acts.append(None)
        if head.is_open:
            is_active = head.status.text == ClientStatus.ACTIVE.label
            other = ClientStatus.MONITORING if is_active else ClientStatus.ACTIVE
            words = _("Only keep an eye on them") if is_active else _("Work with them again")
            acts.append((words, lambda: self.set_status(client_id, other)))
            acts.append((_("Close the file…"), lambda: close_client(context, client_id, name)))
        else:
            acts.append((_("Open the file again"), lambda: self.set_status(client_id, ClientStatus.ACTIVE)))
        acts.append((_("Set aside…"), lambda: self.set_aside(head)))
        acts += [None, self._hold_act(client_id)]
        acts.append((_("Who looked at this chart"), lambda: who_looked(context, client_id)))
        for act in acts:
            if act is None:
                menu.addSeparator()
            else:
                menu.addAction(act[0]).triggered.connect(lambda _on=False, run=act[1]: run())

    def _hold_act(self, client_id: str) -> tuple[str, Callable[[], object]]:
        """Return the act that puts the chart under a legal hold, or lifts its own."""
        own = [hold for hold in self._context.desk.holds.active() if hold.client_id == client_id]
        if own:
            return _("Lift the legal hold…"), lambda: lift_hold(self._context, own[0])
        return _("Legal hold…"), lambda: set_hold(self._context, client_id)

    def fill_print_menu(self, menu: QMenu, client_id: str) -> None:
        """Offer the packets of the client's open referrals."""
        menu.clear()
        rows = self._context.desk.chart.side(client_id).referrals.rows
        for row in rows:
            words = _("Packet for {agency}…").format(agency=row.lead.replace("&", "&&"))
            menu.addAction(words).triggered.connect(lambda _on=False, own=row.id: self._context.window.go("refer", own))
        if not rows:
            menu.addAction(_("No referral to print for yet")).setEnabled(False)
        menu.addSeparator()
        begin = menu.addAction(_("Refer, and print a packet…"))
        begin.triggered.connect(lambda: self._context.window.go("refer", f"client:{client_id}"))

    def read_try(self, entry: Entry) -> None:
        """Show a try as it was logged."""
        tried = self._context.desk.followups.read_try(entry.record_id)
        at = self._context.clock.local(tried.made_at)
        day = day_heading(at.date(), self._context.clock.today())
        facts = [
            _("{day}, {time}").format(day=day, time=clock_time(at)),
            tried.channel.label,
            show_phone(tried.number_used) if tried.number_used else "",
            ngettext("{count} minute", "{count} minutes", tried.minutes).format(count=tried.minutes)
            if tried.minutes
            else "",
            _("by {who}").format(who=tried.by) if tried.by else "",
        ]
        text = " · ".join(fact for fact in facts if fact)
        ask.tell(self._context.window.widget, tried.result.label, "\n\n".join(filter(None, (text, tried.note))))

    def open_paper(self, entry: Entry) -> None:
        """Show a filed paper as it was printed."""
        open_paper(self._context, entry)

    def _do(self, act: Callable[[], object], said: str) -> None:
        try:
            act()
        except DeskError as problem:
            self._context.window.say(str(problem), state=State.CAUTION)
        else:
            self._context.window.say(said, undo=True)

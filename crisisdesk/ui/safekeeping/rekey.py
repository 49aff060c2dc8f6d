"""The card before the lock itself is changed: what it means, the passphrase once more, and a backup."""

from collections.abc import Callable

from PySide6.QtCore import QTimer

from crisisdesk.i18n import _, ngettext
from crisisdesk.ui.page import Context
from crisisdesk.ui.safekeeping.acts import BackupActs
from crisisdesk.ui.safekeeping.proven import ProvenCard
from crisisdesk.ui.widgets.labels import paragraph
from crisisdesk.ui.widgets.progress import ProgressStrip
from crisisdesk.ui.window import Window
from crisisdesk.vault.manifest import Kind


class RekeyCard(ProvenCard):
    """Change the lock itself: everything is locked anew, under a key that nobody has seen."""

    def __init__(self, context: Context) -> None:
        super().__init__(
            context,
            title=_("Change the lock itself"),
            icon="lock",
            about=_(
                "Do this when somebody may know your passphrase or a code, when a drive was lost, or when you take "
                "over this desk. All records are locked anew: no older passphrase, sheet, envelope or PIN opens them."
            ),
            act=_("Make a backup, and go on"),
        )
        self.column.insertWidget(1, paragraph(self._old_copies(), "text"))
        self.column.insertWidget(
            2, paragraph(_("A backup is made first. Then you choose a new passphrase and print a new recovery sheet."))
        )
        self._strip = ProgressStrip(can_cancel=False)
        self._strip.hide()
        self.column.addWidget(self._strip)
        self._acts = BackupActs(context, self)
        self._acts.stepped.connect(self._strip.show_step)

    def _old_copies(self) -> str:
        drives = [each for each in self.context.desk.safekeeping.media() if each.retired_at is None]
        backups = _("Backups from before still open with the passphrase and the sheet of their day.")
        if not drives:
            return backups
        said = ngettext(
            "{count} drive carries such copies: {holders}. Make a new copy on it afterwards.",
            "{count} drives carry such copies: {holders}. Make new copies on them afterwards.",
            len(drives),
        )
        holders = ", ".join(each.holder or each.label for each in drives)
        return _("{first} {second}").format(first=backups, second=said.format(count=len(drives), holders=holders))

    def work(self) -> Callable[[], object]:
        return self.context.desk.keys.prove(self.now.text).run

    def leave(self) -> None:
        if not self._acts.is_busy:
            super().leave()

    def proven(self) -> None:
        """Make the backup; the lock is changed with the vault closed."""
        self._strip.start(_("Making a backup first"))
        self._strip.show()
        self.act.setEnabled(False)
        self._acts.make(Kind.PRE_REKEY, then=self._go, otherwise=self._no_backup)

    def _no_backup(self, problem: str) -> None:
        self._strip.hide()
        self.look()
        self.say(
            _("Nothing was changed, because no backup could be made before. {problem}").format(problem=problem),
            "danger",
        )

    def _go(self) -> None:
        window = self.context.window.widget
        master = self.context.desk.keys.lend_master()
        self.forget()
        self.go_away()
        if isinstance(window, Window) and window.rekeying is not None:
            rekeying = window.rekeying
            QTimer.singleShot(0, window, lambda: rekeying(master))
        else:
            master.wipe()

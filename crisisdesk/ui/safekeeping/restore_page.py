"""The way back from the locked window and the first start: choose a backup, open it with the secret of its day.

Nothing of what a backup holds is shown before it is open: only when it was made, and by which CrisisDesk.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from crisisdesk.clock import Clock
from crisisdesk.desk.when import clock_time, past_day
from crisisdesk.errors import DeskError
from crisisdesk.i18n import _
from crisisdesk.paths import VaultPaths
from crisisdesk.ui import ask, theme
from crisisdesk.ui.jobs import Jobs, Progress, Running
from crisisdesk.ui.passphrase import PassphraseField
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import Role
from crisisdesk.ui.widgets.buttons import button, link
from crisisdesk.ui.widgets.labels import label, line, paragraph
from crisisdesk.ui.widgets.marks import Tile
from crisisdesk.ui.widgets.problem import Problem
from crisisdesk.ui.widgets.progress import ProgressStrip
from crisisdesk.vault import restore
from crisisdesk.vault.backup import Backup, listed, read_manifest
from crisisdesk.vault.carry import Carried
from crisisdesk.vault.checks import Checked
from crisisdesk.vault.restore import Restoring

WIDTH = 520
_MOST = 5  # backups that are offered; an older one is chosen as a file
_WHOLE = 1000  # steps of the progress


@dataclass(frozen=True, kw_only=True)
class GoingBack:
    """A restore that was decided on: ``run`` opens the backup, checks it and puts it in the vault's place."""

    paths: VaultPaths
    clock: Clock
    floor: int
    backup: Backup
    secret: str = field(repr=False)
    is_code: bool
    carried: Carried | None = field(default=None, repr=False)

    def run(self, progress: Progress) -> Checked:
        """Do it, in a job. Raises Invalid, WrongPassphrase, BackupRefused and what else ``Restoring.run`` does."""
        unlock = restore.unlock_with_code if self.is_code else restore.unlock
        master = unlock(self.backup, self.secret, floor=self.floor)
        words = _("Checking the backup, and putting it in place")
        return Restoring(self.paths, self.backup, master, self.clock, carried=self.carried).run(
            lambda done: progress.step(round(done * _WHOLE), _WHOLE, words)
        )


@dataclass(frozen=True, kw_only=True)
class RestoreDoor:
    """Where to, and what comes after. ``back`` leaves everything as it is; ``done`` shows the restored vault's door.

    ``carried``: what was held and purged in the vault, where the backup's keys can't read it (vault/carry.py).
    """

    paths: VaultPaths
    clock: Clock
    floor: int
    has_vault: bool
    back: Callable[[], object]
    done: Callable[[str], object]
    carried: Carried | None = field(default=None, repr=False)


class RestorePage(QWidget):
    """One card: which backup, and the passphrase or the code of its day."""

    def __init__(self, door: RestoreDoor, jobs: Jobs, *, file: Path | None = None) -> None:
        super().__init__()
        self._door = door
        self._jobs = jobs
        self._backup: Backup | None = None
        self._running: Running | None = None
        self._is_code = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, px(24), 0, px(16))
        column.addStretch(1)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self._card())
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)
        self._choose()
        if file is not None:
            self.take(file)

    def _card(self) -> QFrame:
        card = QFrame()
        card.setProperty("look", "dialog")
        card.setFixedWidth(px(WIDTH))
        column = QVBoxLayout(card)
        column.setContentsMargins(px(32), px(32), px(32), px(26))
        column.setSpacing(px(12))
        head = QHBoxLayout()
        head.setSpacing(px(16))
        head.addWidget(Tile("undo", ground="accent", ink="on_accent"))
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(label(_("Restore a backup"), Role.TITLE))
        self.about = label("", ink="text2")
        texts.addWidget(self.about)
        head.addLayout(texts, 1)
        column.addLayout(head)
        self.choices = QWidget()
        self._rows = QVBoxLayout(self.choices)
        self._rows.setContentsMargins(0, px(8), 0, 0)
        self._rows.setSpacing(px(8))
        column.addWidget(self.choices)
        column.addWidget(self._secret_part())
        self.problem = Problem()
        column.addWidget(self.problem)
        self.strip = ProgressStrip(can_cancel=False)
        self.strip.hide()
        column.addWidget(self.strip)
        column.addWidget(line())
        foot = QHBoxLayout()
        self.back_link = link(_("Leave everything as it is"), self.back)
        foot.addWidget(self.back_link)
        foot.addStretch(1)
        self.file_button = button(_("Choose a file…"), run=self.choose_file)
        self.act = button(_("Restore it"), look="primary", run=self.go_on)
        foot.addWidget(self.file_button)
        foot.addWidget(self.act)
        column.addLayout(foot)
        return card

    def _secret_part(self) -> QWidget:
        self._secret = QWidget()
        column = QVBoxLayout(self._secret)
        column.setContentsMargins(0, px(8), 0, 0)
        column.setSpacing(px(4))
        self._words = label("", Role.NAME)
        column.addWidget(self._words)
        self.field = PassphraseField("")
        self._words.setBuddy(self.field)
        column.addWidget(self.field)
        self.turn_link = link("", self._turn)
        column.addWidget(self.turn_link, 0, Qt.AlignmentFlag.AlignLeft)
        column.addSpacing(px(8))
        self._promise = paragraph("")
        column.addWidget(self._promise)
        self.field.textChanged.connect(self._look)
        self.field.textEdited.connect(lambda _text: self.problem.say(""))
        self.field.returnPressed.connect(self.go_on)
        return self._secret

    @property
    def is_busy(self) -> bool:
        """Whether the backup is being put in place."""
        return self._running is not None

    # Which one -----------------------------------------------------------------------------------------------------

    def _choose(self) -> None:
        self._backup = None
        found: list[Backup] = []
        try:
            found = listed(self._door.paths.backups)[:_MOST]
        except DeskError as problem:
            self.problem.say(str(problem))
        while self._rows.count():
            item = self._rows.takeAt(0)
            gone = item.widget() if item else None
            if gone is not None:
                gone.hide()
                gone.deleteLater()
        for each in found:
            self._rows.addWidget(button(self._said(each), run=partial(self.show_backup, each)))
        if not found:
            self._rows.addWidget(
                paragraph(_("No backup lies on this computer. Put the USB drive in, and choose the newest file on it."))
            )
        self.about.setText(_("Choose the newest one that you trust.") if found else _("Choose it on the drive."))
        self._show(is_chosen=False)
        self.setFocusProxy(self.file_button)

    def choose_file(self) -> None:
        """Ask which file."""
        kinds = [(_("CrisisDesk backups"), "*.cdbak")]
        file = ask.open_file(self, _("Choose a backup"), kinds)
        if file is not None:
            self.take(file)

    def take(self, file: Path) -> None:
        """Take a file, or say what is wrong with it."""
        try:
            self.show_backup(read_manifest(file))
        except DeskError as problem:
            self.problem.say(str(problem))
        except FileNotFoundError:
            self.problem.say(_("The file is no longer there."))

    def show_backup(self, backup: Backup) -> None:
        """Ask for the secret of its day."""
        self._backup = backup
        self.problem.say("")
        self.about.setText(self._said(backup))
        kept = _("Your present vault is kept beside it, for two weeks at least, or until you let it go.")
        self._promise.say(kept if self._door.has_vault else _("It becomes the vault on this computer."))
        self._is_code = True
        self._turn()
        self._show(is_chosen=True)
        self.setFocusProxy(self.field)  # whoever shows this page gives it the focus only then
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _said(self, backup: Backup) -> str:
        made = self._door.clock.local(backup.manifest.created)
        day = past_day(made.date(), self._door.clock.today())
        return _("Made {day} at {time}").format(day=day, time=clock_time(made))

    # Opening it ------------------------------------------------------------------------------------------------------

    def go_on(self) -> None:
        """Open the backup and put it in place."""
        if self._backup is None or not self.act.isEnabled():
            return
        self.problem.say("")
        going = GoingBack(
            paths=self._door.paths,
            clock=self._door.clock,
            floor=self._door.floor,
            backup=self._backup,
            secret=self.field.text(),
            is_code=self._is_code,
            carried=self._door.carried,
        )
        self.strip.start(_("Opening the backup"))
        self._running = self._jobs.start(
            self, going.run, done=self._done, failed=self._failed, progress=self.strip.show_step
        )
        self._busy()

    def back(self) -> None:
        """Go back to the choice, or leave."""
        if self.is_busy:
            return
        self.field.forget()
        self.problem.say("")
        if self._backup is not None:
            self._choose()
        else:
            self._door.back()

    def leave(self) -> None:
        """Leave everything as it is, wherever she was; not while a backup is being put in place."""
        if not self.is_busy:
            self.field.forget()
            self._door.back()

    def _done(self, _checked: Checked) -> None:
        self._running = None
        self.field.forget()
        self._door.done(
            _("The backup is in place. The passphrase and the recovery sheet of its day are in force again.")
        )

    def _failed(self, problem: DeskError) -> None:
        self._running = None
        self._busy()
        self.problem.say(str(problem))
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.selectAll()

    def _busy(self) -> None:
        busy = self.is_busy
        self.strip.setVisible(busy)
        self._secret.setEnabled(not busy)
        self.back_link.setEnabled(not busy)
        self._look()

    def _look(self) -> None:
        self.act.setEnabled(bool(self.field.text()) and not self.is_busy)

    def _show(self, *, is_chosen: bool) -> None:
        self.choices.setVisible(not is_chosen)
        self.file_button.setVisible(not is_chosen)
        self._secret.setVisible(is_chosen)
        self.act.setVisible(is_chosen)
        self.back_link.setText(_("Another backup") if is_chosen else _("Leave everything as it is"))
        self.back_link.updateGeometry()
        self._look()

    def _turn(self) -> None:
        self._is_code = not self._is_code
        self.field.forget()
        words = _("Recovery code of that day") if self._is_code else _("Passphrase of that day")
        self._words.setText(words)
        self.field.setAccessibleName(words)
        self.field.setPlaceholderText(_("30 letters and digits, in six groups") if self._is_code else "")
        self.turn_link.setText(_("Use the passphrase") if self._is_code else _("Use the recovery sheet"))
        self.turn_link.updateGeometry()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme.colour("frame"))
        painter.end()

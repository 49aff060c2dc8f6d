"""What is done with backups: make one, try one out, copy one to a drive. Each is a job with its progress."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from crisisdesk.desk.safekeeping import Drill, Drilled
from crisisdesk.errors import DeskError
from crisisdesk.i18n import _
from crisisdesk.ui import ask
from crisisdesk.ui.jobs import Progress, Running
from crisisdesk.ui.page import Context
from crisisdesk.ui.tokens import State
from crisisdesk.vault.backup import Backup
from crisisdesk.vault.making import Making
from crisisdesk.vault.manifest import Kind
from crisisdesk.vault.media import Copied, check_drive, copy_to

_WHOLE = 1000  # steps of a job's progress


def make_backup(making: Making, progress: Progress) -> Backup:
    """Make a backup in a job."""
    return making.run(_parts(progress, _("Making a backup, and checking that it opens")))


def take_replaced(job: Callable[[Callable[[float], None]], Backup], progress: Progress) -> Backup:
    """Make a backup of the vault that a restore replaced, in a job."""
    return job(_parts(progress, _("Looking through the vault that was replaced")))


def try_out(drill: Drill, progress: Progress) -> tuple[Drilled, ...]:
    """Open a backup for trial in a job."""
    return drill.run(_parts(progress, _("Opening the backup for trial")))


def copy_backup(backup: Backup, drive: Path, progress: Progress) -> Copied:
    """Copy a backup to a drive in a job."""
    return copy_to(backup, drive, progress=_parts(progress, _("Copying, and reading the copy back")))


def _parts(progress: Progress, words: str) -> Callable[[float], None]:
    return lambda done: progress.step(round(done * _WHOLE), _WHOLE, words)


class BackupActs(QObject):
    """The acts, for a page or a card. ``began`` brings the words of the work, ``stepped`` how far it is."""

    began = Signal(str)
    stepped = Signal(object)
    ended = Signal()

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._running: Running | None = None

    @property
    def is_busy(self) -> bool:
        """Whether one of them is under way."""
        return self._running is not None

    def make(
        self,
        kind: Kind = Kind.MANUAL,
        *,
        then: Callable[[], object] | None = None,
        otherwise: Callable[[str], object] | None = None,
    ) -> None:
        """Make a backup; ``then`` is called once it is there and verified, else ``otherwise`` with a sentence."""
        if self.is_busy:
            return
        keeping = self._context.desk.safekeeping

        def made(backup: Backup) -> None:
            if not self._written(partial(keeping.finish, backup)):
                return
            if then is not None:
                then()
            else:
                self._context.window.say(_("The backup is made, and it opens."))

        def failed(problem: DeskError) -> None:
            told = keeping.failed(problem)
            self._failed(told)
            if otherwise is not None:
                otherwise(str(told))

        try:
            making = keeping.start(kind)
        except DeskError as problem:
            failed(problem)
            return
        self._start(_("Making a backup, and checking that it opens"), make_backup, making, done=made, failed=failed)

    def drill(self) -> None:
        """Try out the newest backup; one that opens as the vault does now is made first where there is none."""
        if self.is_busy:
            return
        keeping = self._context.desk.safekeeping
        if keeping.fit() is None and keeping.listed():
            self.make(then=self.drill)
            return

        def tried(done: tuple[Drilled, ...]) -> None:
            said: list[str] = []
            if not self._written(lambda: said.append(keeping.drilled(done))):
                return
            if all(each.problem is None for each in done):
                self._context.window.say(said[0])
            else:
                ask.tell(self._context.window.widget, _("The backup did not open"), said[0])

        try:
            drill = keeping.drill()
        except DeskError as problem:
            self._failed(problem)
            return
        self._start(_("Opening the backup for trial"), try_out, drill, done=tried, failed=self._failed)

    def copy(self) -> None:
        """Copy the newest backup to a drive: which one, who holds it, and then the copy."""
        if self.is_busy:
            return
        keeping, window = self._context.desk.safekeeping, self._context.window
        newest = keeping.fit()
        if newest is None:  # or it opens only with a former passphrase or sheet
            self.make(then=self.copy)
            return
        drive = ask.folder(window.widget, _("Choose the USB drive"))
        if drive is None:
            return
        try:
            check_drive(newest, drive)
        except DeskError as problem:
            window.say(str(problem), state=State.DANGER)
            return
        holder = ask.text(
            window.widget,
            _("Who will hold this drive?"),
            _("Name and place"),
            act=_("Copy"),
            words=_("It stands in the register, so that every copy can be found again. The copy itself is encrypted."),
            given=_holder(self._context),
        )
        if holder is None:
            return

        def copied(copy: Copied) -> None:
            if self._written(partial(keeping.copied, copy, label=drive.name, holder=holder)):
                window.say(_("The copy is on the drive, and was read back. Take the drive out and put it away."))

        words = _("Copying, and reading the copy back")
        self._start(words, copy_backup, newest, drive, done=copied, failed=self._failed)

    def back_up_replaced(self, then: Callable[[Backup], object]) -> None:
        """Make a backup of the vault that a restore replaced; ``then`` is called with it."""
        if self.is_busy:
            return
        keeping = self._context.desk.safekeeping

        def made(backup: Backup) -> None:
            if self._written(partial(keeping.replaced_backed_up, backup)):
                then(backup)

        try:
            job = keeping.back_up_replaced()
        except DeskError as problem:
            self._failed(problem)
            return
        words = _("Looking through the vault that was replaced")
        self._start(words, take_replaced, job, done=made, failed=self._failed)

    def recheck(self) -> None:
        """Check the oldest backup and one other, quietly, where a week has passed; only what fails is said."""
        keeping = self._context.desk.safekeeping
        drill = None if self.is_busy else keeping.recheck()
        if drill is None:
            return

        def checked(done: tuple[Drilled, ...]) -> None:
            said: list[str | None] = []
            if self._written(lambda: said.append(keeping.rechecked(done))) and said[0] is not None:
                self._context.window.say(said[0], state=State.DANGER)

        words = _("Checking an older backup")
        self._start(words, try_out, drill, done=checked, failed=self._failed)

    def cancel(self) -> None:
        """Stop what is under way."""
        if self._running is not None:
            self._running.cancel()
            self._end()
            self.ended.emit()

    def _start(
        self,
        words: str,
        work: Callable[..., object],
        *args: object,
        done: Callable[..., object],
        failed: Callable[[DeskError], object],
    ) -> None:
        self._running = self._context.jobs.start(
            self, work, *args, done=done, failed=failed, progress=self.stepped.emit
        )
        self.began.emit(words)

    def _written(self, write_down: Callable[[], object]) -> bool:
        """End the work and write down what it did; where the vault does not take that, say so."""
        self._end()
        try:
            write_down()
        except DeskError as problem:
            self._failed(problem)
            return False
        self.ended.emit()
        return True

    def _end(self) -> None:
        self._running = None

    def _failed(self, problem: DeskError) -> None:
        self._end()
        self._context.window.say(str(problem), state=State.DANGER)
        self.ended.emit()


def _holder(context: Context) -> str:
    """Return who held the drive of the last copy."""
    known = context.desk.safekeeping.media()
    return known[0].holder if known else ""

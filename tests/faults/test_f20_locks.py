"""F20: whatever locks, and whatever stands open, everything is covered at once and not a character is lost."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from crisisdesk.app import Keys, Program
from crisisdesk.clock import FixedClock
from crisisdesk.desk import Desk as OpenDesk
from crisisdesk.paths import VaultPaths
from crisisdesk.ui import ask
from crisisdesk.ui.lock.locking import Host
from crisisdesk.ui.lock.reason import Reason
from crisisdesk.ui.page import Context
from crisisdesk.ui.unlock import UnlockPage
from crisisdesk.ui.widgets.dialog import Dialog
from crisisdesk.vault.store import Store
from tests.clocks import SetClocks
from tests.faults.lock_scenes import OTHERS, QUESTIONS, SCENES, TYPED, Scene, form_in
from tests.stores import NOON
from tests.vault.fast import COST, FLOOR, PASSPHRASE, unlock

PATIENCE = 60  # seconds for a whole script; only a failure waits so long
Steps = Iterator[Callable[[], bool]]
KEYS = Keys(cost=COST, practice_cost=COST, floor=FLOOR)


class Desk:
    """The program as she has it before her, and the process that would take its place after a hard lock."""

    def __init__(self, app: QApplication, place: VaultPaths, qtbot) -> None:
        self._app, self._place, self._qtbot = app, place, qtbot
        self.clocks = SetClocks()
        self.anew = 0
        self.covered_in: list[float] = []
        self.program = self._start()

    def _start(self) -> Program:
        def anew() -> None:
            self.anew += 1

        host = Host(clocks=self.clocks, start_anew=anew)
        program = Program(self._app, place=self._place, clock=FixedClock(NOON), keys=KEYS, host=host)
        program.start()
        self._qtbot.waitExposed(program.window)
        return program

    @property
    def context(self) -> Context:
        shell = self.program.window.shell
        assert shell is not None
        return shell.context

    def unlock(self) -> Steps:
        (page,) = self.program.window.findChildren(UnlockPage)
        page.field.setText(PASSPHRASE)
        page.unlock()
        yield lambda: self.program.desk is not None

    def open(self, scene: Scene) -> Steps:
        context, before = self.context, _modal()
        QTimer.singleShot(0, lambda: scene.open(context))
        yield lambda: form_in(self.program.window) is not None or _modal() is not before

    def put_away(self) -> Steps:
        """Leave what stands open, and forget what was typed."""
        Dialog.leave_all()
        yield lambda: _modal() is None
        self.context.window.close_overlay()
        assert self.program.desk is not None
        for kept in self.program.desk.unsaved.kept():
            self.program.desk.unsaved.forget(kept.form, kept.ref)

    def type(self, scene: Scene) -> str:
        """Type into the scene's field, and return what stands there then."""
        field = self.field(scene)
        field.setFocus()
        if isinstance(field, QPlainTextEdit):
            QTest.keyClicks(field, TYPED)
            return field.toPlainText()
        assert isinstance(field, QLineEdit)
        field.selectAll()
        QTest.keyClicks(field, TYPED)
        return field.text()

    def field(self, scene: Scene) -> QWidget:
        form = form_in(self.program.window)
        if scene.field:
            assert form is not None
            editor = form.editor(scene.field)
        else:
            editor = Dialog.waiting()[-1]
        if isinstance(editor, QLineEdit | QPlainTextEdit):
            return editor
        found = editor.findChild(QLineEdit)
        assert found is not None
        return found

    def lock(self, how: str) -> Steps:
        began = time.perf_counter()
        TRIGGERS[how](self)
        assert self.program.window.is_covered or self.program.desk is None
        assert all(not dialog.isVisible() or _is_covered(dialog) for dialog in _dialogs())
        self.covered_in.append(time.perf_counter() - began)
        yield lambda: self.program.desk is None
        assert _modal() is None
        if self.anew:
            self.anew = 0
            self.end()
            self.program = self._start()

    def play(self, script: Steps) -> None:
        """Go from step to step, each once what the one before waits for is so; also inside a dialog's own loop."""
        until = time.monotonic() + PATIENCE
        waiting: list[Callable[[], bool]] = [lambda: True]
        problems: list[BaseException] = []

        def look() -> None:
            try:
                while waiting and waiting[0]():
                    waiting[:] = [next(script)]
                if time.monotonic() > until:
                    pytest.fail("This step never came.")
            except StopIteration:
                waiting.clear()
            except BaseException as problem:  # noqa: BLE001  raised again below, outside the dialog's loop
                problems.append(problem)
                waiting.clear()
            if not waiting:
                Dialog.leave_all()  # the loop below waits for theirs

        timer = QTimer()
        timer.setInterval(5)
        timer.timeout.connect(look)
        timer.start()
        while waiting:
            QApplication.processEvents()
        timer.stop()
        while Dialog.leave_all():
            QApplication.processEvents()
        for problem in problems:
            raise problem

    def end(self) -> None:
        while Dialog.leave_all():
            QApplication.processEvents()
        self.program.end()
        self.program.deleteLater()


def _modal() -> QWidget | None:
    return QApplication.activeModalWidget()


def _dialogs() -> list[QWidget]:
    return [top for top in QApplication.topLevelWidgets() if top.isModal() and top.isVisible()]


def _is_covered(dialog: QWidget) -> bool:
    return any(type(child).__name__ == "Sheet" for child in dialog.findChildren(QWidget))


def _idle(desk: Desk) -> None:
    for _beat in range(60):
        desk.clocks.go(5)
        desk.program.locking.guard.beat()


def _hear(reason: Reason) -> Callable[[Desk], None]:
    def hear(desk: Desk) -> None:
        desk.program.locking.guard.tell(reason)
        QApplication.sendPostedEvents(desk.program.locking.guard, QEvent.Type.MetaCall)

    return hear


def _minimize(desk: Desk) -> None:
    desk.program.window.covers_when_minimized = True
    desk.program.window.showMinimized()
    QApplication.processEvents()
    assert desk.program.window.is_covered
    for _beat in range(12):
        desk.clocks.go(5)
        desk.program.locking.guard.beat()
    desk.program.window.showNormal()


def _asked(desk: Desk) -> None:
    front = _modal() or desk.program.window
    QTest.keyClick(front, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)


TRIGGERS: dict[str, Callable[[Desk], None]] = {
    "idle": _idle,
    "session": _hear(Reason.SESSION),
    "sleep": _hear(Reason.SLEEP),
    "minimize": _minimize,
    "asked": lambda desk: desk.program.lock(),
}


def _make_hers(place: VaultPaths) -> None:
    """Let the practice data count as her own: the practice desk is watched by nobody."""
    desk = OpenDesk(Store.open(place, unlock(place, PASSPHRASE), FixedClock(NOON)), FixedClock(NOON))
    desk.practice.keep(replace(desk.practice.get(), is_practice_desk=False))
    desk.close()


@pytest.fixture
def desk(qapp, dressed, answers, town_paths: VaultPaths, qtbot) -> Iterator[Desk]:
    del dressed, answers  # the door of before: dialogs open and wait, as they do for her
    before = ask.use(ask.QtDoor())
    _make_hers(town_paths)
    made = Desk(qapp, town_paths, qtbot)
    made.play(made.unlock())
    yield made
    made.end()
    ask.use(before)


def _typed_in(field: QWidget) -> str:
    return field.toPlainText() if isinstance(field, QPlainTextEdit) else str(field.property("text"))


@pytest.mark.parametrize("how", TRIGGERS)
def test_what_is_half_typed_in_any_form_stands_there_again(desk: Desk, how: str, told, campaign: str) -> None:
    scenes = SCENES if campaign != "quick" else SCENES[list(TRIGGERS).index(how) :: 6]

    def script() -> Steps:
        for scene in scenes:
            desk.context.window.go("clients")
            yield from desk.open(scene)
            typed = desk.type(scene)
            yield from desk.lock(how)
            yield from desk.unlock()
            yield lambda: form_in(desk.program.window) is not None
            assert _typed_in(desk.field(scene)) == typed, scene.name
            yield from desk.put_away()

    desk.play(script())
    slowest = max(desk.covered_in) * 1000
    told(f"F20 {how}: {len(scenes)} forms, lost=0 characters, covered in at most {slowest:.0f} ms")


@pytest.mark.parametrize("scene", QUESTIONS, ids=lambda scene: scene.name)
def test_a_question_half_answered_has_its_words_when_it_is_asked_again(desk: Desk, scene: Scene) -> None:
    def script() -> Steps:
        yield from desk.open(scene)
        typed = desk.type(scene)
        yield from desk.lock("sleep")
        yield from desk.unlock()
        yield from desk.open(scene)
        assert _typed_in(desk.field(scene)) == typed

    desk.play(script())


@pytest.mark.parametrize("how", ["idle", "session"])
def test_no_dialog_keeps_it_open_and_the_note_under_it_is_kept(desk: Desk, how: str, told, campaign: str) -> None:
    note = SCENES[0]
    over = (*OTHERS, *QUESTIONS)
    scenes = over if campaign != "quick" else over[(how == "session") * 2 :: 4]

    def script() -> Steps:
        for scene in scenes:
            yield from desk.open(note)
            typed = desk.type(note)
            context = desk.context
            QTimer.singleShot(0, lambda own=scene, at=context: own.open(at))
            yield lambda: _modal() is not None
            yield from desk.lock(how)
            yield from desk.unlock()
            yield lambda: form_in(desk.program.window) is not None
            assert _typed_in(desk.field(note)) == typed, scene.name
            yield from desk.put_away()

    desk.play(script())
    told(f"F20 {how}: {len(scenes)} dialogs over a note, lost=0 characters")


def test_she_comes_back_to_where_she_was(desk: Desk) -> None:
    def script() -> Steps:
        client_id = desk.context.desk.alike.named("Maria Delgado")[0].id
        desk.context.window.go("chart", client_id)
        yield from desk.lock("sleep")
        yield from desk.unlock()
        shell, open_desk = desk.program.window.shell, desk.program.desk
        assert shell is not None
        assert shell.here == ("chart", client_id)
        assert open_desk is not None
        assert open_desk.unsaved.find("window", "") is None, "it lies in the vault only while that is locked"

    desk.play(script())


@pytest.mark.parametrize("how", TRIGGERS)
def test_the_vault_stays_open_until_all_who_asked_have_their_answers(desk: Desk, how: str) -> None:
    were_open: list[bool] = []

    def ask_her(context: Context, deep: int) -> None:
        if deep:  # one question over the other, each in a loop of its own
            QTimer.singleShot(0, lambda: ask_her(context, deep - 1))
        answer = ask.text(context.window.widget, "Set this referral aside?", "Why", act="Set aside")
        QApplication.processEvents()  # as a dialog of the system's may do, before those below have their answers
        were_open.append(answer is None and desk.program.desk is context.desk)

    def script() -> Steps:
        context = desk.context
        QTimer.singleShot(0, lambda: ask_her(context, 2))
        yield lambda: len(Dialog.waiting()) == 3
        yield from desk.lock(how)

    desk.play(script())
    assert were_open == [True, True, True]

"""A bug: one line of codes in the log, one calm dialog, and the program goes on with nothing lost."""

import faulthandler
import logging
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QObject, Qt, QtMsgType, Signal, qInstallMessageHandler

from crisisdesk import damaged, logs
from crisisdesk.errors import DeskError

_log = logging.getLogger(f"{logs.NAME}.crash")
Hook = Callable[[type[BaseException], BaseException, TracebackType | None], object]


class Crash(QObject):
    """Catches what nobody else did.

    ``show(code, sentence)`` is called on the main thread, once, with where it happened as a code; the sentence is that
    of a DeskError which no page has caught, or says that a part of the packaged program is missing, else empty.
    """

    _happened = Signal(str, str)

    def __init__(self, show: Callable[[str, str], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._show = show
        self._is_showing = False
        self._before: tuple[object, ...] = ()
        self._faults: object = None
        # Queued: the dialog must not open in the middle of a paint event, where the exception may have come from.
        self._happened.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def install(self, folder: Path | None = None) -> None:
        """Take over Python's hooks, Qt's messages and, with a folder, the traces of hard crashes."""
        self._before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
        sys.excepthook = self.caught
        threading.excepthook = lambda args: self.caught(args.exc_type, args.exc_value, args.exc_traceback)
        sys.unraisablehook = lambda args: _log_only(args.exc_type, args.exc_traceback)
        qInstallMessageHandler(_qt_message)
        if folder is not None:
            self._keep_faults(folder)

    def uninstall(self) -> None:
        """Give the hooks back."""
        if self._before:
            sys.excepthook, threading.excepthook, sys.unraisablehook = self._before  # type: ignore[assignment]  # as they were
            self._before = ()
        qInstallMessageHandler(None)
        faulthandler.disable()
        if self._faults is not None:
            self._faults.close()  # type: ignore[attr-defined]  # a file
            self._faults = None

    def caught(self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        """Write down one exception and say sorry once. Called by Python, on any thread."""
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error or kind(), trace)
            return
        code = logs.code_of(kind, trace)
        _log.error(code)
        self._happened.emit(code.split(" < ", maxsplit=1)[0], _sentence(error))

    def _tell(self, code: str, sentence: str) -> None:
        if self._is_showing:
            return
        self._is_showing = True
        try:
            self._show(code, sentence)
        except ImportError as error:  # the dialog is what is missing: said here, or it would be tried for ever
            if not damaged.is_damage(error):
                raise
            damaged.tell()
        finally:
            self._is_showing = False

    def _keep_faults(self, folder: Path) -> None:
        try:
            file = (folder / "faults.log").open("a", encoding="utf-8")
        except OSError:
            return
        faulthandler.enable(file)
        self._faults = file


def _sentence(error: BaseException | None) -> str:
    if isinstance(error, DeskError):
        return str(error)
    return damaged.words() if damaged.is_damage(error) else ""


def _log_only(kind: type[BaseException], trace: TracebackType | None) -> None:
    _log.error(logs.code_of(kind, trace))


def _qt_message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    """Log that Qt complained and where; its words may quote what is on the screen, so they stay out."""
    del message
    if kind in {QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg}:
        return
    _log.warning(f"qt {kind.name} {context.category or '-'} {Path(context.file or '-').name}:{context.line}")

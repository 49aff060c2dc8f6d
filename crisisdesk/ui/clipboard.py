"""What she copies: kept out of the system's lists of what was copied, and gone after half a minute or at a lock."""

from collections.abc import Callable

from PySide6.QtCore import QMimeData, QObject, QTimer
from PySide6.QtGui import QClipboard

LASTS = 30_000  # milliseconds
MARK = "application/x-crisisdesk-own"
HARMLESS = "application/x-crisisdesk-harmless"
_WINDOWS = 'application/x-qt-windows-mime;value="{name}"'
_NO = bytes(4)  # a DWORD of 0; the text "0" would not be understood
# What each system looks at before it keeps, shows or uploads what was copied.
FORMATS = {
    MARK: b"1",
    _WINDOWS.format(name="ExcludeClipboardContentFromMonitorProcessing"): b"1",
    _WINDOWS.format(name="CanIncludeInClipboardHistory"): _NO,
    _WINDOWS.format(name="CanUploadToCloudClipboard"): _NO,
    "x-kde-passwordManagerHint": b"secret",
    "application/x-nspasteboard-concealed-type": b"1",
}


def own(text: str) -> QMimeData:
    """Return a text as it may lie on the clipboard."""
    made = QMimeData()
    made.setText(text)
    for name, value in FORMATS.items():
        made.setData(name, value)
    return made


def harmless(text: str) -> QMimeData:
    """Return a text that names nobody and may stay on the clipboard: versions and states, for who helps."""
    made = QMimeData()
    made.setText(text)
    made.setData(HARMLESS, b"1")
    return made


class OwnClipboard(QObject):
    """Marks whatever this program copies, wherever it was copied, and takes it back.

    ``owns`` says whether what lies there came from this program; what another one copied is never touched.
    """

    def __init__(
        self, clipboard: QClipboard, parent: QObject | None = None, *, owns: Callable[[], bool] | None = None
    ) -> None:
        super().__init__(parent)
        self._clipboard = clipboard
        self._owns = owns or clipboard.ownsClipboard
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(LASTS)
        self._timer.timeout.connect(self.forget)
        clipboard.dataChanged.connect(self._mark)

    def copy(self, text: str) -> None:
        """Copy a text."""
        self._clipboard.setMimeData(own(text))
        self._timer.start()

    def forget(self) -> None:
        """Empty the clipboard, unless somebody else has copied something since."""
        self._timer.stop()
        if self._is_ours():
            self._clipboard.clear()
        if self._clipboard.supportsSelection() and self._clipboard.ownsSelection():
            self._clipboard.clear(QClipboard.Mode.Selection)

    def end(self) -> None:
        """Forget, and mark nothing more."""
        self.forget()
        self._clipboard.dataChanged.disconnect(self._mark)

    def _is_ours(self) -> bool:
        lies = self._lies()
        return lies is not None and lies.hasFormat(MARK)

    def _lies(self) -> QMimeData | None:
        """Return what lies there; Qt has nothing at all for a clipboard that was just emptied."""
        lies: QMimeData | None = self._clipboard.mimeData()
        return lies

    def _mark(self) -> None:
        """Copy what an editor has copied by itself once more, marked."""
        lies = self._lies()
        if lies is None or lies.hasFormat(HARMLESS):
            return
        if lies.hasText() and not self._is_ours() and self._owns():
            self.copy(self._clipboard.text())

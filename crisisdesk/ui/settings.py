"""Settings of this device: how the window looks and where it stood; never a name, a search or a path."""

from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar, overload

from PySide6.QtCore import QByteArray, QSettings

from crisisdesk import paths
from crisisdesk.ui.tokens import Scheme

T = TypeVar("T")
NO_VERSION: tuple[int, ...] = ()


class Setting(Generic[T]):
    """One setting: its key, its default, how it is read and written as text. What can't be read is the default."""

    def __init__(self, key: str, default: T, read: Callable[[str], T], write: Callable[[T], str] = str) -> None:
        self.key = key
        self.default = default
        self._read = read
        self._write = write

    @overload
    def __get__(self, device: None, owner: type) -> "Setting[T]": ...
    @overload
    def __get__(self, device: "DeviceSettings", owner: type) -> T: ...
    def __get__(self, device: "DeviceSettings | None", owner: type) -> "Setting[T] | T":
        if device is None:
            return self
        try:
            return self._read(str(device.store.value(self.key, self._write(self.default))))
        except ValueError:
            return self.default

    def __set__(self, device: "DeviceSettings", value: T) -> None:
        device.store.setValue(self.key, self._write(value))


def _yes(text: str) -> bool:
    return text == "yes"


def _yes_or_no(value: bool) -> str:  # noqa: FBT001  the value itself
    return "yes" if value else "no"


def _bytes(text: str) -> QByteArray:
    return QByteArray.fromBase64(text.encode("ascii", "ignore"))


def _base64(value: QByteArray) -> str:
    return bytes(value.toBase64().data()).decode("ascii")


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in text.split(".")) if text else NO_VERSION


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(str(number) for number in version)


class DeviceSettings:
    """All of them, in one ini file in the program's own folder."""

    scheme = Setting("look/scheme", Scheme.SYSTEM, Scheme)
    text_size = Setting("look/text_size", 100, int)  # per cent
    is_initials_only = Setting("look/initials_only", default=False, read=_yes, write=_yes_or_no)
    has_begun = Setting("today/has_begun", default=False, read=_yes, write=_yes_or_no)
    knows_unheard = Setting("lock/knows_unheard", default=False, read=_yes, write=_yes_or_no)
    seen_version = Setting("program/seen_version", NO_VERSION, _numbers, _dotted)  # the last that she knows the news of
    geometry = Setting("window/geometry", QByteArray(), _bytes, _base64)

    def __init__(self, file: Path | None = None) -> None:
        self.store = QSettings(str(file or paths.home() / "window.ini"), QSettings.Format.IniFormat)

    def keep(self) -> None:
        """Write them to the disk now."""
        self.store.sync()

"""Settings of this device: how the window looks and where it stood. Never a name, a search, or a path with a name in it."""

from pathlib import Path
from typing import Generic, TypeVar, overload

from PySide6.QtCore import QByteArray, QSettings

from crisisdesk import paths
from crisisdesk.ui.tokens import Scheme

T = TypeVar("T", bool, int, Scheme, QByteArray)


class Setting(Generic[T]):
    """One setting: its key, its default, and values of the default's type; what can't be read is the default."""

    def __init__(self, key: str, default: T) -> None:
        self.key = key
        self.default = default

    @overload
    def __get__(self, device: None, owner: type) -> "Setting[T]": ...
    @overload
    def __get__(self, device: "DeviceSettings", owner: type) -> T: ...
    def __get__(self, device: "DeviceSettings | None", owner: type) -> "Setting[T] | T":
        if device is None:
            return self
        return self._read(device.store.value(self.key))

    def __set__(self, device: "DeviceSettings", value: T) -> None:
        if not isinstance(value, type(self.default)):
            raise TypeError(self.key)
        device.store.setValue(self.key, value.value if isinstance(value, Scheme) else value)

    def _read(self, raw: object) -> T:
        kind = type(self.default)
        if isinstance(self.default, bool):
            return kind(str(raw).lower() == "true") if raw is not None else self.default
        if isinstance(self.default, QByteArray):
            return raw if isinstance(raw, kind) else self.default
        try:
            return kind(str(raw))  # type: ignore[arg-type]  # an int or a Scheme from its text
        except ValueError:
            return self.default


class DeviceSettings:
    """All of them, in one ini file in the program's own folder."""

    scheme = Setting("look/scheme", Scheme.SYSTEM)
    text_size = Setting("look/text_size", 100)
    is_initials_only = Setting("look/initials_only", default=False)
    geometry = Setting("window/geometry", QByteArray())
    is_maximized = Setting("window/maximized", default=False)

    def __init__(self, file: Path | None = None) -> None:
        self.store = QSettings(str(file or paths.home() / "window.ini"), QSettings.Format.IniFormat)

    def keep(self) -> None:
        """Write them to the disk now."""
        self.store.sync()

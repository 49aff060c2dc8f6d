"""What somebody who helps with a fault needs to know: versions and states. No person, no count of them, no path."""

import platform
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import PySide6
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

import crisisdesk
from crisisdesk.i18n import _, ngettext
from crisisdesk.ui import theme
from crisisdesk.ui.help.place import Place
from crisisdesk.vault import engine
from crisisdesk.vault.slots import FORMAT
from crisisdesk.vault.upgrade import SCHEMA

if TYPE_CHECKING:
    from crisisdesk.desk.keeping_words import Standing

_DAY = timedelta(hours=24)


@dataclass(frozen=True)
class Line:
    """One fact: its name, and its value."""

    name: str
    value: str


def details(place: Place) -> str:
    """Return all facts as lines of text, exactly as they will be copied."""
    return "\n".join(f"{line.name}: {line.value}" for line in (*_program(), *_screen(place.window), *_vault(place)))


def _program() -> tuple[Line, ...]:
    is_packaged = getattr(sys, "frozen", False)
    how = _("packaged") if is_packaged else _("from its sources")
    versions = engine.versions()
    return (
        Line(crisisdesk.NAME, f"{crisisdesk.__version__}, {how}"),
        Line(_("System"), f"{_system()}, {platform.machine()}"),
        Line("Python", platform.python_version()),
        Line("Qt", PySide6.__version__),
        Line("SQLCipher", f"{versions.sqlcipher}, SQLite {versions.sqlite}"),
    )


def _system() -> str:
    """Return the system's name and version; neither a computer's nor a user's name is in it."""
    if sys.platform == "darwin":
        return f"macOS {platform.mac_ver()[0]}"
    if sys.platform == "win32":
        return f"Windows {platform.release()} ({platform.version()})"
    try:
        name = platform.freedesktop_os_release().get("PRETTY_NAME", "Linux")
    except OSError:
        name = "Linux"
    return f"{name}, {platform.release()}"


def _screen(window: QWidget) -> tuple[Line, ...]:
    scheme = _("dark") if theme.is_dark() else _("light")
    return (
        Line(
            _("Window"),
            _("{wide} by {high}, {scheme}, text {percent} %, screen × {ratio} ({platform})").format(
                wide=window.width(),
                high=window.height(),
                scheme=scheme,
                percent=round(theme.factor() * 100),
                ratio=f"{window.devicePixelRatioF():g}",
                platform=QGuiApplication.platformName(),
            ),
        ),
    )


def _vault(place: Place) -> tuple[Line, ...]:
    forms = Line(_("Knows vaults of"), _("key file {format}, tables {schema}").format(format=FORMAT, schema=SCHEMA))
    if place.desk is None:
        return (forms, Line(_("Vault"), _("locked, or not made yet")))
    standing = place.desk.safekeeping.standing()
    now = place.desk.clock.now()
    is_practice = place.desk.practice.get().is_practice_desk
    return (
        forms,
        Line(_("Vault"), _("open, for practice") if is_practice else _("open")),
        Line(_("Verified backup"), _age(standing.last_at, now)),
        Line(_("Copy elsewhere"), _age(standing.copied_at, now)),
        Line(_("Tried out"), _age(standing.drilled_at, now)),
        Line(_("To see to"), _trouble(standing)),
        Line(_("Hears that the computer is locked"), _yes_or_no(said=place.hears_system)),
    )


def _age(at: datetime | None, now: datetime) -> str:
    if at is None:
        return _("never")
    days = max(0, (now - at) // _DAY)
    return ngettext("{count} day ago", "{count} days ago", days).format(count=days) if days else _("within a day")


def _trouble(standing: "Standing") -> str:
    """Return what is wrong with the backups as codes: the sentence might name who holds a drive."""
    wrong = {
        _("no fresh backup"): standing.is_overdue,
        _("the last backup is gone"): standing.is_missing,
        _("the last backup failed"): bool(standing.problem),
        _("no fresh copy elsewhere"): standing.needs_copy,
    }
    return ", ".join(words for words, is_so in wrong.items() if is_so) or _("nothing")


def _yes_or_no(*, said: bool | None) -> str:
    return _("not asked") if said is None else _("yes") if said else _("no")

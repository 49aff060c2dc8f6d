"""Where she was when it locked: the page, and the forms that were half typed. Kept in the vault, and nowhere else."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crisisdesk.errors import DeskError
from crisisdesk.ui import half_asked

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from crisisdesk.desk import Desk
    from crisisdesk.ui.forms.kept import Kept
    from crisisdesk.ui.page import Context
    from crisisdesk.ui.window import Window

WINDOW = "window"  # the draft's name


@dataclass(frozen=True)
class LeftAt:
    """A page with the id that it was opened with, and the forms over it by name and ref, the one in front last."""

    page: str
    argument: str = ""
    forms: tuple[tuple[str, str], ...] = ()


def look(window: "Window") -> LeftAt | None:
    """Let every form keep what is typed in it, and return where she is; None without an open desk."""
    shell = window.shell
    if shell is None or shell.here is None:
        return None
    flush(window)
    return LeftAt(
        *shell.here,
        forms=tuple((kept.name, kept.ref) for kept in _open_forms(window) if kept.is_there or kept.is_behind),
    )


def flush(window: "Window") -> None:
    """Let every form keep what is typed in it."""
    from crisisdesk.ui.forms.form import Form  # noqa: PLC0415  the locked window has no forms

    for form in window.findChildren(Form):
        form.flush_draft()


def is_behind(window: "Window") -> bool:
    """Whether something half typed stands in an open form alone, since the vault can't take it."""
    if window.shell is None:
        return False
    flush(window)
    return any(kept.is_behind for kept in _open_forms(window))


def _open_forms(window: "Window") -> Iterator["Kept"]:
    from crisisdesk.ui.forms.kept import Kept  # noqa: PLC0415  as above
    from crisisdesk.ui.widgets.dialog import Dialog  # noqa: PLC0415

    card = window.shell.card if window.shell else None
    over: list[QWidget] = [*([card] if card else []), *Dialog.waiting()]
    for each in over:
        kept = getattr(each, "kept", None)
        if isinstance(kept, Kept):
            yield kept


def keep(desk: "Desk", left: LeftAt) -> None:
    """Keep in the vault where she is."""
    forms = [list(form) for form in left.forms]
    kept = {"page": left.page, "argument": left.argument, "forms": forms, "asked": half_asked.take_all()}
    desk.unsaved.keep(WINDOW, "", kept)


def take(desk: "Desk") -> LeftAt | None:
    """Return where she was, once."""
    found = desk.unsaved.find(WINDOW, "")
    if found is None:
        return None
    with suppress(DeskError):  # a full disk must not keep her out
        desk.unsaved.forget(WINDOW, "")
    page, argument, forms, asked = (found.values.get(name) for name in ("page", "argument", "forms", "asked"))
    if isinstance(asked, dict):
        half_asked.put_back(asked)
    if not (isinstance(page, str) and isinstance(argument, str) and isinstance(forms, list)):
        return None
    return LeftAt(page, argument, tuple((str(name), str(ref)) for name, ref in forms))


def open_forms(context: "Context", left: LeftAt) -> None:
    """Open the half-typed forms again, one over the other; a dialog waits here for its answer."""
    from crisisdesk.ui.pages.kept_forms import OPENERS  # noqa: PLC0415  as above

    for wanted in left.forms:
        for kept in context.desk.unsaved.kept():
            if (kept.form, kept.ref) == wanted:
                OPENERS[kept.form](context, kept)
                break

"""Where the keyboard is."""

from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def focused(within: QWidget) -> QWidget | None:
    """Return the widget of a window that has the focus, or would have it if the window were active."""
    return cast("QWidget | None", within.window().focusWidget())


def takes_tab(widget: QWidget) -> bool:
    """Whether Tab stops at a widget."""
    return widget.isVisible() and widget.isEnabled() and bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)


def first_stop(within: QWidget) -> QWidget | None:
    """Return the first widget inside another at which Tab stops."""
    return next((child for child in within.findChildren(QWidget) if takes_tab(child)), None)


def holds_focus(widget: QWidget) -> bool:
    """Whether a widget or something inside it has the focus."""
    here = focused(widget)
    return here is not None and (here is widget or widget.isAncestorOf(here))

"""Which pages, forms and dialogs the program has, so that none is left out of the pictures."""

import importlib
import pkgutil
from collections.abc import Iterable

import crisisdesk.ui
from crisisdesk.ui.forms.card import LargeCard
from crisisdesk.ui.page import Page
from crisisdesk.ui.pages import PAGES
from crisisdesk.ui.setup_steps import Step
from crisisdesk.ui.widgets.dialog import Dialog

_KINDS: tuple[type, ...] = (Page, LargeCard, Dialog, Step)


def to_be_shown() -> set[str]:
    """Return the names of everything that must be in a picture: pages, large cards, dialogs, first steps."""
    for module in pkgutil.walk_packages(crisisdesk.ui.__path__, "crisisdesk.ui."):
        importlib.import_module(module.name)
    return {_name(kind) for top in _KINDS for kind in _leaves(top)}


def names_of(kinds: Iterable[type]) -> set[str]:
    """Return the names of what was in a picture."""
    return {_name(kind) for kind in kinds if issubclass(kind, _KINDS)}


def page_ids() -> set[str]:
    """Return the ids in the table of pages."""
    return {entry.id for entry in PAGES}


def _leaves(kind: type) -> list[type]:
    below: list[type] = kind.__subclasses__()
    return [leaf for each in below for leaf in _leaves(each)] if below else [kind]


def _name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"

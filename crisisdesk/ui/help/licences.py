"""Whose work is in the program: our licence, and the list of the parts that came with the installer."""

from crisisdesk.i18n import _
from crisisdesk.resources import resource

_SHIPPED = ("THIRD-PARTY.txt", "LICENSE")


def texts() -> str:
    """Return the list of parts and our licence, as the installer brought them; a sentence where it did not."""
    found = [text for text in (_shipped(name) for name in _SHIPPED) if text]
    if found:
        return "\n\n\n".join(found)
    return _(
        "CrisisDesk is free under the Apache License 2.0. The list of the parts in it, with the licence of each, "
        "comes with the installers; a copy that runs from its sources has none."
    )


def _shipped(name: str) -> str:
    try:
        return resource("about", name).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return ""

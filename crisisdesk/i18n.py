"""Words in the user's language; a packet can print in the client's while the window stays in hers."""

import gettext
from functools import lru_cache

from crisisdesk.resources import resource

DOMAIN = "crisisdesk"


@lru_cache(maxsize=8)
def catalogue(language: str) -> gettext.NullTranslations:
    """Return the texts of a language ("es"), falling back to the English in the code."""
    return gettext.translation(DOMAIN, resource("locale"), languages=[language], fallback=True)


def _(message: str) -> str:
    """Return the message in the window's language. Fill gaps afterwards: ``_("… {name}").format(name=…)``."""
    return catalogue("en").gettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    """Return the form of a message that fits the count."""
    return catalogue("en").ngettext(one, many, count)


def N_(message: str) -> str:  # noqa: N802  gettext's own name for "mark, translate later"
    """Mark a message in a table for translation; ``_()`` translates it where it is shown."""
    return message

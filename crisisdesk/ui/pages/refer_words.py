"""The Refer page's sentences that change with a client's pronouns. They are whole, so each language builds its own."""

from collections.abc import Callable
from dataclasses import dataclass

from crisisdesk.i18n import N_, ngettext


@dataclass(frozen=True, kw_only=True)
class ReferWords:
    """What the Refer page says about a client of these pronouns."""

    need: str
    fits: Callable[[int], str]  # how many services take such a client, with a gap for the count
    story: str
    wants: str
    has: str
    agreed: str
    pages_for: str
    for_client: str


_SHE = ReferWords(
    need=N_("What does she need?"),
    fits=lambda count: ngettext("{count} takes someone like her", "{count} take someone like her, best first", count),
    story=N_("What she wants, has, what was tried"),
    wants=N_("She &wants"),
    has=N_("She &has"),
    agreed=N_("She agreed"),
    pages_for=N_("{pages} and {count} for her"),
    for_client=N_("For {name}, stapled apart"),
)
_HE = ReferWords(
    need=N_("What does he need?"),
    fits=lambda count: ngettext("{count} takes someone like him", "{count} take someone like him, best first", count),
    story=N_("What he wants, has, what was tried"),
    wants=N_("He &wants"),
    has=N_("He &has"),
    agreed=N_("He agreed"),
    pages_for=N_("{pages} and {count} for him"),
    for_client=N_("For {name}, stapled apart"),
)
_THEY = ReferWords(
    need=N_("What do they need?"),
    fits=lambda count: ngettext("{count} takes someone like them", "{count} take someone like them, best first", count),
    story=N_("What they want, have, what was tried"),
    wants=N_("They &want"),
    has=N_("They &have"),
    agreed=N_("They agreed"),
    pages_for=N_("{pages} and {count} for them"),
    for_client=N_("For {name}, stapled apart"),
)
_WORDS = {"she": _SHE, "he": _HE}


def refer_words(pronouns: str) -> ReferWords:
    """Return the words for pronouns as typed ("she/her"); the first word decides, "they" serves where none is known."""
    first = pronouns.replace("/", " ").replace(",", " ").split()[:1]
    return _WORDS.get(first[0].casefold(), _THEY) if first else _THEY

"""What a code of a coded list is, and HUD's three ways of not knowing that end every list about a person."""

from enum import StrEnum
from typing import Self

from crisisdesk.i18n import N_, _


class Choice(StrEnum):
    """One code of a list. ``str(choice)`` is the code; ``choice.label`` is for people."""

    words: str

    def __new__(cls, code: str, words: str = "") -> Self:
        """Make a member from its code and its English label."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.words = words
        return member

    @property
    def label(self) -> str:
        """The words for the screen, in the window's language."""
        return _(self.words)


DOES_NOT_KNOW = ("8", N_("Client doesn’t know"))
PREFERS_NOT = ("9", N_("Prefers not to say"))
NOT_ASKED = ("99", N_("Not asked"))

NOT_KNOWN = frozenset(code for code, _words in (DOES_NOT_KNOW, PREFERS_NOT, NOT_ASKED))

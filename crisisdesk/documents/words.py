"""The sentences that change with a client's pronouns. They are whole, so that each language can build its own."""

from dataclasses import dataclass

from crisisdesk.i18n import N_


@dataclass(frozen=True, kw_only=True)
class ClientWords:
    """What a form says about a client of these pronouns."""

    who: str
    reach: str
    wishes: str
    wants: str
    has: str
    call_safely: str
    call_us_first: str
    cannot_take: str


_SHE = ClientWords(
    who=N_("Who she is"),
    reach=N_("How to reach her safely"),
    wishes=N_("What she wants, what was tried"),
    wants=N_("She wants"),
    has=N_("She has"),
    call_safely=N_("Call her on the {safe_number}, and only as it says there."),
    call_us_first=N_("Please call us before you try to reach her."),
    cannot_take=N_("If you can’t take her, tell us why. We will find another place the same day."),
)
_HE = ClientWords(
    who=N_("Who he is"),
    reach=N_("How to reach him safely"),
    wishes=N_("What he wants, what was tried"),
    wants=N_("He wants"),
    has=N_("He has"),
    call_safely=N_("Call him on the {safe_number}, and only as it says there."),
    call_us_first=N_("Please call us before you try to reach him."),
    cannot_take=N_("If you can’t take him, tell us why. We will find another place the same day."),
)
_THEY = ClientWords(
    who=N_("Who they are"),
    reach=N_("How to reach them safely"),
    wishes=N_("What they want, what was tried"),
    wants=N_("They want"),
    has=N_("They have"),
    call_safely=N_("Call them on the {safe_number}, and only as it says there."),
    call_us_first=N_("Please call us before you try to reach them."),
    cannot_take=N_("If you can’t take them, tell us why. We will find another place the same day."),
)
_CLIENT = ClientWords(
    who=N_("About the client"),
    reach=N_("How to reach the client safely"),
    wishes=N_("What is wanted, what was tried"),
    wants=N_("Wants"),
    has=N_("Has"),
    call_safely=N_("Call the client on the {safe_number}, and only as it says there."),
    call_us_first=N_("Please call us before you try to reach the client."),
    cannot_take=N_("If you can’t take the client, tell us why. We will find another place the same day."),
)
_WORDS = {"she": _SHE, "he": _HE, "they": _THEY}


def client_words(pronouns: str) -> ClientWords:
    """Return the words for pronouns as typed ("she/her"); of several, the first named; for all others, "the client"."""
    first = pronouns.replace("/", " ").replace(",", " ").split()[:1]
    return _WORDS.get(first[0].casefold(), _CLIENT) if first else _CLIENT

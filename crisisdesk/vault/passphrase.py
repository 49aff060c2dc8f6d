"""What a passphrase must be, how hard it is to guess, and six words for whoever has none.

Rules: Unicode NFC, then UTF-8; nothing trimmed, nothing cut off, at most 1024 bytes; at least 15 characters; no rule
about capitals or digits; pasting is fine. Refused is what is guessed early: an attacker with a copy of the files
tries the common ones first. The estimate is zxcvbn's (30,000 common passwords, names, words, keyboard runs, dates,
repeats, look-alike digits), told two more things: the words around her (own name, department, this program) and
well-known sayings. zxcvbn takes each space for a random sign, which flatters sentences, so the text is also judged in
small letters without them, and the worse counts.
"""

import math
import re
import secrets
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from crisisdesk.errors import Invalid
from crisisdesk.i18n import N_, _
from crisisdesk.resources import resource
from crisisdesk.vault.keys import wipe

LEAST_CHARACTERS = 15
MOST_BYTES = 1024

_FIELD = "passphrase"
_JUDGED = 72  # characters; zxcvbn's time grows with the square, and a longer text is no weaker than its start
_SHORTEST_OWN_WORD = 3  # letters
_SHORTEST_START = 3  # words of a saying
_OUR_WORDS = ("crisisdesk", "crisis", "desk", "clinician", "counselor", "police", "department", "vault", "passphrase")
_SEPARATORS = re.compile(r"[\W_]+")


class Level(StrEnum):
    """How hard a passphrase is to guess."""

    TOO_EASY = "too easy"
    FAIR = "fair"
    HARD = "hard"
    VERY_HARD = "very hard"


# Guesses (log10) up to which a level holds. Argon2id at 256 MiB leaves an attacker with very many machines perhaps a
# million guesses a second: 10^10 is gone in three hours, 10^14 in three years, 10^18 never. Six words are worth 10^23.
_LEVELS = (
    (10.0, Level.TOO_EASY, N_("Too easy to guess")),
    (14.0, Level.FAIR, N_("Fair: one more uncommon word makes it hard to guess")),
    (18.0, Level.HARD, N_("Hard to guess")),
    (math.inf, Level.VERY_HARD, N_("Very hard to guess")),
)

_REASONS = {
    "repeat": N_("It repeats the same letters or the same word, which is guessed early."),
    "sequence": N_("It counts or runs along the alphabet, which is guessed early."),
    "spatial": N_("It runs along the keyboard, which is guessed early."),
    "date": N_("It is mostly a date, which is guessed early."),
    "regex": N_("It is mostly a date, which is guessed early."),
    "passwords": N_("It is made of the most common passwords, or of words in them, which are tried first."),
    "user_inputs": N_("It is a well-known saying or made of words about you and your work, which are tried first."),
}
_ANY_REASON = N_("It is made of a few common words or names, which are guessed early.")


@dataclass(frozen=True)
class Strength:
    """How hard a text is to guess: level, its label for her, estimated guesses (log10), and why if it is too easy."""

    level: Level
    label: str
    guesses_log10: float
    reason: str


def encode(text: str) -> bytearray:
    """Return the bytes that open the slot. The caller wipes them.

    The same letters typed on a Mac and on Windows come as different code points; NFC makes them one.
    Raises Invalid ("passphrase") if the text is too long, or holds half of a surrogate pair.
    """
    try:
        encoded = bytearray(unicodedata.normalize("NFC", text), "utf-8")
    except UnicodeEncodeError:
        raise Invalid({_FIELD: _("This holds a sign that can't be kept. Type it again without that sign.")}) from None
    if len(encoded) > MOST_BYTES:
        wipe(encoded)
        raise Invalid({_FIELD: _("This is too long. Use at most 250 characters.")})
    return encoded


def check_passphrase(text: str, *, own_words: Iterable[str] = ()) -> None:
    """Refuse a new passphrase that is too short, too long or guessed early.

    ``own_words`` are names around her: her own, the department's, the town's. Raises Invalid ("passphrase").
    """
    wipe(encode(text))
    count = len(unicodedata.normalize("NFC", text))
    if count < LEAST_CHARACTERS:
        raise Invalid(
            {
                _FIELD: _("Use at least {least} characters; there are {count} so far.").format(
                    least=LEAST_CHARACTERS, count=count
                )
            }
        )
    judged = strength(text, own_words=own_words)
    if judged.level is Level.TOO_EASY:
        raise Invalid({_FIELD: judged.reason})


def strength(text: str, *, own_words: Iterable[str] = ()) -> Strength:
    """Estimate how hard a text is to guess; a few milliseconds."""
    known = [*_own(own_words), *_well_known()]
    start = unicodedata.normalize("NFC", text)[:_JUDGED]
    worst = min(
        (_judge(form, known) for form in {start, _SEPARATORS.sub("", start).casefold()}), key=lambda found: found[0]
    )
    guesses, reason = worst
    level, label = next((level, label) for most, level, label in _LEVELS if guesses < most)
    return Strength(level, _(label), guesses, _(reason) if level is Level.TOO_EASY else "")


def suggest_words(count: int = 6) -> tuple[str, ...]:
    """Choose different words at random, 12.9 bits each; joined by spaces they are a passphrase."""
    return tuple(secrets.SystemRandom().sample(words(), count))


@lru_cache(maxsize=1)
def words() -> tuple[str, ...]:
    """Return the words that a suggestion is drawn from: EFF's large list without those unfit for her desk."""
    left_out = frozenset(_lines("left-out.txt"))
    return tuple(word for word in _lines("eff-large.txt") if word not in left_out)


def _judge(text: str, known: list[str]) -> tuple[float, str]:
    """Return the guesses (log10) and why they are few, by the pattern that covers most of the text."""
    from zxcvbn import zxcvbn  # noqa: PLC0415  its lists take 55 ms and 12 MB, which only setting a passphrase needs

    if not text:
        return 0.0, _ANY_REASON
    found = zxcvbn(text, user_inputs=known)
    covered: Counter[str] = Counter()
    for part in found["sequence"]:
        covered[str(part.get("dictionary_name") or part["pattern"])] += len(part["token"])
    del covered["bruteforce"]  # what zxcvbn found no pattern in
    kind = max(covered, key=lambda name: covered[name], default="")
    return float(found["guesses_log10"]), _REASONS.get(kind, _ANY_REASON)


def _own(own_words: Iterable[str]) -> list[str]:
    """Return the words about her and ours, each by itself and each name as a whole."""
    found: list[str] = []
    for name in (*own_words, *_OUR_WORDS):
        parts = [part.casefold() for part in _SEPARATORS.split(name) if part]
        found += [word for word in (*parts, "".join(parts)) if len(word) >= _SHORTEST_OWN_WORD]
    return list(dict.fromkeys(found))


@lru_cache(maxsize=1)
def _well_known() -> tuple[str, ...]:
    """Return the sayings and their beginnings, without spaces as the text is judged."""
    sayings = (line.split(" ") for line in _lines("well-known.txt"))
    starts = ("".join(saying[:end]) for saying in sayings for end in range(_SHORTEST_START, len(saying) + 1))
    return tuple(dict.fromkeys(starts))


def _lines(name: str) -> tuple[str, ...]:
    return tuple(resource("wordlists", name).read_text(encoding="utf-8").split("\n")[:-1])

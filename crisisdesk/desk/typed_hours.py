"""Read opening hours as a person types them: "Mon-Fri 9-5, Sat 10-2, last intake 16:00"."""

import re
from collections.abc import Mapping, Sequence

from crisisdesk.desk.hours import DAY, Opening

_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_LETTERS = {"m": 0, "t": 1, "w": 2, "r": 3, "f": 4}
_NOON = 12 * 60
_EARLY = 6 * 60  # who opens earlier writes "5 am" or "05"; "1-5" is in the afternoon
_WEEK = frozenset(range(7))
_EVERY_DAY = ",".join(_CODES)
_WHOLE_DAY = ("00:00", "23:59")
_GROUPS: Mapping[str, frozenset[int]] = {
    "every day": _WEEK,
    "everyday": _WEEK,
    "daily": _WEEK,
    "7 days a week": _WEEK,
    "7 days": _WEEK,
    "weekdays": frozenset(range(5)),
    "weekends": frozenset({5, 6}),
    "weekend": frozenset({5, 6}),
}
_ALL_DAY = re.compile(r"(?:24/7|24 ?hours?|24 ?h|around the clock|open 24)", re.IGNORECASE)
_TIME = r"\b(\d{1,2})(?:[:.](\d{2}))?\s*([ap]\.?\s?m\b\.?|[ap]\b)?|(noon|midnight)"
_RANGE = re.compile(rf"(?:{_TIME})\s*(?:-|–|—|to|till|until)\s*(?:{_TIME})", re.IGNORECASE)
_DAY = re.compile(r"(mo|tu|we|th|fr|sa|su)[a-z]*\.?|\b[mtwrf]\b", re.IGNORECASE)
_TYPED_NTH = re.compile(r"(1st|2nd|3rd|4th|first|second|third|fourth|last)\s+", re.IGNORECASE)
_TYPED_NUMBERS = {"1": "1", "2": "2", "3": "3", "4": "4", "f": "1", "s": "2", "t": "3", "l": "-1"}
_DAY_RANGE = re.compile(rf"\s*(?:-|–|—|to|through|thru)\s*(?={_DAY.pattern})", re.IGNORECASE)
_LISTED = re.compile(rf"({_DAY.pattern})\s*(?:,|&|\+|\band\b)\s*(?={_DAY.pattern})", re.IGNORECASE)


def read_week(text: str) -> tuple[Opening, ...]:
    """Read typed hours as rows; what isn't hours becomes a note, so that no word is lost.

    "9-5" means nine in the morning to five in the afternoon, "20-8" overnight, "05-08" early in the morning. Times
    without a day belong to the days before them.
    """
    rows: list[Opening] = []
    notes: list[str] = []
    days, waiting = "", ""  # the last days said; days said alone, until it is clear what they are about
    for piece in _pieces(text):
        spans, words = _read_times(piece)
        named = _read_days(words) if words else (days or (_EVERY_DAY if spans == [_WHOLE_DAY] else ""))
        if not spans or not named:
            notes += [waiting] if waiting else []
            waiting, days = (piece, named) if named and not spans else ("", days)
            notes += [] if waiting else [piece]
            continue
        days, waiting = named, ""
        freq = "MONTHLY" if any(character.isdigit() for character in days) else "WEEKLY"
        rows += [Opening(freq=freq, byday=days, opens_at=opens, closes_at=closes) for opens, closes in spans]
    if not rows:
        return (Opening(description=text.strip()),) if text.strip() else ()
    note = ", ".join((*notes, waiting) if waiting else notes)
    return (*rows, Opening(description=note)) if note else tuple(rows)


def _pieces(text: str) -> list[str]:
    """Split where one statement ends: at commas and brackets, but not within a list of days ("Mon, Wed, Fri")."""
    whole = _LISTED.sub(lambda found: found[1] + " & ", text)
    return [piece.strip(" .") for piece in re.split(r"[,;()\n]+", whole) if piece.strip(" .")]


def _read_times(piece: str) -> tuple[list[tuple[str, str]], str]:
    """Return the times of a piece, and the words beside them."""
    spans = [_WHOLE_DAY] if _ALL_DAY.search(piece) else []
    rest = _ALL_DAY.sub(" ", piece)
    for found in _RANGE.finditer(rest):
        span = _read_range(found.groups())
        if span is None:
            return [], piece
        spans.append(span)
    words = re.sub(r"\b(?:open|hours|from|and)\b|:", " ", _RANGE.sub(" ", rest), flags=re.IGNORECASE)
    return spans, " ".join(words.split()).strip(" &")


def _read_range(found: Sequence[str | None]) -> tuple[str, str] | None:
    opens, closes = _read_time(found[:4]), _read_time(found[4:])
    if opens is None or closes is None:
        return None
    opens_marked, closes_marked = _is_marked(found[:4]), _is_marked(found[4:])
    if not closes_marked and 0 < closes <= opens <= _NOON:
        closes += _NOON  # "9-5", "noon-4"
    elif not opens_marked and not closes_marked and opens < _EARLY and closes <= _NOON:
        opens, closes = opens + _NOON, closes + _NOON  # "1-5"
    elif not opens_marked and (found[6] or "").lower().startswith("p") and opens + _NOON < closes:
        opens += _NOON  # "1-5 pm", but not "9-5 pm"
    return _clock(opens), "23:59" if closes == DAY else _clock(closes)


def _is_marked(found: Sequence[str | None]) -> bool:
    """Whether a time says which half of the day it means: "5 pm", "noon", "05"."""
    hour, _minute, half, word = found
    return bool(half or word or (hour or "").startswith("0"))


def _read_time(found: Sequence[str | None]) -> int | None:
    hour_text, minute_text, half, word = found
    if word:
        return _NOON if word.lower() == "noon" else DAY
    hour, minute = int(hour_text or 0), int(minute_text or 0)
    if half:
        if not 1 <= hour <= 12:  # noqa: PLR2004  a half day has twelve hours
            return None
        hour = hour % 12 + (12 if half.lower().startswith("p") else 0)
    value = hour * 60 + minute
    return value if value <= DAY and minute < 60 else None  # noqa: PLR2004  minutes of an hour


def _clock(minute: int) -> str:
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}"


def _read_days(words: str) -> str:
    """Return "MO,TU,WE" for days in words, "2MO" for the second Monday; "" if anything else is said."""
    group = _GROUPS.get(words.lower())
    if group:
        return ",".join(_CODES[day] for day in sorted(group))
    nth = _TYPED_NTH.match(words)
    if nth:
        day = _DAY.fullmatch(words[nth.end() :])
        number = _nth_number(nth[1].lower())
        return f"{number}{_CODES[_day(day[0])]}" if day else ""
    chosen: set[int] = set()
    for piece in re.split(r"\s*&\s*|\s+", _DAY_RANGE.sub("-", words)):
        ends = [_DAY.fullmatch(end) for end in piece.split("-")]
        if not all(ends) or len(ends) > 2:  # noqa: PLR2004  a range has two ends
            return ""
        first, last = (_day(end[0]) for end in (ends[0], ends[-1]) if end)
        chosen.update(range(first, last + 1) if first <= last else {*range(first, 7), *range(last + 1)})
    return ",".join(_CODES[day] for day in sorted(chosen))


def _nth_number(word: str) -> str:
    return "4" if word.startswith("fo") else _TYPED_NUMBERS[word[0]]


def _day(word: str) -> int:
    """Return a weekday's number (Monday is 0) from "Mon", "tuesday" or "W"."""
    short = word.lower().rstrip(".")
    return _LETTERS[short] if len(short) == 1 else _CODES.index(short[:2].upper())

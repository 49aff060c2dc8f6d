"""Turn bytes into text, whatever they were written with, and keep out of it what breaks files, screens and searches."""

import codecs
import html
import re
import unicodedata
from dataclasses import dataclass

from charset_normalizer import from_bytes

from crisisdesk.i18n import N_

_BOMS = (  # UTF-32 before UTF-16: its mark begins with the other's
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 4096  # bytes by which UTF-16 without a mark is known
_GUESSED = 65536  # bytes that the guess of a rare encoding looks at

_WINDOWS_NOTE = N_("The file is not in UTF-8; it was read as Windows text. If accents look wrong, ask for UTF-8.")
_MAC_NOTE = N_("The file is not in UTF-8; it was read as text of an old Mac. If accents look wrong, ask for UTF-8.")
_MIXED_NOTE = N_("A few letters are not in UTF-8 like the rest; they were read as Windows text.")
_GUESS_NOTE = N_("The file is not in UTF-8; how it was written had to be guessed. Please look at names with accents.")
_LOST_NOTE = N_("A few letters could not be read; they show as �.")

# C0 and C1 controls but tab and newline; bidirectional overrides, which make a text show other than it reads;
# lone surrogates, which no file can hold.
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
# From the first blank of a run only: tried from each, a cell of blanks alone takes seconds.
_LINE_END_BLANKS = re.compile(r"(?<![ \t\xa0])[ \t\xa0]++(?=\n)")
_MANY_BLANK_LINES = re.compile(r"\n{3,}")

_MARKUP = re.compile(r"</?(?:p|br|div|ul|ol|li|b|i|u|em|strong|a|span|h[1-6])\b[^<>]{0,500}>", re.IGNORECASE)
_BREAKS = re.compile(r"<(?:br ?/?|/(?:p|div|li|h[1-6]))>", re.IGNORECASE)
_ENTITY = re.compile(
    r"&(?:amp|nbsp|quot|apos|lt|gt|[lr]squo|[lr]dquo|[mn]dash|bull|#\d{1,6}|#x[0-9a-f]{1,5});", re.IGNORECASE
)
_LIST_ITEM = re.compile(r"<li\b[^<>]{0,500}>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text with plain newlines, and a sentence (untranslated) where its encoding had to be guessed."""

    text: str
    note: str = ""


def decode(data: bytes) -> Decoded:
    """Read bytes as text: UTF-8, UTF-16 or UTF-32 by their marks, else Windows or Mac text.

    A file that is UTF-8 but for a few bytes (two exports pasted together) keeps its UTF-8 and reads those as Windows.
    """
    found = _unicode(data) or _old(data)
    text = found.text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return Decoded(text, found.note)


def _unicode(data: bytes) -> Decoded | None:
    for mark, name in _BOMS:
        if data.startswith(mark):
            return _replaced(data, name)
    sample = data[:_SAMPLE]
    if sample.count(0) > len(sample) // 4:  # Latin text in UTF-16 is every other byte zero
        return _replaced(data, "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be")
    try:
        return Decoded(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return None


def _replaced(data: bytes, name: str) -> Decoded:
    text = data.decode(name, "replace").lstrip("\ufeff")
    return Decoded(text, _LOST_NOTE if "\ufffd" in text else "")


def _old(data: bytes) -> Decoded:
    """Read bytes that are not UTF-8.

    Guessing libraries take short Windows text for Central European ("Øyvind" became "Řyvind"), so they come last.
    """
    mostly = data.decode("utf-8-sig", "surrogateescape")
    bad = len(_SURROGATE.findall(mostly))
    good = len(_NOT_ASCII.findall(mostly)) - bad
    if good > bad:
        return Decoded(_SURROGATE.sub(_as_windows, mostly), _MIXED_NOTE)
    if b"\r" in data and b"\n" not in data:
        return Decoded(data.decode("mac_roman"), _MAC_NOTE)
    try:
        return Decoded(data.decode("cp1252"), _WINDOWS_NOTE)
    except UnicodeDecodeError:
        best = from_bytes(data[:_GUESSED]).best()
        return Decoded(data.decode(best.encoding if best else "latin-1", "replace"), _GUESS_NOTE)


def _as_windows(match: re.Match[str]) -> str:
    return bytes([ord(match.group()) - 0xDC00]).decode("cp1252", "replace")


def clean(text: str) -> str:
    """Return a cell's text without controls, padding and runs of blank lines; the words stay as they were."""
    if text.isascii() and text.isprintable():
        return text.strip()
    text = _SURROGATE.sub("\ufffd", _UNWANTED.sub("", text))
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    if "\n" in text:
        text = _MANY_BLANK_LINES.sub("\n\n", _LINE_END_BLANKS.sub("", text))
    return text.strip()


def unescaped(text: str) -> str:
    """Return a text with the signs that a web page would show: ``Food &amp; Friends``."""
    return clean(html.unescape(text)) if "&" in text and _ENTITY.search(text) else text


def plain(text: str) -> str:
    """Return text that was written for a web page without its markup; any other text is returned as it is."""
    if "<" in text and _MARKUP.search(text):
        text = clean(_MARKUP.sub("", _LIST_ITEM.sub("\n– ", _BREAKS.sub("\n", text))))
    return unescaped(text)

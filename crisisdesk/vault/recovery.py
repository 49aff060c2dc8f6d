"""The printed way back in: 130 random bits and a 20-bit check as 30 signs, six groups of five.

The signs are Crockford's base 32 (digits and letters without I, L, O, U), five bits each. The first 26 are random,
the last four are the first 20 bits of SHA-256 of "crisisdesk/v1/recovery" and the 26 signs in ASCII. The secret of
the slot is the 30 signs in ASCII, capitals, without dashes.

Read with patience: small letters, spaces and dashes don't matter, O is 0, I and L are 1. The check says what is
mistyped, so that she doesn't wait for a key derivation to be told no.
"""

import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Iterator

from crisisdesk.errors import Invalid
from crisisdesk.i18n import _

_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_RANDOM = 26  # signs
_CHECK = 4  # signs
_LENGTH = _RANDOM + _CHECK
_GROUP = 5
_LOOKALIKES = str.maketrans("OIL", "011")
_LABEL = b"crisisdesk/v1/recovery"


class RecoveryCode:
    """One printed code. Its repr does not show it; ``str(code)`` is for the sheet."""

    __slots__ = ("_signs",)

    def __init__(self, signs: str) -> None:
        """Take 30 signs that fit their check; ``random`` and ``parse`` make them."""
        if len(signs) != _LENGTH or not _fits(signs):
            raise ValueError("Not a recovery code.")
        self._signs = signs

    @classmethod
    def random(cls) -> "RecoveryCode":
        """Make a new code from the system's random source."""
        chosen = "".join(secrets.choice(_SIGNS) for _place in range(_RANDOM))
        return cls(chosen + _check(chosen))

    @classmethod
    def parse(cls, text: str) -> "RecoveryCode":
        """Read a code as she typed it.

        Raises Invalid ("recovery") with what is off: too short, too long, a sign that no code has, or in which group
        something is mistyped.
        """
        signs = _cleaned(text)
        problem = _problem(signs)
        if problem:
            raise Invalid({"recovery": problem})
        return cls(signs)

    @property
    def groups(self) -> tuple[str, ...]:
        """The six groups of five signs."""
        return tuple(self._signs[start : start + _GROUP] for start in range(0, _LENGTH, _GROUP))

    def secret(self) -> bytearray:
        """Return the bytes that open the slot. The caller wipes them."""
        return bytearray(self._signs, "ascii")

    def __str__(self) -> str:
        return "-".join(self.groups)

    def __repr__(self) -> str:
        return "RecoveryCode(…)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RecoveryCode) and hmac.compare_digest(self._signs, other._signs)

    def __hash__(self) -> int:
        return hash(self._signs)


def _cleaned(text: str) -> str:
    """Return the signs meant: capitals, no spaces or dashes of any kind, look-alikes and wide forms settled."""
    folded = unicodedata.normalize("NFKC", text).upper().translate(_LOOKALIKES)
    return "".join(sign for sign in folded if not sign.isspace() and unicodedata.category(sign) not in {"Pd", "Cf"})


def _problem(signs: str) -> str:
    """Return what is off, as a sentence for her, or nothing."""
    if not signs:
        return _("Type the 30 letters and digits of the printed recovery code.")
    for place, sign in enumerate(signs):
        if sign not in _SIGNS:
            return _("Group {group} holds a sign that no recovery code has. Compare it with the sheet.").format(
                group=place // _GROUP + 1
            )
    if len(signs) < _LENGTH:
        return _("The code has 30 letters and digits; {count} are typed so far.").format(count=len(signs))
    if len(signs) > _LENGTH:
        return _("The code has 30 letters and digits; {count} are typed. Is something typed twice?").format(
            count=len(signs)
        )
    return "" if _fits(signs) else _mistyped(signs)


def _mistyped(signs: str) -> str:
    groups = {place // _GROUP + 1 for place, meant in _slips(signs) if _fits(meant)}
    if len(groups) == 1:
        return _("A letter or digit in group {group} is mistyped. Compare it with the sheet.").format(
            group=groups.pop()
        )
    return _("One of the letters or digits is mistyped. Compare each group with the sheet.")


def _slips(signs: str) -> Iterator[tuple[int, str]]:
    """Yield where one slip may be and what was meant: one wrong sign, or two neighbours swapped. About a thousand."""
    for place in range(_LENGTH):
        for sign in _SIGNS:
            yield place, signs[:place] + sign + signs[place + 1 :]
    for place in range(_LENGTH - 1):
        yield place, signs[:place] + signs[place + 1] + signs[place] + signs[place + 2 :]


def _fits(signs: str) -> bool:
    return _check(signs[:_RANDOM]) == signs[_RANDOM:]


def _check(chosen: str) -> str:
    digest = hashlib.sha256(_LABEL + chosen.encode("ascii")).digest()
    bits = int.from_bytes(digest[:4]) >> 12
    return "".join(_SIGNS[bits >> shift & 31] for shift in (15, 10, 5, 0))

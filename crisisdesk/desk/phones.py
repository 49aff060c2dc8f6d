"""Telephone numbers: kept as typed, shown in one form."""

import re

import phonenumbers

_REGION = "US"
_LOCAL_DIGITS = 7
_EXTENSION = re.compile(r"\s*(?:ext\.?|extension|x|#)\s*(\d{1,7})\s*$", re.IGNORECASE)


def show_phone(text: str) -> str:
    """Return a number in the form in which every page shows it: "(512) 555-0142", "555-0142", "+44 20 7946 0018".

    What can't be read as a number is returned as typed, without the space around it.
    """
    typed = text.strip()
    bare, extension = _without_extension(typed)
    digits = "".join(char for char in bare if char.isdigit())
    if _is_written_with_letters(bare):
        return typed
    if len(digits) == _LOCAL_DIGITS and not bare.startswith("+"):
        return f"{digits[:3]}-{digits[3:]}{extension}"
    try:
        number = phonenumbers.parse(bare, _REGION)
    except phonenumbers.NumberParseException:
        return typed
    if not phonenumbers.is_possible_number(number):
        return typed
    at_home = number.country_code == phonenumbers.country_code_for_region(_REGION)
    form = phonenumbers.PhoneNumberFormat.NATIONAL if at_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, form) + extension


def phone_digits(text: str) -> str:
    """Return the digits that a search compares: without the country's 1 and without an extension."""
    digits = "".join(char for char in _without_extension(text.strip())[0] if char.isdigit())
    return digits[1:] if len(digits) == 11 and digits.startswith("1") else digits  # noqa: PLR2004  1 + ten digits


def _without_extension(text: str) -> tuple[str, str]:
    found = _EXTENSION.search(text)
    return (text[: found.start()], f" ext. {found.group(1)}") if found else (text, "")


def _is_written_with_letters(text: str) -> bool:
    return any(char.isalpha() for char in text)

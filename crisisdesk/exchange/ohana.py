"""What the files of Ohana and iCarol hold in their own way, brought to plain words."""

import re

from crisisdesk.exchange.values import items, truth

ACCESSIBILITY = {  # Ohana API, "accessibility"
    "cd": "Information on CD",
    "deaf_interpreter": "Interpreter for the deaf",
    "disabled_parking": "Disabled parking",
    "elevator": "Elevator",
    "ramp": "Ramp",
    "restroom": "Accessible restroom",
    "tape_braille": "Information on tape or in Braille",
    "tty": "TTY",
    "wheelchair": "Wheelchair access",
    "wheelchair_van": "Wheelchair van",
}

# iCarol heads the paragraphs of one long text with labels. The first says nothing; the bus line is worth its own place.
_OVERVIEW = re.compile(r"\A(?:OVERVIEW|DESCRIPTION)\s*:\s*")
_WAY_THERE = re.compile(r"^[ \t]*(?:BUS(?: LINES?)?|TRANSPORTATION|DIRECTIONS)\s*:\s*(\S.{2,300})$", re.MULTILINE)
_NO_LABEL = re.compile(r"(?:phone|number|line)\s*\d*", re.IGNORECASE)  # "Phone 1" tells nobody anything

_PHONE_TYPES = {  # what publishers write → records.choices.PhoneType
    "voice": "voice",
    "phone": "voice",
    "main": "voice",
    "office": "voice",
    "toll free": "voice",
    "landline": "voice",
    "fax": "fax",
    "fax number": "fax",
    "tty": "textphone",
    "tdd": "textphone",
    "tty/tdd": "textphone",
    "tdd/tty": "textphone",
    "textphone": "textphone",
    "text": "text",
    "sms": "text",
    "cell": "cell",
    "cellular": "cell",
    "mobile": "cell",
    "video": "video",
    "pager": "pager",
    "hotline": "hotline",
    "crisis line": "hotline",
    "crisis": "hotline",
    "helpline": "hotline",
    "24-hour hotline": "hotline",
    "intake": "intake",
}


def description(text: str) -> str:
    """Return a description without iCarol's first label."""
    return _OVERVIEW.sub("", text)


def way_there(text: str) -> str:
    """Return the bus lines or directions that a description names in a paragraph of their own, or nothing."""
    return " ".join(dict.fromkeys(match.strip() for match in _WAY_THERE.findall(text)))


def accessibility(cell: str) -> list[str]:
    """Return what a location offers, from Ohana's list of codes; other words stay as they are."""
    return [ACCESSIBILITY.get(item.lower().replace(" ", "_"), item) for item in items(cell)]


def phone_type(given: str, description: str) -> str:
    """Return what kind of number it is: as given, unless it is "voice" and its label says better."""
    kind = _PHONE_TYPES.get(given.lower().strip(), "")
    label = _PHONE_TYPES.get(description.lower().strip(" .:"), "")
    return label or kind or "voice" if kind in ("", "voice") else kind


def phone_label(text: str) -> str:
    """Return what a number is for, unless its label is only a count."""
    return "" if _NO_LABEL.fullmatch(text.strip()) else text


def location_type(given: str, virtual: str) -> str:
    """Return physical, postal or virtual; Ohana has a column of its own for the last."""
    kind = given.lower()
    return kind if kind in ("physical", "postal", "virtual") else "virtual" if truth(virtual) else "physical"

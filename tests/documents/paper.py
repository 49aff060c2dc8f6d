"""A made-up packet, and how a test reads what was printed."""

import re
from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime, timedelta, timezone
from io import BytesIO
from typing import Any, TypeVar

from pypdf import PdfReader

from crisisdesk.documents.facts import (
    ClientFacts,
    Handout,
    Packet,
    ReachFacts,
    Recipient,
    ReferralFacts,
    SafePhone,
    Sender,
)
from crisisdesk.records.choices import PageKind

Facts = TypeVar("Facts")
ALL = tuple(PageKind)
_EAST = timezone(timedelta(hours=-5))

MARIA = Packet(
    number="481207",
    printed_at=datetime(2026, 11, 19, 10, 16, tzinfo=_EAST),
    sender=Sender(
        name="Dana Whitlock",
        first_name="Dana",
        credential="LCSW",
        department="Harlow Falls Police Department",
        unit="Crisis Response",
        phone="555-0101",
        phone_note="nights too",
        fax="555-0109",
    ),
    recipient=Recipient(
        contact_name="Renee Aldous, intake",
        organization="Hope House",
        service="single rooms",
        fax="555-0178",
        phone="555-0172",
    ),
    referral=ReferralFacts(
        number="R-2026-0142",
        need_label="A place to live",
        sentence="Ms. Delgado needs a room of her own by December 1, for herself and a small dog.",
        urgency_label="Within 72 hours",
        reply_by=date(2026, 11, 24),
        sent_at=datetime(2026, 11, 19, 10, 20, tzinfo=_EAST),
        basis="Shared with the client’s signed release of Nov 19, 2026.",
    ),
    client=ClientFacts(
        initials="M. D.",
        record_number="C-2026-0031",
        name="Maria Delgado",
        goes_by="Mari",
        pronouns="she/her",
        born_on=date(1982, 3, 14),
        age=44,
        languages="Spanish or English",
        interpreter="Spanish for papers, please.",
        insurance="Medicaid",
        legal="Voluntary. No guardian.",
        wants="Her own door and lock; to keep her dog (14 lb); to stay on bus line 4",
        has="A sister to stay with until December 1; a ride",
        tried="Mill Street Rooms: full on November 18",
        reach=ReachFacts(
            phones=(
                SafePhone(
                    number="555-0142",
                    when="9 to 14",
                    text="Text is fine.",
                    say_only="Renee, for Maria.",
                    voicemail="Do not name Hope House.",
                ),
            ),
            mail="Plain envelope only",
            never_contact="Her ex-partner. If he calls, please don’t say if she is with you.",
        ),
    ),
    handout=Handout(
        reader="Mari",
        name="Hope House",
        what="A safe room for you and your dog, for up to six months.",
        phone="555-0172",
        hours="Any day, 8 in the morning to 5 in the afternoon.",
        ask_for="Renee",
        say_this="Hi, I’m Mari. Dana sent you a paper about me. I would like to see a room. I have a small dog.",
        address="41 Cedar Street",
        landmark="The yellow house beside the library. Bus 4 stops in front.",
        bring="Any ID, if you have one. Your medicines, in their bottles.\nThe dog’s leash and food.",
        what_happens="Renee shows you the room. You talk for about 30 minutes.\nIf you like it, you can stay.",
        cost="Nothing with Medicaid.",
        call_on=date(2026, 11, 22),
        checked="Hope House was called and this page checked on November 12, 2026.",
    ),
)
NOBODY = Packet(
    number="481207",
    printed_at=MARIA.printed_at,
    sender=Sender(),
    recipient=Recipient(),
    referral=ReferralFacts(),
    client=ClientFacts(),
    handout=Handout(),
)


def filled(facts: Facts, text: str) -> Facts:
    """Return the same facts with this text in every field that holds a text."""
    made: Facts = _filled(facts, text)
    return made


def _filled(value: Any, text: str) -> Any:
    if isinstance(value, tuple):
        return tuple(_filled(item, text) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        names = [item.name for item in fields(value) if not (isinstance(value, Packet) and item.name == "number")]
        return replace(value, **{name: _filled(getattr(value, name), text) for name in names})
    return text if isinstance(value, str) else value


def pages(pdf: bytes) -> list[str]:
    """Return the text of each page, its lines joined by single spaces."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages]


def unbroken(texts: Sequence[str]) -> str:
    """Return texts without any space: long words are broken over lines where the page ends."""
    return re.sub(r"\s+", "", "".join(texts))

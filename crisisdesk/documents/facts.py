"""What a packet says: frozen facts, ready to print, each a plain text as it was typed."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Paper(StrEnum):
    """The paper in her printer."""

    LETTER = "letter"
    A4 = "a4"

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in points."""
        return (612.0, 792.0) if self is Paper.LETTER else (595.28, 841.89)


@dataclass(frozen=True, kw_only=True)
class Sender:
    """The clinician, as her letterhead says it."""

    name: str = ""
    first_name: str = ""  # how handouts call her
    credential: str = ""
    department: str = ""
    unit: str = ""
    phone: str = ""
    phone_note: str = ""  # "nights too"
    fax: str = ""

    @property
    def signature(self) -> str:
        """Return "Dana Whitlock, LCSW"."""
        return ", ".join(part for part in (self.name, self.credential) if part)


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """Who is to read the provider's pages."""

    contact_name: str = ""  # "Renee Aldous, intake"
    organization: str = ""
    service: str = ""
    fax: str = ""
    phone: str = ""
    address: str = ""  # printed where there is no fax


@dataclass(frozen=True, kw_only=True)
class ReferralFacts:
    """What is asked for, and on what basis it may be told."""

    number: str = ""  # R-2026-0142
    need_label: str = ""
    sentence: str = ""
    urgency_label: str = ""  # "Within 72 hours"
    reply_by: date | None = None
    sent_at: datetime | None = None  # local; the time of printing if it isn't given
    basis: str = ""  # "Shared with the client’s signed release of Nov 19, 2026."


@dataclass(frozen=True, kw_only=True)
class SafePhone:
    """A number on which the client may be called, and how."""

    number: str
    when: str = ""  # "9 to 14"
    text: str = ""  # "Text is fine."
    say_only: str = ""  # the very words for the voicemail: "Renee, for Maria."
    voicemail: str = ""  # the rule for the voicemail: "Do not name Hope House."


@dataclass(frozen=True, kw_only=True)
class ReachFacts:
    """How to reach the client safely. Printed on every form, even when nothing is known."""

    phones: tuple[SafePhone, ...] = ()  # the one to try first comes first
    mail: str = ""
    never_contact: str = ""


@dataclass(frozen=True, kw_only=True)
class ClientFacts:
    """The client, as far as the basis lets her tell."""

    initials: str = ""  # all that the cover says, with the record number
    record_number: str = ""
    name: str = ""
    goes_by: str = ""
    pronouns: str = ""  # as typed: "she/her"
    born_on: date | None = None
    born_about: bool = False  # the date is a guess; only its year is printed
    age: int | None = None
    languages: str = ""
    interpreter: str = ""  # a sentence, behind the languages
    insurance: str = ""
    legal: str = ""
    guardian: str = ""
    wants: str = ""
    has: str = ""
    tried: str = ""
    accommodations: str = ""
    transport: str = ""
    reach: ReachFacts = field(default_factory=ReachFacts)


@dataclass(frozen=True, kw_only=True)
class Handout:
    """What the client's own page says: public facts of the service, and when she will be called."""

    reader: str = ""  # what the client is called on this page: "Mari"
    name: str = ""
    what: str = ""
    phone: str = ""
    hours: str = ""  # whole sentences, as all that follows
    ask_for: str = ""
    say_this: str = ""  # the words to say on the phone
    address: str = ""
    landmark: str = ""
    bring: str = ""
    what_happens: str = ""
    cost: str = ""
    call_on: date | None = None
    checked: str = ""  # "Hope House was called and this page checked on November 12, 2026."


@dataclass(frozen=True, kw_only=True)
class Packet:
    """One referral on paper."""

    number: str  # six digits
    printed_at: datetime  # local, aware
    first_printed_at: datetime | None = None  # given: this is a copy
    twelve_hour: bool = False  # "2:20 PM" for "14:20"
    anchor: str = ""  # the last line of the audit log before it was printed: "CD-42-1a2b3c4d"
    sender: Sender
    recipient: Recipient
    referral: ReferralFacts
    client: ClientFacts
    handout: Handout

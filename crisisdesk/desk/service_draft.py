"""What the forms about a service hold: its public facts, what only she knows, and a check."""

from dataclasses import dataclass, field

from crisisdesk.desk.drafts import Problems
from crisisdesk.i18n import _
from crisisdesk.records.choices import Need, PhoneType, ServiceStatus

_OLDEST = 125  # years
_BEST = 5  # of a rating


@dataclass(kw_only=True)
class ServicePhoneDraft:
    """A public number."""

    number: str = ""
    extension: str = ""
    type: PhoneType = PhoneType.VOICE
    description: str = ""


@dataclass(kw_only=True)
class ServiceDraft:
    """A service as she types it. A name, its own or the organization's, is enough."""

    organization: str = ""  # by name: one that is here, or a new one
    name: str = ""
    description: str = ""  # what it does, in a plain sentence
    needs: list[Need] = field(default_factory=list)
    for_whom: str = ""
    minimum_age: float | None = None  # years
    maximum_age: float | None = None  # years
    how_to_get_in: str = ""
    phones: list[ServicePhoneDraft] = field(default_factory=list)
    hours: str = ""  # as typed: "Mon-Fri 9-5, last intake 16:00"
    address: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    directions: str = ""  # bus, landmark, parking
    address_is_private: bool = False  # never printed
    by_phone_only: bool = False
    cost: str = ""
    insurance: str = ""  # what is accepted: "Medicaid, Medicare"
    bring: str = ""
    languages: str = ""
    what_happens: str = ""
    say_this: str = ""
    website: str = ""
    email: str = ""
    status: ServiceStatus = ServiceStatus.ACTIVE

    def check(self) -> None:
        """Raise Invalid where it can't be kept yet."""
        problems = Problems()
        problems.require("name", self.name.strip() or self.organization, _("Type what it is called."))
        for name in ("minimum_age", "maximum_age"):
            age = getattr(self, name)
            if age is not None and not 0 <= age <= _OLDEST:
                problems.add(name, _("An age is a number from 0 to 125."))
        if self.minimum_age is not None and self.maximum_age is not None and self.minimum_age > self.maximum_age:
            problems.add("maximum_age", _("The oldest age can’t be below the youngest."))
        if self.by_phone_only and self.address.strip():
            problems.add("address", _("A place that is reached by phone only has no address. Clear one of the two."))
        problems.raise_any()


@dataclass(kw_only=True)
class PrivateDraft:
    """What only she knows of a service. Never printed, never exported."""

    back_line: str = ""
    who_answers: str = ""
    what_helps: str = ""
    said_no_to: str = ""
    fax: str = ""
    reply_days: int | None = None
    rating: int | None = None  # 1 to 5

    def check(self) -> None:
        """Raise Invalid where it can't be kept yet."""
        problems = Problems()
        if self.reply_days is not None and self.reply_days < 1:
            problems.add("reply_days", _("Type after how many days they usually answer: 1 or more."))
        if self.rating is not None and not 1 <= self.rating <= _BEST:
            problems.add("rating", _("A rating is a number from 1 to 5."))
        problems.raise_any()

"""Before it leaves: what stops a packet, what to look at, and what is in order, each as a sentence."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from crisisdesk.desk.phones import show_phone
from crisisdesk.desk.when import short_day
from crisisdesk.desk.words import lower_start, one_stop
from crisisdesk.i18n import N_, _
from crisisdesk.records.choices import (
    Audience,
    HandOff,
    PageKind,
    PhoneType,
    ReleaseScope,
    ReleaseStatus,
    ServiceStatus,
    YesNo,
)

if TYPE_CHECKING:
    from crisisdesk.desk import Desk
    from crisisdesk.desk.referrals import ReferralDraft
    from crisisdesk.desk.releases import ReleaseInForce
    from crisisdesk.desk.service_card import ServiceCard

_SOON = timedelta(days=14)  # a release that ends so soon may be over before they answer
_LEAST_NAME = 3  # letters; shorter names are found in too many words
# What the referral form tells, and what the release must let be told.
_TOLD = {
    ReleaseScope.IDENTITY: N_("who {name} is and how to reach {name}"),
    ReleaseScope.REASON: N_("why {name} is referred"),
}


class Weight(StrEnum):
    """How much a finding weighs."""

    BLOCKS = "blocks"
    CAUTION = "caution"
    FINE = "fine"


class Fix(StrEnum):
    """What can be done about a finding, where she reads it."""

    SERVICE = "service"
    RELEASE = "release"
    ANYWAY = "anyway"
    TAKE_BACK = "take_back"
    CHECKED = "checked"
    SENTENCE = "sentence"
    NUMBERS = "numbers"

    @property
    def label(self) -> str:
        """The button's words."""
        return _(_FIXES[self])


_FIXES = {
    Fix.SERVICE: N_("Choose a place"),
    Fix.RELEASE: N_("Get a release…"),
    Fix.ANYWAY: N_("Tell them anyway…"),
    Fix.TAKE_BACK: N_("Take that back"),
    Fix.CHECKED: N_("I called, it is right"),
    Fix.SENTENCE: N_("Write it"),
    Fix.NUMBERS: N_("Edit the numbers…"),
}


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One line of the list."""

    weight: Weight
    first: str  # the heavy words
    rest: str = ""
    fixes: tuple[Fix, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Leaving:
    """What is about to leave: a referral as it is filled in, and the ticked pages."""

    client_id: str
    draft: "ReferralDraft"
    pages: tuple[PageKind, ...]
    name: str  # what the client is called on the screen now
    card: "ServiceCard | None" = None  # the draft's service, where it was read already


def preflight(desk: "Desk", leaving: Leaving) -> tuple[Finding, ...]:
    """Return what to know before it leaves: what blocks first. Raises NotFound."""
    found = list(_Look(desk, leaving).findings())
    return tuple(finding for weight in Weight for finding in found if finding.weight is weight)


class _Look:
    """One look at a packet."""

    def __init__(self, desk: "Desk", leaving: Leaving) -> None:
        self._desk = desk
        self._client_id, self._draft, self._pages = leaving.client_id, leaving.draft, leaving.pages
        self._name = leaving.name
        self._client = desk.clients.draft(self._client_id)
        self._today = desk.clock.today()
        self._card = leaving.card
        if self._card is None and self._draft.service_id:
            self._card = desk.services.card(self._draft.service_id)
        self._release = desk.releases.in_force(self._client_id, self._card.organization_id) if self._card else None

    def findings(self) -> Iterator[Finding]:
        """Yield everything there is to say."""
        if not self._pages and self._draft.hand_off is not HandOff.INFORMATION:
            yield Finding(weight=Weight.BLOCKS, first=_("No page is ticked."), rest=_("Tick what is to be printed."))
        if self._card is None:
            first = _("No place is chosen.")
            yield Finding(weight=Weight.BLOCKS, first=first, rest=_("Whom does the paper go to?"), fixes=(Fix.SERVICE,))
        if self._card is not None:
            if self._to_provider:
                yield from self._allowed(self._card)
            yield from self._place(self._card)
        if self._has_form:
            yield from self._form()
        yield from self._mail()
        if PageKind.COVER in self._pages:
            yield Finding(weight=Weight.FINE, first=_("No name stands on the cover sheet"))

    @property
    def _to_provider(self) -> bool:
        return any(kind.audience is Audience.PROVIDER for kind in self._pages)

    @property
    def _has_form(self) -> bool:
        return PageKind.REFERRAL_FORM in self._pages

    @property
    def _form_page(self) -> int:
        return 2 if PageKind.COVER in self._pages else 1

    # May they be told? -----------------------------------------------------------------------------------------

    def _allowed(self, card: "ServiceCard") -> Iterator[Finding]:
        draft, release = self._draft, self._release
        stated = draft.basis is not None and bool(draft.basis_reason.strip())
        missing = self._uncovered(release) if release else ""
        if release is not None and not missing:
            yield from self._covered(release)
        elif stated and draft.basis is not None:
            yield Finding(
                weight=Weight.CAUTION,
                first=_("{place} is told without a release.").format(place=card.organization),
                rest=_("{basis}. {reason}").format(basis=draft.basis.label, reason=draft.basis_reason),
                fixes=(Fix.TAKE_BACK,),
            )
        elif release is None:
            first = _("This would tell {place} about {name}.")
            yield Finding(
                weight=Weight.BLOCKS,
                first=one_stop(first.format(place=card.organization, name=self._name)),
                rest=_("No release in force names them."),
                fixes=(Fix.RELEASE, Fix.ANYWAY),
            )
        else:
            first = _("Page {page} would tell {place} {what}.")
            covers = ", ".join(lower_start(scope.label) for scope in release.scopes)
            rest = _("The release covers only: {scopes}.") if covers else _("The release doesn’t say what may be told.")
            yield Finding(
                weight=Weight.BLOCKS,
                first=first.format(page=self._form_page, place=card.organization, what=missing),
                rest=rest.format(scopes=covers),
                fixes=(Fix.RELEASE, Fix.ANYWAY),
            )

    def _uncovered(self, release: "ReleaseInForce") -> str:
        """Return what the form would tell that the release doesn't cover; "" if it covers all."""
        if not self._has_form:
            return ""
        words = (_(words) for scope, words in _TOLD.items() if scope not in release.scopes)
        return next((each.format(name=self._name) for each in words), "")

    def _covered(self, release: "ReleaseInForce") -> Iterator[Finding]:
        ends = release.expires_on
        if ends is not None and ends - self._today <= _SOON:
            first = _("The release ends on {day}.").format(day=short_day(ends, self._today))
            yield Finding(
                weight=Weight.CAUTION, first=first, rest=_("They may answer after that."), fixes=(Fix.RELEASE,)
            )
            return
        words = _("Release signed, in force until {day}, names {place}")
        if release.status is ReleaseStatus.VERBAL:
            words = _("Release agreed in words, in force until {day}, names {place}")
        if ends is None:
            words = _("Release in force, names {place}")
        day = short_day(ends, self._today) if ends else ""
        yield Finding(weight=Weight.FINE, first=words.format(day=day, place=release.recipient))

    # Is the place as it is said to be? -------------------------------------------------------------------------

    def _place(self, card: "ServiceCard") -> Iterator[Finding]:
        if card.status is not ServiceStatus.ACTIVE and card.status is not ServiceStatus.NOT_SAID:
            first = _("{place}: {status}.").format(place=card.title, status=lower_start(card.status.label))
            yield Finding(weight=Weight.CAUTION, first=first, rest=_("Call before you print."))
        if card.check.warning:
            phone = next((line.number for line in card.public.phones), "")
            rest = _("{place}, {phone}").format(place=card.organization, phone=phone) if phone else card.organization
            yield Finding(
                weight=Weight.CAUTION,
                first=_("{warning}.").format(warning=card.check.warning),
                rest=rest,
                fixes=(Fix.CHECKED,),
            )
        else:
            checked = _("{place}: {checked}").format(place=card.organization, checked=lower_start(card.check.sentence))
            yield Finding(weight=Weight.FINE, first=checked)

    # What the form says ----------------------------------------------------------------------------------------

    def _form(self) -> Iterator[Finding]:
        if not self._draft.sentence.strip():
            first = _("Page {page} doesn’t say what is needed.").format(page=self._form_page)
            yield Finding(weight=Weight.CAUTION, first=first, rest=_("One sentence will do."), fixes=(Fix.SENTENCE,))
        for person in self._named():
            first = _("{person} is named on page {page}.").format(person=person, page=self._form_page)
            yield Finding(weight=Weight.CAUTION, first=first, rest=_("Must they know the name?"), fixes=(Fix.SENTENCE,))
        yield from self._phones()

    def _named(self) -> Iterator[str]:
        """Yield the people around the client whose names stand in what she wrote."""
        told = f"{self._draft.sentence} {self._draft.wants} {self._draft.has} {self._draft.tried}"
        for person in self._desk.clients.people(self._client_id):
            first = person.name.split()[:1]
            if first and len(first[0]) >= _LEAST_NAME and re.search(rf"\b{re.escape(first[0])}\b", told):
                yield first[0]

    def _phones(self) -> Iterator[Finding]:
        phones = [phone for phone in self._client.phones if phone.kind is not PhoneType.FAX and phone.number.strip()]
        is_reached = any(phone.safe_to_call is YesNo.YES for phone in phones)
        unsure = [phone for phone in phones if phone.safe_to_call not in {YesNo.YES, YesNo.NO}]
        rest = _("Page {page} asks them to call you first.").format(page=self._form_page)
        if not is_reached and not unsure:
            first = _("How will they reach {name}? No safe number is known.").format(name=self._name)
            yield Finding(weight=Weight.CAUTION, first=first, rest=rest, fixes=(Fix.NUMBERS,))
        for phone in unsure:
            words = _("Is {phone} safe to call? Nobody has asked.")
            if phone.safe_to_call is not YesNo.NOT_ASKED:
                words = _("Is {phone} safe to call? Nobody knows.")
            left_out = _("It is not printed.") if is_reached else _("It is not printed. {rest}").format(rest=rest)
            first = words.format(phone=show_phone(phone.number))
            yield Finding(weight=Weight.CAUTION, first=first, rest=left_out, fixes=(Fix.NUMBERS,))

    def _mail(self) -> Iterator[Finding]:
        if PageKind.HANDOUT not in self._pages:
            return
        if self._client.safe_to_mail is YesNo.NO:
            yield Finding(weight=Weight.CAUTION, first=_("Nothing by mail."), rest=_("Hand the page over."))
        elif self._client.plain_envelope:
            yield Finding(weight=Weight.CAUTION, first=_("Plain envelope only"), rest=_("if the page is mailed."))

"""Open, edit and close clients; know before going."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import date

from sqlalchemy import select

from crisisdesk.clock import Clock
from crisisdesk.desk.drafts import Problems
from crisisdesk.desk.names import list_name, shown_name
from crisisdesk.errors import NotFound, StateConflict
from crisisdesk.i18n import _
from crisisdesk.records.base import Base
from crisisdesk.records.choices import (
    BirthQuality,
    ClientStatus,
    CloseReason,
    FlagKind,
    LivingSituation,
    MayContact,
    NameQuality,
    PhoneType,
    Race,
    Severity,
    Sex,
    StepState,
    SubstanceUse,
    Tier,
    VoicemailRule,
    YesNo,
)
from crisisdesk.records.clients import Client, ClientAddress, ClientName, ClientPhone, RelatedPerson
from crisisdesk.records.followups import FollowUp
from crisisdesk.records.safety import ResponsePlan, SafetyFlag
from crisisdesk.vault.store import Store
from crisisdesk.vault.write import Write

_OLDEST = 125  # years; nobody older has been recorded, so an older birth date is a slip of the finger


@dataclass(kw_only=True)
class PhoneDraft:
    """A number of the client form."""

    number: str = ""
    kind: PhoneType = PhoneType.CELL
    safe_to_call: YesNo = YesNo.NOT_ASKED
    voicemail: VoicemailRule = VoicemailRule.NOT_ASKED
    voicemail_words: str = ""
    text_ok: YesNo = YesNo.NOT_ASKED
    safe_hours: str = ""


@dataclass(kw_only=True)
class ClientDraft:
    """What the client form holds. Everything may stay blank but some way to tell who it is."""

    first_name: str = ""
    middle_name: str = ""
    last_name: str = ""
    goes_by: str = ""
    described_as: str = ""
    name_quality: NameQuality = NameQuality.FULL
    pronouns: str = ""
    born_on: date | None = None
    birth_quality: BirthQuality = BirthQuality.NOT_ASKED
    age_guess: int | None = None
    sex: Sex = Sex.NOT_ASKED
    gender: str = ""
    races: tuple[Race, ...] = ()
    languages: str = ""
    interpreter: YesNo = YesNo.NOT_ASKED
    veteran: YesNo = YesNo.NOT_ASKED
    email: str = ""
    safe_to_mail: YesNo = YesNo.NOT_ASKED
    plain_envelope: bool = False
    living_situation: LivingSituation = LivingSituation.NOT_ASKED
    substance_use: SubstanceUse = SubstanceUse.NOT_ASKED
    insurance: str = ""
    insurance_number: str = ""
    doctor: str = ""
    provider: str = ""
    prescriber: str = ""
    pharmacy: str = ""
    medication: str = ""
    allergies: str = ""
    guardian: str = ""
    legal_status: str = ""
    tier: Tier | None = None
    source: str = ""
    goals: str = ""
    other_names: list[str] = field(default_factory=list)
    phones: list[PhoneDraft] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)

    def check(self, today: date) -> None:
        """Raise Invalid where it can't be kept yet."""
        problems = Problems()
        named = shown_name(self.first_name, self.last_name, self.goes_by, self.described_as)
        problems.require(
            "last_name", named, _("Type a name, or under “Described as” what you know: “Man, about 30, Elm Street”.")
        )
        if self.born_on and self.born_on > today:
            problems.add("born_on", _("That date is still to come."))
        elif self.born_on and today.year - self.born_on.year > _OLDEST:
            problems.add("born_on", _("That would be more than 125 years ago. Please check the year."))
        if self.age_guess is not None and not 0 <= self.age_guess <= _OLDEST:
            problems.add("age_guess", _("An age is a number from 0 to 125."))
        problems.raise_any()


@dataclass(kw_only=True)
class FlagDraft:
    """What the safety form holds."""

    kind: FlagKind = FlagKind.OTHER
    words: str = ""
    severity: Severity = Severity.CAUTION
    reason: str = ""
    source: str = ""
    review_on: date | None = None

    def check(self) -> None:
        """Raise Invalid where it can't be kept yet."""
        problems = Problems()
        if self.kind is FlagKind.OTHER:
            problems.require("words", self.words, _("Say in a few words what to know before going."))
        problems.raise_any()


@dataclass(kw_only=True)
class PlanDraft:
    """What worked last time, in three lines."""

    opens_with: str = ""
    avoid: str = ""
    ask_for: str = ""


@dataclass(kw_only=True)
class PersonDraft:
    """Somebody around a client."""

    name: str = ""
    relationship: str = ""
    phone: str = ""
    may_contact: MayContact = MayContact.NOT_ASKED
    lives_with: bool = False
    note: str = ""

    def check(self) -> None:
        """Raise Invalid where it can't be kept yet."""
        problems = Problems()
        problems.require("name", self.name or self.relationship, _("Type a name, or who it is: “neighbor”."))
        problems.raise_any()


_CHILDREN = frozenset({"other_names", "phones", "addresses"})
_PLAIN = tuple(f.name for f in fields(ClientDraft) if f.name not in _CHILDREN)


class Clients:
    """What she does with clients. Ids go in and out; records stay here."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def draft(self, client_id: str) -> ClientDraft:
        """Return a client as the form shows it. Raises NotFound."""
        with self._store.read() as s:
            client = s.get(Client, client_id)
            if client is None:
                raise NotFound(_("This client is no longer in the file."))
            names = s.scalars(
                select(ClientName.name).where(ClientName.client_id == client_id).order_by(ClientName.created_at)
            )
            phones = s.scalars(
                select(ClientPhone).where(ClientPhone.client_id == client_id).order_by(ClientPhone.position)
            )
            places = s.scalars(
                select(ClientAddress.address)
                .where(ClientAddress.client_id == client_id)
                .order_by(ClientAddress.position)
            )
            wanted = [f.name for f in fields(PhoneDraft)]
            return ClientDraft(
                **{name: getattr(client, name) for name in _PLAIN},
                other_names=list(names),
                phones=[PhoneDraft(**{name: getattr(phone, name) for name in wanted}) for phone in phones],
                addresses=list(places),
            )

    def add(self, draft: ClientDraft) -> str:
        """Open a client and return the id. Raises Invalid."""
        today = self._clock.today()
        draft.check(today)
        with self._store.write("Add client") as s:
            client = Client(number=s.number("client"), opened_on=today)
            self._fill(s, client, draft)
            s.add(client)
            self._children(s, client.id, draft)
        return client.id

    def edit(self, client_id: str, draft: ClientDraft) -> None:
        """Change a client's facts. Raises Invalid, NotFound."""
        draft.check(self._clock.today())
        with self._store.write("Edit client") as s:
            self._fill(s, s.get_one(Client, client_id), draft)
            self._children(s, client_id, draft)

    def _fill(self, s: Write, client: Client, draft: ClientDraft) -> None:
        del s
        if draft.age_guess != client.age_guess:
            client.age_guessed_on = self._clock.today() if draft.age_guess is not None else None
        for name in _PLAIN:
            setattr(client, name, getattr(draft, name))
        given = (draft.first_name, draft.last_name, draft.goes_by, draft.described_as)
        client.shown_name = shown_name(*given)
        client.list_name = list_name(*given)

    def _children(self, s: Write, client_id: str, draft: ClientDraft) -> None:
        """Make the client's names, phones and addresses those of the draft, keeping rows that did not change."""
        wanted = [name.strip() for name in draft.other_names if name.strip()]
        for row in s.scalars(select(ClientName).where(ClientName.client_id == client_id)):
            if row.name in wanted:
                wanted.remove(row.name)
            else:
                s.remove(row)
        s.add_all(ClientName(client_id=client_id, name=name) for name in wanted)
        _match_rows(
            s,
            s.scalars(select(ClientPhone).where(ClientPhone.client_id == client_id).order_by(ClientPhone.position)),
            [
                ClientPhone(client_id=client_id, position=i, **{f.name: getattr(p, f.name) for f in fields(PhoneDraft)})
                for i, p in enumerate(p for p in draft.phones if p.number.strip())
            ],
            (*(f.name for f in fields(PhoneDraft)), "position"),
        )
        _match_rows(
            s,
            s.scalars(
                select(ClientAddress).where(ClientAddress.client_id == client_id).order_by(ClientAddress.position)
            ),
            [
                ClientAddress(client_id=client_id, position=i, address=place.strip())
                for i, place in enumerate(a for a in draft.addresses if a.strip())
            ],
            ("address", "position"),
        )

    def set_status(self, client_id: str, status: ClientStatus) -> None:
        """Open again, or watch from afar. Closing is ``close``."""
        with self._store.write("Change status") as s:
            client = s.get_one(Client, client_id)
            client.status = status
            client.closed_on = None
            client.close_reason = None

    def close(self, client_id: str, reason: CloseReason) -> None:
        """Close a client's file. Raises StateConflict while a next step is open."""
        with self._store.write("Close client") as s:
            open_steps = s.scalars(
                select(FollowUp.id).where(FollowUp.client_id == client_id, FollowUp.state == StepState.OPEN)
            ).all()
            if open_steps:
                raise StateConflict(_("There is still a next step for this client. Finish or drop it first."))
            client = s.get_one(Client, client_id)
            client.status = ClientStatus.CLOSED
            client.closed_on = self._clock.today()
            client.close_reason = reason

    def set_aside(self, client_id: str, reason: str) -> None:
        """Take a client out of view, with a reason; nothing is deleted."""
        problems = Problems()
        problems.require("reason", reason, _("Say why, in a few words."))
        problems.raise_any()
        with self._store.write("Set client aside") as s:
            client = s.get_one(Client, client_id)
            client.set_aside_at = self._clock.now()
            client.set_aside_reason = reason

    def flag(self, client_id: str, draft: FlagDraft) -> str:
        """Put a safety flag on the chart and return its id. Raises Invalid."""
        draft.check()
        with self._store.write("Add safety flag") as s:
            s.get_one(Client, client_id)
            flag = SafetyFlag(
                client_id=client_id,
                kind=draft.kind,
                words=draft.words,
                severity=draft.severity,
                reason=draft.reason,
                source=draft.source,
                set_on=self._clock.today(),
                review_on=draft.review_on,
            )
            s.add(flag)
        return flag.id

    def end_flag(self, flag_id: str, reason: str) -> None:
        """End a safety flag after its review, with the reason."""
        problems = Problems()
        problems.require("reason", reason, _("Say what the review found."))
        problems.raise_any()
        with self._store.write("End safety flag") as s:
            flag = s.get_one(SafetyFlag, flag_id)
            flag.set_aside_at = self._clock.now()
            flag.set_aside_reason = reason

    def plan(self, client_id: str, draft: PlanDraft) -> None:
        """Write down what worked last time."""
        with self._store.write("Edit what worked") as s:
            s.get_one(Client, client_id)
            row = s.scalars(select(ResponsePlan).where(ResponsePlan.client_id == client_id)).first()
            if row is None:
                row = ResponsePlan(client_id=client_id)
                s.add(row)
            row.opens_with, row.avoid, row.ask_for = draft.opens_with, draft.avoid, draft.ask_for
            row.planned_on = self._clock.today()

    def plan_draft(self, client_id: str) -> PlanDraft:
        """Return what worked last time, as the form shows it."""
        with self._store.read() as s:
            row = s.scalars(select(ResponsePlan).where(ResponsePlan.client_id == client_id)).first()
            return PlanDraft(opens_with=row.opens_with, avoid=row.avoid, ask_for=row.ask_for) if row else PlanDraft()

    def add_person(self, client_id: str, draft: PersonDraft) -> str:
        """Write down somebody around the client and return the id. Raises Invalid."""
        draft.check()
        with self._store.write("Add person") as s:
            s.get_one(Client, client_id)
            person = RelatedPerson(client_id=client_id, **{f.name: getattr(draft, f.name) for f in fields(PersonDraft)})
            s.add(person)
        return person.id

    def edit_person(self, person_id: str, draft: PersonDraft) -> None:
        """Change what is known of somebody around the client. Raises Invalid."""
        draft.check()
        with self._store.write("Edit person") as s:
            person = s.get_one(RelatedPerson, person_id)
            for f in fields(PersonDraft):
                setattr(person, f.name, getattr(draft, f.name))

    def people(self, client_id: str) -> tuple[PersonDraft, ...]:
        """Return the people around a client, in the order in which they were written down."""
        names = [f.name for f in fields(PersonDraft)]
        with self._store.read() as s:
            rows = s.scalars(
                select(RelatedPerson)
                .where(RelatedPerson.client_id == client_id, RelatedPerson.set_aside_at.is_(None))
                .order_by(RelatedPerson.created_at, RelatedPerson.id)
            )
            return tuple(PersonDraft(**{name: getattr(row, name) for name in names}) for row in rows)

    def person_draft(self, person_id: str) -> PersonDraft:
        """Return somebody around a client as the form shows it. Raises NotFound."""
        with self._store.read() as s:
            person = s.get(RelatedPerson, person_id)
            if person is None:
                raise NotFound(_("This person is no longer in the file."))
            return PersonDraft(**{f.name: getattr(person, f.name) for f in fields(PersonDraft)})


def _match_rows(s: Write, rows: Iterable[Base], wanted: Sequence[Base], names: Sequence[str]) -> None:
    """Change rows in place to what is wanted, by position; add the missing, remove the rest."""
    present = list(rows)
    for row, new in zip(present, wanted, strict=False):
        for name in names:
            if getattr(row, name) != getattr(new, name):
                setattr(row, name, getattr(new, name))
    s.add_all(wanted[len(present) :])
    for row in present[len(wanted) :]:
        s.remove(row)

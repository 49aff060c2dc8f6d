"""Write down encounters, and how they ended."""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from sqlalchemy import select

from crisisdesk.clock import Clock
from crisisdesk.desk.drafts import Problems
from crisisdesk.desk.names import list_name, shown_name
from crisisdesk.errors import NotFound
from crisisdesk.i18n import _
from crisisdesk.records.choices import (
    Behavior,
    ClinicianRole,
    ContactType,
    Ending,
    ForceLevel,
    LocationType,
    NameQuality,
    Nature,
    NeedCategory,
    RequestedBy,
    Weapon,
    YesNo,
)
from crisisdesk.records.clients import Client
from crisisdesk.records.encounters import Disposition, Encounter
from crisisdesk.vault.store import Store
from crisisdesk.vault.write import Write

_LINES = 30
_SLACK = timedelta(minutes=5)  # a clock on a phone may be ahead of the desk's


@dataclass(kw_only=True)
class EncounterDraft:
    """What the encounter form holds. Only when it began is needed; the rest is asked for later."""

    began_at: datetime | None = None
    contact_type: ContactType = ContactType.CALL_OUT
    incident_number: str = ""
    report_number: str = ""
    requested_by: RequestedBy | None = None
    requested_by_name: str = ""
    paged_at: datetime | None = None
    en_route_at: datetime | None = None
    on_scene_at: datetime | None = None
    police_on_scene_at: datetime | None = None
    officer_released_at: datetime | None = None
    person_left_at: datetime | None = None
    clear_at: datetime | None = None
    documentation_minutes: int | None = None
    initial_nature: Nature | None = None
    final_nature: Nature | None = None
    needs: tuple[NeedCategory, ...] = ()
    location_type: LocationType | None = None
    location: str = ""
    beat: str = ""
    people_present: str = ""
    minors_present: YesNo = YesNo.NOT_ASKED
    behaviors: tuple[Behavior, ...] = ()
    weapons: tuple[Weapon, ...] = ()
    means_safety: str = ""
    substances: str = ""
    injuries: str = ""
    force_level: ForceLevel | None = None
    role: ClinicianRole | None = None
    risk_words: str = ""
    collateral: str = ""
    transport: str = ""
    facility: str = ""
    narrative: str = ""
    endings: tuple[Ending, ...] = ()  # the first is the main one

    def blanks(self) -> tuple[str, ...]:
        """Return what a call-out should say in the end and does not say yet, in the words of Today."""
        said = (
            (_("who asked"), self.requested_by or self.requested_by_name),
            (_("when you arrived"), self.on_scene_at),
            (_("when you were clear"), self.clear_at),
            (_("where"), self.location or self.location_type),
            (_("what it was"), self.final_nature or self.initial_nature),
            (_("how it ended"), self.endings),
            (_("what happened"), self.narrative),
        )
        return tuple(words for words, is_said in said if not is_said)

    def check(self, now: datetime) -> None:
        """Raise Invalid where it can't be kept yet."""
        problems = Problems()
        problems.require("began_at", self.began_at, _("When was it? A time is enough, today is assumed."))
        if self.began_at and self.began_at > now + _SLACK:
            problems.add("began_at", _("That time is still to come."))
        order = (
            ("paged_at", "en_route_at", _("En route is before you were paged.")),
            ("en_route_at", "on_scene_at", _("On scene is before en route.")),
            ("on_scene_at", "clear_at", _("Clear is before on scene.")),
        )
        for earlier, later, sentence in order:
            first, second = getattr(self, earlier), getattr(self, later)
            if first and second and second < first:
                problems.add(later, sentence)
        problems.raise_any()


_PLAIN = tuple(f.name for f in fields(EncounterDraft) if f.name != "endings")


@dataclass(kw_only=True)
class QuickDraft:
    """What the quick call-out holds: a client who was found, or what she knows of somebody new."""

    client_id: str | None = None
    who: str = ""
    encounter: EncounterDraft

    def check(self, now: datetime) -> None:
        """Raise Invalid where it can't be kept yet: some way to tell it from others is needed."""
        problems = Problems()
        if self.client_id is None and not self.who.strip() and not self.encounter.location.strip():
            problems.add("who", _("Who was it, or where? A few words are enough: “Man, about 30, grey hoodie”."))
        problems.raise_any()
        self.encounter.check(now)


@dataclass(frozen=True, kw_only=True)
class QuickKept:
    """What a quick call-out has made."""

    client_id: str
    encounter_id: str
    is_new_client: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EncounterLine:
    """An encounter in a list to choose from."""

    id: str
    number: str
    contact_type: ContactType
    began_at: datetime


class Encounters:
    """What she does with encounters."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def draft(self, encounter_id: str) -> EncounterDraft:
        """Return an encounter as the form shows it. Raises NotFound."""
        with self._store.read() as s:
            row = s.get(Encounter, encounter_id)
            if row is None:
                raise NotFound(_("This encounter is no longer in the file."))
            endings = s.scalars(
                select(Disposition.ending)
                .where(Disposition.encounter_id == encounter_id)
                .order_by(Disposition.position)
            )
            return EncounterDraft(**{name: getattr(row, name) for name in _PLAIN}, endings=tuple(endings))

    def record(self, client_id: str, draft: EncounterDraft) -> str:
        """Write down an encounter and return its id. Raises Invalid, NotFound."""
        draft.check(self._clock.now())
        with self._store.write("Add encounter") as s:
            encounter = self._record(s, s.get_one(Client, client_id), draft)
        return encounter.id

    def quick(self, draft: QuickDraft) -> QuickKept:
        """Write down a call-out, with somebody new if nobody was found, in one write. Raises Invalid, NotFound."""
        draft.check(self._clock.now())
        with self._store.write("Add call-out") as s:
            client = s.get_one(Client, draft.client_id) if draft.client_id else self._somebody(s, draft)
            encounter = self._record(s, client, draft.encounter)
        return QuickKept(client_id=client.id, encounter_id=encounter.id, is_new_client=draft.client_id is None)

    def _somebody(self, s: Write, draft: QuickDraft) -> Client:
        """Open a client by what is known; one of whom nothing is known is told apart by the place."""
        place = draft.encounter.location.strip()
        known = draft.who.strip() or _("Unknown person, {place}").format(place=place)
        client = Client(
            number=s.number("client"),
            opened_on=self._clock.today(),
            described_as=known,
            shown_name=shown_name("", "", "", known),
            list_name=list_name("", "", "", known),
            name_quality=NameQuality.NOT_ASKED,
        )
        s.add(client)
        return client

    def _record(self, s: Write, client: Client, draft: EncounterDraft) -> Encounter:
        year = self._clock.local(draft.began_at or self._clock.now()).year
        encounter = Encounter(
            client_id=client.id,
            number=s.number("encounter", year),
            **{name: getattr(draft, name) for name in _PLAIN},
        )
        s.add(encounter)
        _end(s, encounter.id, draft.endings)
        if client.last_contact_at is None or encounter.began_at > client.last_contact_at:
            client.last_contact_at = encounter.began_at
        return encounter

    def lines(self, client_id: str) -> tuple[EncounterLine, ...]:
        """Return a client's encounters to choose from, the newest first."""
        with self._store.read() as s:
            rows = s.execute(
                select(Encounter.id, Encounter.number, Encounter.contact_type, Encounter.began_at)
                .where(Encounter.client_id == client_id, Encounter.set_aside_at.is_(None))
                .order_by(Encounter.began_at.desc())
                .limit(_LINES)
            )
            return tuple(EncounterLine(id=a, number=b, contact_type=c, began_at=d) for a, b, c, d in rows)

    def client_of(self, encounter_id: str) -> str:
        """Return whose encounter it is. Raises NotFound."""
        with self._store.read() as s:
            client_id = s.scalar(select(Encounter.client_id).where(Encounter.id == encounter_id))
        if client_id is None:
            raise NotFound(_("This encounter is no longer in the file."))
        return client_id

    def edit(self, encounter_id: str, draft: EncounterDraft) -> None:
        """Change what was written. Raises Invalid, NotFound."""
        draft.check(self._clock.now())
        with self._store.write("Edit encounter") as s:
            encounter = s.get_one(Encounter, encounter_id)
            for name in _PLAIN:
                setattr(encounter, name, getattr(draft, name))
            _end(s, encounter_id, draft.endings)

    def set_aside(self, encounter_id: str, reason: str) -> None:
        """Take an encounter out of view, with a reason; nothing is deleted."""
        problems = Problems()
        problems.require("reason", reason, _("Say why, in a few words."))
        problems.raise_any()
        with self._store.write("Set encounter aside") as s:
            encounter = s.get_one(Encounter, encounter_id)
            encounter.set_aside_at = self._clock.now()
            encounter.set_aside_reason = reason


def _end(s: Write, encounter_id: str, endings: tuple[Ending, ...]) -> None:
    present = {
        row.ending: row for row in s.scalars(select(Disposition).where(Disposition.encounter_id == encounter_id))
    }
    for position, ending in enumerate(dict.fromkeys(endings)):
        row = present.pop(ending, None)
        if row is None:
            s.add(Disposition(encounter_id=encounter_id, position=position, ending=ending))
        else:
            row.position = position
    for row in present.values():
        s.remove(row)

"""Write down encounters, and how they ended."""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from sqlalchemy import select

from crisisdesk.clock import Clock
from crisisdesk.desk.drafts import Problems
from crisisdesk.errors import NotFound
from crisisdesk.i18n import _
from crisisdesk.records.choices import (
    Behavior,
    ClinicianRole,
    ContactType,
    Ending,
    ForceLevel,
    LocationType,
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
            client = s.get_one(Client, client_id)
            year = self._clock.local(draft.began_at or self._clock.now()).year
            encounter = Encounter(
                client_id=client_id,
                number=s.number("encounter", year),
                **{name: getattr(draft, name) for name in _PLAIN},
            )
            s.add(encounter)
            _end(s, encounter.id, draft.endings)
            if client.last_contact_at is None or encounter.began_at > client.last_contact_at:
                client.last_contact_at = encounter.began_at
        return encounter.id

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

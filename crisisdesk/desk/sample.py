"""Practice data: a made-up town around today's date, the same each time (resources/sample/town.json)."""

import json
import random
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from crisisdesk.clock import Clock
from crisisdesk.desk.names import list_name, shown_name
from crisisdesk.desk.practice import Practice, PracticeDesk
from crisisdesk.desk.sample_places import Places
from crisisdesk.records.choices import (
    FINAL_STATES,
    Audience,
    Basis,
    BirthQuality,
    Channel,
    ClientStatus,
    CloseReason,
    ContactType,
    DisclosureHow,
    Ending,
    FlagKind,
    HandOff,
    LocationType,
    MayContact,
    NameQuality,
    Nature,
    Need,
    NeedCategory,
    NoteStatus,
    PageKind,
    ReferralState,
    ReleaseScope,
    RequestedBy,
    Severity,
    Sex,
    StepKind,
    TryResult,
    Urgency,
    VoicemailRule,
    YesNo,
)
from crisisdesk.records.clients import Client, ClientAddress, ClientPhone, RelatedPerson
from crisisdesk.records.directory import (
    Organization,
    Service,
)
from crisisdesk.records.disclosures import Disclosure, Packet
from crisisdesk.records.encounters import Disposition, Encounter
from crisisdesk.records.followups import Attempt, FollowUp
from crisisdesk.records.notes import Note
from crisisdesk.records.referrals import Referral, ReferralEvent
from crisisdesk.records.releases import Release
from crisisdesk.records.safety import ResponsePlan, SafetyFlag
from crisisdesk.resources import resource
from crisisdesk.vault.store import Store
from crisisdesk.vault.write import Write

_SEED = 481207
_OTHERS = 49  # made-up clients beside the eleven that the town's file tells of
_CLOSED = 19  # of them
_SEXES = {"she/her": Sex.FEMALE, "he/him": Sex.MALE}
_THEY = {"she/her": ("She", "her", "her"), "he/him": ("He", "him", "his")}

# How referrals of the others stand; the town's file shows the other states.
_OPEN = (
    ReferralState.DRAFT,
    ReferralState.CONTACTED,
    ReferralState.NO_RESPONSE,
    ReferralState.CONNECTED,
    ReferralState.WAIT_LISTED,
)
_ENDED = tuple(state for state in ReferralState if state in FINAL_STATES and state is not ReferralState.REVOKED)


def fill(store: Store, clock: Clock) -> None:
    """Fill an empty vault with the practice data: 60 clients, about 250 encounters, 41 services, all around today."""
    town = json.loads(resource("sample", "town.json").read_text("utf-8"))
    PracticeDesk(store).keep(Practice(**town["practice"], is_practice_desk=True))
    with store.write("Make practice desk", undoable=False) as s:
        _Town(s, clock, town).build()


class _Town:
    """Builds the records. Draws come from one seeded source in one order, so the town never changes."""

    def __init__(self, s: Write, clock: Clock, town: Mapping[str, Any]) -> None:
        self._s = s
        self._clock = clock
        self._town = town
        self._random = random.Random(_SEED)  # noqa: S311  practice data, nothing secret
        self._now = clock.local(clock.now())
        self._services: dict[str, Service] = {}
        self._signature = f"{town['practice']['clinician']}, {town['practice']['credential']}"

    def build(self) -> None:
        self._services = Places(self._s, self._now, self._signature).build(self._town)
        for spec in self._town["featured"]:
            self._featured(spec)
        for index in range(_OTHERS):
            self._other(index)

    # Time ---------------------------------------------------------------------------------------------------------

    def _at(self, days_ago: float, hour: int = 10, minute: int = 0) -> datetime:
        """Return a moment some days ago at a time of her wall, never later than ten minutes ago."""
        day = (self._now - timedelta(days=days_ago)).date()
        moment = datetime.combine(day, time(hour, minute), self._now.tzinfo)
        return min(moment, self._now - timedelta(minutes=10))

    # People -------------------------------------------------------------------------------------------------------

    def _client(self, spec: Mapping[str, Any], opened_days_ago: int) -> Client:
        names = (spec.get("first", ""), spec.get("last", ""), spec.get("goes_by", ""), spec.get("described", ""))
        opened = (self._now - timedelta(days=opened_days_ago)).date()
        age = spec.get("age")
        client = Client(
            number=self._s.number("client", opened.year),
            first_name=names[0],
            last_name=names[1],
            goes_by=names[2],
            described_as=names[3],
            shown_name=shown_name(*names),
            list_name=list_name(*names),
            name_quality=NameQuality.FULL if names[1] else NameQuality.NOT_ASKED,
            pronouns=spec.get("pronouns", ""),
            born_on=None if age is None else self._birthday(age),
            birth_quality=BirthQuality.NOT_ASKED if age is None else BirthQuality.FULL,
            age_guess=spec.get("age_guess"),
            age_guessed_on=self._now.date() if spec.get("age_guess") else None,
            sex=_SEXES.get(spec.get("pronouns", ""), Sex.NOT_ASKED),
            languages=spec.get("languages", "English"),
            interpreter=YesNo.YES if spec.get("interpreter") else YesNo.NOT_ASKED,
            plain_envelope=bool(spec.get("plain")),
            insurance=spec.get("insurance", ""),
            opened_on=opened,
        )
        self._s.add(client)
        if spec.get("phone"):
            self._s.add(
                ClientPhone(
                    client_id=client.id,
                    number=spec["phone"],
                    safe_to_call=YesNo.YES if "voicemail" in spec else YesNo.NOT_ASKED,
                    voicemail=VoicemailRule(spec.get("voicemail", "not_asked")),
                    voicemail_words=spec.get("voicemail_words", ""),
                    text_ok=YesNo.YES if spec.get("text") else YesNo.NOT_ASKED,
                    safe_hours=spec.get("hours", ""),
                )
            )
        if spec.get("address"):
            self._s.add(ClientAddress(client_id=client.id, address=spec["address"]))
        return client

    def _birthday(self, age: int) -> Any:  # noqa: ANN401  a date; random's own type is wider
        days = age * 365.25 + self._random.randint(20, 300)
        return (self._now - timedelta(days=days)).date()

    def _featured(self, spec: Mapping[str, Any]) -> None:
        told = spec["encounter"]
        client = self._client(spec, told["days"] + 1 if told["days"] else 0)
        for kind, words, severity, reason, review in spec.get("flags", ()):
            self._flag(client, FlagKind(kind), words, Severity(severity), reason, review)
        if spec.get("plan"):
            opens, avoid, ask = spec["plan"]
            self._s.add(
                ResponsePlan(
                    client_id=client.id,
                    opens_with=opens,
                    avoid=avoid,
                    ask_for=ask,
                    planned_on=self._at(told["days"]).date(),
                )
            )
        self._s.add_all(
            RelatedPerson(client_id=client.id, name=name, relationship=who, phone=phone, may_contact=MayContact(may))
            for name, who, phone, may in spec.get("people", ())
        )
        hour, minute = (int(part) for part in told["time"].split(":"))
        encounter = self._call_out(client, self._at(told["days"], hour, minute), told)
        if not told.get("blank"):
            self._note(
                client,
                encounter,
                told["days"] - 0.3,
                self._random.choice(self._town["notes"]),
                signed="draft_note" not in spec,
            )
        for key in ("referral", "referral2"):
            if key in spec:
                self._referral(client, spec[key], release_days=spec.get("release_days", 360))
        for step in spec["steps"]:
            self._step(client, step)

    def _flag(
        self, client: Client, kind: FlagKind, words: str, severity: Severity, reason: str, review: int | None
    ) -> None:
        self._s.add(
            SafetyFlag(
                client_id=client.id,
                kind=kind,
                words=words,
                severity=severity,
                reason=reason,
                set_on=(self._now - timedelta(days=6)).date(),
                review_on=None if review is None else (self._now + timedelta(days=review)).date(),
            )
        )

    def _call_out(self, client: Client, on_scene: datetime, told: Mapping[str, Any]) -> Encounter:
        complete = not told.get("blank")
        encounter = Encounter(
            client_id=client.id,
            number=self._s.number("encounter", on_scene.year),
            contact_type=ContactType.CALL_OUT,
            requested_by=RequestedBy(told["by"]),
            requested_by_name=told["who"],
            began_at=on_scene - timedelta(minutes=told["travel"]),
            paged_at=on_scene - timedelta(minutes=told["travel"]),
            on_scene_at=on_scene,
            clear_at=min(on_scene + timedelta(minutes=told["scene"]), self._now),
            initial_nature=Nature(told["nature"]),
            final_nature=Nature(told["nature"]) if complete else None,
            location=told["where"],
            location_type=LocationType.RESIDENCE if complete else None,
            narrative=told["text"],
        )
        self._s.add(encounter)
        self._endings(encounter, told["endings"])
        self._seen(client, encounter.began_at)
        return encounter

    def _endings(self, encounter: Encounter, endings: Sequence[str]) -> None:
        self._s.add_all(
            Disposition(encounter_id=encounter.id, position=i, ending=Ending(code)) for i, code in enumerate(endings)
        )

    def _seen(self, client: Client, moment: datetime) -> None:
        if client.last_contact_at is None or moment > client.last_contact_at:
            client.last_contact_at = moment

    def _note(self, client: Client, encounter: Encounter | None, days_ago: float, body: str, *, signed: bool) -> None:
        written = self._at(max(days_ago, 0), self._random.randint(8, 17), self._random.randint(0, 59))
        self._s.add(
            Note(
                client_id=client.id,
                encounter_id=encounter.id if encounter else None,
                body=body,
                written_at=written,
                status=NoteStatus.SIGNED if signed else NoteStatus.DRAFT,
                signed_at=written if signed else None,
                signed_by=self._signature if signed else "",
            )
        )

    # Next steps and referrals -------------------------------------------------------------------------------------

    def _step(self, client: Client, spec: Sequence[Any], referral: Referral | None = None) -> None:
        """Set a next step: kind, what, due in days, time of day or None, and the tries made so far."""
        kind, what, due, at, tries = (*spec, ()) if len(spec) == 4 else spec  # noqa: PLR2004  the last may be left out
        step = FollowUp(
            client_id=client.id,
            referral_id=referral.id if referral else None,
            kind=StepKind(kind),
            what=what,
            due_on=(self._now + timedelta(days=due)).date(),
            due_at=time.fromisoformat(at.zfill(5)) if at else None,
        )
        self._s.add(step)
        for back, (channel, result, note) in enumerate(reversed(tries)):
            attempt = Attempt(
                client_id=client.id,
                followup_id=step.id,
                made_at=self._at(back + 1, 14 - back % 4, 5 + 7 * back % 50),
                channel=Channel(channel),
                result=TryResult(result),
                minutes=1 + back,
                by=self._signature,
                note=note,
            )
            self._s.add(attempt)
            if attempt.result is TryResult.REACHED:
                self._seen(client, attempt.made_at)

    def _referral(self, client: Client, spec: Mapping[str, Any], *, release_days: int = 360) -> None:
        service = self._services[spec["service"]]
        state = ReferralState(spec["state"])
        opened = self._at(spec["days"] + 0.2, 10, 20)
        sent = state not in (ReferralState.DRAFT, ReferralState.INFORMATION)
        release = self._release(client, service, opened, release_days) if sent else None
        referral = Referral(
            client_id=client.id,
            number=self._s.number("referral", opened.year),
            service_id=service.id,
            need=Need(spec["need"]),
            sentence=spec["sentence"],
            urgency=Urgency(spec.get("urgency", "routine")),
            hand_off=HandOff(spec.get("hand_off", "packet")),
            wants=spec.get("wants", ""),
            has=spec.get("has", ""),
            tried=spec.get("tried", ""),
            spoke_with=spec.get("spoke", ""),
            client_agreed=sent,
            release_id=release.id if release else None,
            state=state,
            state_at=opened,
            sent_at=opened if sent or state is ReferralState.INFORMATION else None,
        )
        if not referral.is_open:
            referral.closed_at = self._at(max(spec["days"] - 6, 0), 15)
            referral.state_at = referral.closed_at
        self._s.add(referral)
        if sent:
            self._sent(client, referral, release, opened)
            if state is not ReferralState.SENT:
                at = referral.closed_at or self._at(max(spec["days"] - 1, 0), 11)
                self._s.add(ReferralEvent(referral_id=referral.id, at=at, state=state))
        if "step" in spec:
            self._step(client, spec["step"], referral)

    def _release(self, client: Client, service: Service, signed: datetime, days: int) -> Release:
        organization = self._s.get_one(Organization, service.organization_id)
        release = Release(
            client_id=client.id,
            organization_id=organization.id,
            recipient=organization.name,
            scopes=(ReleaseScope.IDENTITY, ReleaseScope.REASON),
            purpose=self._town["practice"]["unit"],
            signed_on=signed.date(),
            expires_on=(self._now + timedelta(days=days)).date(),
            signed_by=client.shown_name,
        )
        self._s.add(release)
        return release

    def _sent(self, client: Client, referral: Referral, release: Release | None, at: datetime) -> None:
        packet = Packet(
            referral_id=referral.id,
            client_id=client.id,
            number=self._s.packet_number(),
            pages=(PageKind.COVER, PageKind.REFERRAL_FORM, PageKind.HANDOUT),
            first_printed_at=at,
        )
        self._s.add(packet)
        self._s.add(ReferralEvent(referral_id=referral.id, at=at, state=ReferralState.SENT))
        self._s.add(
            Disclosure(
                client_id=client.id,
                referral_id=referral.id,
                packet_id=packet.id,
                release_id=release.id if release else None,
                made_at=at,
                audience=Audience.PROVIDER,
                recipient=release.recipient if release else "",
                how=DisclosureHow.FAXED,
                basis=Basis.RELEASE,
                what=", ".join(kind.label for kind in (PageKind.COVER, PageKind.REFERRAL_FORM)),
                pages=2,
            )
        )

    # The others ---------------------------------------------------------------------------------------------------

    def _other(self, index: int) -> None:
        draw = self._random
        pronouns = draw.choice(("she/her",) * 9 + ("he/him",) * 9 + ("they/them",))
        first = self._town["first_names"][pronouns]
        last = self._town["last_names"]
        number = f"555-01{draw.randint(0, 99):02d}"
        spec = {
            "first": first[index % len(first)],
            "last": last[index % len(last)],
            "pronouns": pronouns,
            "age": draw.randint(17, 84),
            "languages": draw.choice(("English",) * 5 + ("Spanish and English", "Vietnamese", "Polish and English")),
            "insurance": draw.choice(("Medicaid", "Medicaid", "Medicare", "Private", "")),
            "phone": number,
            "voicemail": draw.choice(("ok", "no", "no_identity", "not_asked")),
            "text": draw.random() < 0.5,  # noqa: PLR2004  half of them
            "address": f"{draw.randint(2, 240)} {draw.choice(self._town['streets'])}",
        }
        closed = index < _CLOSED
        days = draw.randint(120, 500) if closed else draw.randint(8, 150)
        client = self._client(spec, days)
        self._history(client, pronouns, days, closed=closed)
        self._other_referrals(client, index, days, closed=closed)
        if closed:
            client.status = ClientStatus.CLOSED
            client.closed_on = self._at(days // 3).date()
            client.close_reason = draw.choice((CloseReason.GOALS_MET, CloseReason.CONNECTED, CloseReason.MOVED))
        else:
            client.status = ClientStatus.MONITORING if index % 4 == 0 else ClientStatus.ACTIVE
            kind = draw.choice((StepKind.CALL, StepKind.CALL, StepKind.VISIT, StepKind.TEXT, StepKind.LETTER))
            what = draw.choice(("how the week went", "day 30", "caring note", "day 7", "ask about the appointment"))
            tries = ([("call", "no_answer", "")], [], [("call", "voicemail", "")])[index % 3]
            self._step(client, (kind, what, 1 + index * 2 % 31, None, tries))

    def _history(self, client: Client, pronouns: str, days: int, *, closed: bool) -> None:
        draw = self._random
        they, them, their = _THEY.get(pronouns, ("They", "them", "their"))
        story = draw.choice(self._town["stories"])
        told = {
            "by": draw.choice(("patrol", "patrol", "dispatch", "family", "hospital")),
            "who": draw.choice(self._town["officers"]),
            "nature": story["nature"],
            "where": draw.choice(self._town["streets"]),
            "text": story["text"].format(They=they, them=them, their=their),
            "endings": story["endings"],
            "scene": draw.randint(20, 95),
            "travel": draw.randint(4, 18),
        }
        encounter = self._call_out(client, self._at(days, draw.randint(0, 23), draw.randint(0, 59)), told)
        encounter.needs = tuple(NeedCategory(need) for need in story["needs"])
        self._note(client, encounter, days - 0.5, draw.choice(self._town["notes"]), signed=True)
        last = days // 3 if closed else 1
        for _visit in range(draw.randint(2, 6)):
            ago = draw.randint(last, max(days - 1, last))
            self._contact(client, draw.choice(self._town["contacts"]), ago)

    def _contact(self, client: Client, spec: Mapping[str, str], days_ago: int) -> None:
        began = self._at(days_ago, self._random.randint(8, 17), self._random.choice((0, 10, 20, 30, 40, 50)))
        encounter = Encounter(
            client_id=client.id,
            number=self._s.number("encounter", began.year),
            contact_type=ContactType(spec["type"]),
            began_at=began,
            clear_at=min(began + timedelta(minutes=self._random.randint(5, 50)), self._now),
            narrative=spec["text"],
        )
        self._s.add(encounter)
        self._endings(encounter, ["D01"])
        self._seen(client, began)

    def _other_referrals(self, client: Client, index: int, days: int, *, closed: bool) -> None:
        """Give every closed client and every second open one a referral, so that each state can be seen."""
        draw = self._random
        service = draw.choice(tuple(self._services.values()))
        need = draw.choice(tuple(Need))
        going = not closed and index % 4 < 2  # noqa: PLR2004  two in four are still going
        if not closed and index % 2:
            return
        state = (_OPEN if going else _ENDED)[index // 2 % len(_OPEN if going else _ENDED)]
        spec: dict[str, Any] = {
            "service": service.name,
            "need": need.value,
            "sentence": self._town["sentences"][need.value],
            "state": state.value,
            "days": draw.randint(days // 2, days) if closed else draw.randint(2, min(days, 12)),
        }
        if going and state is not ReferralState.DRAFT:
            spec["step"] = ("agency", "ask how it stands", 5 + index % 17, None)
        self._referral(client, spec)


__all__ = ["fill"]

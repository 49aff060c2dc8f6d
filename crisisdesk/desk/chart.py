"""The head of a client's chart, which never scrolls away: who it is, what to know before going, what worked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from crisisdesk.clock import Clock
from crisisdesk.desk import beside
from crisisdesk.desk.beside import Flag
from crisisdesk.desk.chart_side import ChartSide, SideCard, read_reach, read_side
from crisisdesk.desk.entries import Entry
from crisisdesk.desk.names import initials
from crisisdesk.desk.timeline import Timeline
from crisisdesk.desk.when import clock_time, short_day, short_weekday
from crisisdesk.desk.words import About, Birth, Mark, Tone, age, dotted, lower_start
from crisisdesk.errors import NotFound
from crisisdesk.i18n import _
from crisisdesk.records.choices import ClientStatus, FlagKind, YesNo
from crisisdesk.records.clients import Client, ClientAddress
from crisisdesk.records.safety import ResponsePlan
from crisisdesk.vault import holds
from crisisdesk.vault.store import Store

_LATELY = 3  # entries of a preview
_WEEK = 7  # days


@dataclass(frozen=True, slots=True, kw_only=True)
class Banner:
    """What to know before going, over the whole width: heavy words, the reason, and when it is looked at again."""

    id: str | None  # of the flag; None for what the client's own facts say
    mark: Mark
    reason: str
    note: str  # "Review by Dec 15"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What worked last time."""

    opens_with: str
    avoid: str
    ask_for: str
    day: str  # "Nov 18"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartHead:
    """The head of a chart."""

    id: str
    name: str
    initials: str
    number: str
    line: str  # “Mari” · 44, she/her · Spanish and English
    pronouns: str
    status: Mark
    is_open: bool
    is_held: bool  # under a legal hold
    banners: tuple[Banner, ...]  # danger above caution
    plan: Plan | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lately:
    """One of the newest entries, in a few words."""

    entry: Entry
    text: str
    aside: str
    tone: Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A chart beside the list of clients."""

    head: ChartHead
    reach: SideCard
    address: str
    address_note: str  # "Plain envelope only"
    lately: tuple[Lately, ...]


class Chart:
    """Reads charts."""

    def __init__(self, store: Store, clock: Clock, timeline: Timeline) -> None:
        self._store = store
        self._clock = clock
        self._timeline = timeline

    def head(self, client_id: str) -> ChartHead:
        """Return the head of a chart. Raises NotFound."""
        with self._store.read() as s:
            return _head(s, client_id, self._clock)

    def side(self, client_id: str) -> ChartSide:
        """Return the cards at the side of a chart. Raises NotFound."""
        with self._store.read() as s:
            return read_side(s, client_id, _pronouns(s, client_id), self._clock)

    def preview(self, client_id: str) -> Preview:
        """Return a chart as it is shown beside the list. Raises NotFound."""
        with self._store.read() as s:
            head = _head(s, client_id, self._clock)
            address = s.scalar(
                select(ClientAddress.address)
                .where(ClientAddress.client_id == client_id)
                .order_by(ClientAddress.position)
                .limit(1)
            )
            reach = read_reach(s, client_id, head.pronouns)
            entries = self._timeline.read(client_id, limit=_LATELY).entries
        return Preview(
            head=head,
            reach=reach,
            address=address or "",
            address_note=_envelope(head.banners),
            lately=tuple(self._lately(entry) for entry in entries),
        )

    def _lately(self, entry: Entry) -> Lately:
        if entry.badge and entry.badge.about is About.STATE and entry.badge.tone is not Tone.DONE:
            return Lately(entry=entry, text=entry.short, aside=lower_start(entry.badge.text), tone=entry.badge.tone)
        at, today = self._clock.local(entry.at), self._clock.today()
        days = (today - at.date()).days
        if days == 0:
            aside = clock_time(at)
        elif days < _WEEK:
            aside = _("{day} {time}").format(day=short_weekday(at.weekday()), time=clock_time(at))
        else:
            aside = short_day(at.date(), today)
        return Lately(entry=entry, text=entry.short, aside=aside, tone=Tone.PLAIN)


def _pronouns(s: Session, client_id: str) -> str:
    pronouns = s.scalar(select(Client.pronouns).where(Client.id == client_id))
    if pronouns is None:
        raise NotFound(_("This client is no longer in the file."))
    return pronouns


_HEAD = select(
    Client.shown_name,
    Client.first_name,
    Client.last_name,
    Client.described_as,
    Client.goes_by,
    Client.number,
    Client.born_on,
    Client.birth_quality,
    Client.age_guess,
    Client.age_guessed_on,
    Client.pronouns,
    Client.languages,
    Client.interpreter,
    Client.plain_envelope,
    Client.status,
    Client.set_aside_at,
)


def _head(s: Session, client_id: str, clock: Clock) -> ChartHead:
    row = s.execute(_HEAD.where(Client.id == client_id)).one_or_none()
    if row is None:
        raise NotFound(_("This client is no longer in the file."))
    today = clock.today()
    born = Birth(born_on=row.born_on, quality=row.birth_quality, guess=row.age_guess, guessed_on=row.age_guessed_on)
    called = row.goes_by.strip()
    spoken = _languages(row.languages, row.interpreter)
    return ChartHead(
        id=client_id,
        name=row.shown_name,
        initials=initials(row.first_name, row.last_name, row.described_as),
        number=row.number,
        line=dotted(
            _("“{name}”").format(name=called) if called and called != row.shown_name else "",
            ", ".join(part for part in (age(born, today), row.pronouns.strip()) if part),
            spoken,
        ),
        pronouns=row.pronouns,
        status=_status(row.status, is_set_aside=row.set_aside_at is not None),
        is_open=row.status is not ClientStatus.CLOSED and row.set_aside_at is None,
        is_held=holds.is_held(s.connection(), client_id),
        banners=_banners(beside.flags(s, [client_id]).get(client_id, ()), today, plain_envelope=row.plain_envelope),
        plan=_plan(s, client_id, today),
    )


def _languages(languages: str, interpreter: YesNo) -> str:
    if interpreter is not YesNo.YES:
        return languages.strip()
    return ", ".join(part for part in (languages.strip(), _("interpreter")) if part)


def _status(status: ClientStatus, *, is_set_aside: bool) -> Mark:
    if is_set_aside:
        return Mark(about=About.STATE, text=_("Set aside"), tone=Tone.CAUTION)
    tones = {ClientStatus.ACTIVE: Tone.DONE, ClientStatus.MONITORING: Tone.DUE}
    return Mark(about=About.STATE, text=status.label, tone=tones.get(status, Tone.PLAIN))


def _banners(flags: Sequence[Flag], today: date, *, plain_envelope: bool) -> tuple[Banner, ...]:
    banners = [
        Banner(id=flag.id, mark=flag.mark, reason=flag.reason.strip(), note=_reviewed(flag, today)) for flag in flags
    ]
    # The form's own tick speaks as loudly as the flag, if nobody set the flag.
    if plain_envelope and all(flag.kind is not FlagKind.PLAIN_ENVELOPE for flag in flags):
        mark = Mark(about=About.SAFETY, text=FlagKind.PLAIN_ENVELOPE.label, tone=Tone.CAUTION)
        banners.append(Banner(id=None, mark=mark, reason="", note=""))
    return tuple(banners)


def _reviewed(flag: Flag, today: date) -> str:
    """Return who said so and when it is looked at again. A flag ends by its review, so a late one still stands."""
    review = ""
    if flag.review_on:
        words = _("Review by {day}") if flag.review_on >= today else _("Review was due {day}")
        review = words.format(day=short_day(flag.review_on, today))
    return ". ".join(part for part in (flag.source.strip().rstrip("."), review) if part)


def _envelope(banners: Sequence[Banner]) -> str:
    words = FlagKind.PLAIN_ENVELOPE.label
    return words if any(banner.mark.text == words for banner in banners) else ""


def _plan(s: Session, client_id: str, today: date) -> Plan | None:
    row = s.execute(
        select(ResponsePlan.opens_with, ResponsePlan.avoid, ResponsePlan.ask_for, ResponsePlan.planned_on).where(
            ResponsePlan.client_id == client_id
        )
    ).one_or_none()
    if row is None or not any((row.opens_with, row.avoid, row.ask_for)):
        return None
    return Plan(
        opens_with=row.opens_with,
        avoid=row.avoid,
        ask_for=row.ask_for,
        day=short_day(row.planned_on, today) if row.planned_on else "",
    )

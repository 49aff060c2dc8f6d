"""Find, write down, check and set aside the services that she sends people to."""

from dataclasses import dataclass, fields
from datetime import timedelta

from sqlalchemy import select

from crisisdesk.clock import Clock
from crisisdesk.desk.checks import CheckState
from crisisdesk.desk.drafts import Problems
from crisisdesk.desk.glance import Item
from crisisdesk.desk.service_card import ServiceCard, ServiceCards
from crisisdesk.desk.service_draft import PrivateDraft, ServiceDraft
from crisisdesk.desk.service_form import Shown, fill, show
from crisisdesk.desk.service_list import Facets, ServiceList, ServicePage, ServiceQuery, ServiceRow, row
from crisisdesk.desk.shelf import Key, Shelf
from crisisdesk.errors import NotFound
from crisisdesk.i18n import _
from crisisdesk.records.choices import CheckHow, CheckResult
from crisisdesk.records.directory import Organization, PrivateNotes, Service, ServiceCheck
from crisisdesk.vault.store import Store

_A_WEEK = 5  # calls; two hundred services are then current within forty weeks
_PAGE = 100  # rows


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSheet:
    """This week's calls to agencies: how many are done, and whom to call next."""

    done: int
    of: int
    rows: tuple[ServiceRow, ...]


class Services:
    """What she does with services. Ids go in and out; records stay here."""

    def __init__(self, store: Store, clock: Clock, shelf: Shelf) -> None:
        self._store = store
        self._clock = clock
        self._shelf = shelf
        self._list = ServiceList(store, clock, shelf)
        self._cards = ServiceCards(store, clock)

    # Look ------------------------------------------------------------------------------------------------------

    def page(
        self, query: ServiceQuery, after: Key | None = None, limit: int = _PAGE, *, twenty_four: bool = True
    ) -> ServicePage:
        """Return the services that a query finds, best for her first, from behind ``after`` on."""
        return self._list.page(query, after, limit, twenty_four=twenty_four)

    def facets(self, query: ServiceQuery) -> Facets:
        """Return the filters' choices, each with the number of services that it would show."""
        return self._list.facets(query)

    def rows(self, service_ids: list[str], *, twenty_four: bool = True) -> tuple[ServiceRow, ...]:
        """Return these services as the list shows them, without those that are gone: to refresh the screen."""
        view, now = self._shelf.view(), self._clock.local(self._clock.now()).replace(tzinfo=None)
        shown = (view.items[view.place[key]] for key in service_ids if key in view.place)
        return tuple(row(item, view.today, now, twenty_four=twenty_four) for item in shown)

    def card(self, service_id: str, *, twenty_four: bool = True) -> ServiceCard:
        """Return all that there is to know of a service. Raises NotFound."""
        return self._cards.card(service_id, twenty_four=twenty_four)

    def organizations(self) -> tuple[str, ...]:
        """Return the names of the organizations, for the form to complete."""
        query = (
            select(Organization.name).where(Organization.set_aside_at.is_(None)).distinct().order_by(Organization.name)
        )
        with self._store.read() as s:
            return tuple(s.scalars(query))

    def call_sheet(self, *, twenty_four: bool = True) -> CallSheet:
        """Return whom to call this week so that the directory stays true.

        What she uses comes first, then what people need tonight; among those what failed, what is oldest, what nobody
        ever checked. Each check this week counts.
        """
        view, now = self._shelf.view(), self._clock.local(self._clock.now()).replace(tzinfo=None)
        monday = view.today - timedelta(days=view.today.weekday())
        with self._store.read() as s:
            done = set(s.scalars(select(ServiceCheck.service_id).where(ServiceCheck.checked_on >= monday)))
        due = (
            item
            for item in view.items
            if not item.is_hidden and item.id not in done and item.checked.state(view.today) is not CheckState.FRESH
        )
        chosen = sorted(due, key=_urgency)[: max(_A_WEEK - len(done), 0)]
        rows = tuple(row(item, view.today, now, twenty_four=twenty_four) for item in chosen)
        return CallSheet(done=min(len(done), _A_WEEK), of=_A_WEEK, rows=rows)

    # Write -----------------------------------------------------------------------------------------------------

    def draft(self, service_id: str, *, twenty_four: bool = True) -> ServiceDraft:
        """Return a service as the form shows it. Raises NotFound."""
        return self._shown(service_id, twenty_four=twenty_four).draft

    def add(self, draft: ServiceDraft) -> str:
        """Write down a service and return its id. Raises Invalid."""
        draft.check()
        with self._store.write("Add service") as s:
            service = s.add(Service(organization_id=""))
            fill(s, service, draft, Shown(ServiceDraft(), frozenset({""})))
        return service.id

    def edit(self, service_id: str, draft: ServiceDraft) -> None:
        """Change a service's public facts; an import then leaves it as she wrote it. Raises Invalid, NotFound."""
        draft.check()
        shown = self._shown(service_id)
        with self._store.write("Edit service") as s:
            service = s.get_one(Service, service_id)
            fill(s, service, draft, shown)
            service.edited_at = self._clock.now()

    def _shown(self, service_id: str, *, twenty_four: bool = True) -> Shown:
        with self._store.read() as s:
            service = s.get(Service, service_id)
            if service is None:
                raise NotFound(_("This service is no longer in the directory."))
            return show(s, service, self._clock.today(), twenty_four=twenty_four)

    def private_draft(self, service_id: str) -> PrivateDraft:
        """Return what only she knows, as the form shows it."""
        with self._store.read() as s:
            notes = s.scalars(select(PrivateNotes).where(PrivateNotes.service_id == service_id)).first()
            return (
                PrivateDraft(**{f.name: getattr(notes, f.name) for f in fields(PrivateDraft)})
                if notes
                else PrivateDraft()
            )

    def set_private(self, service_id: str, draft: PrivateDraft) -> None:
        """Write down what only she knows. Never printed, never exported. Raises Invalid, NotFound."""
        draft.check()
        with self._store.write("Edit private notes") as s:
            s.get_one(Service, service_id)
            notes = s.scalars(select(PrivateNotes).where(PrivateNotes.service_id == service_id)).first()
            if notes is None:
                notes = s.add(PrivateNotes(service_id=service_id))
            for f in fields(PrivateDraft):
                setattr(notes, f.name, getattr(draft, f.name))

    def check(self, service_id: str, how: CheckHow, result: CheckResult, note: str = "") -> str:
        """Write down today's check of a service and return its id. Raises NotFound.

        If it didn't work, the service isn't checked: it shows as failed until a check works.
        """
        today = self._clock.today()
        with self._store.write("Check service") as s:
            service = s.get_one(Service, service_id)
            if result is not CheckResult.DID_NOT:
                service.checked_on = today
            check = ServiceCheck(service_id=service_id, checked_on=today, how=how, result=result, note=note)
            s.add(check)
        return check.id

    def set_aside(self, service_id: str, reason: str) -> None:
        """Take a service out of view, with a reason; its referrals keep it. Raises Invalid, NotFound."""
        problems = Problems()
        problems.require("reason", reason, _("Say why, in a few words."))
        problems.raise_any()
        with self._store.write("Set service aside") as s:
            service = s.get_one(Service, service_id)
            service.set_aside_at = self._clock.now()
            service.set_aside_reason = reason


def _urgency(item: Item) -> tuple[bool, bool, bool, int, str]:
    """Return the order of calls: used, needed tonight, failed, oldest, by name."""
    checked = item.checked
    is_used = bool(item.outcome.ended or item.outcome.under_way)
    age = checked.checked_on.toordinal() if checked.checked_on else 0
    return (not is_used, not checked.is_critical, not checked.failed_on, age, item.list_name)

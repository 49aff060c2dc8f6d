"""What the clinician does: one module per noun, one function per act. ``Desk`` holds them all."""

from collections.abc import Callable

from crisisdesk.clock import Clock
from crisisdesk.desk.alike import LookAlikes
from crisisdesk.desk.audit_trail import AuditTrail
from crisisdesk.desk.chart import Chart
from crisisdesk.desk.client_list import ClientList
from crisisdesk.desk.clients import Clients
from crisisdesk.desk.directory import Directory
from crisisdesk.desk.disclosures import Disclosures
from crisisdesk.desk.encounters import Encounters
from crisisdesk.desk.followups import FollowUps
from crisisdesk.desk.holds import Holds
from crisisdesk.desk.keys import KeysDesk
from crisisdesk.desk.locks import LocksDesk
from crisisdesk.desk.matching import Matching
from crisisdesk.desk.notes import Notes
from crisisdesk.desk.practice import PracticeDesk
from crisisdesk.desk.referral_list import ReferralList
from crisisdesk.desk.referrals import Referrals
from crisisdesk.desk.releases import Releases
from crisisdesk.desk.retention import Retention
from crisisdesk.desk.safekeeping import SafeKeeping
from crisisdesk.desk.search import Search
from crisisdesk.desk.services import Services
from crisisdesk.desk.shelf import Shelf
from crisisdesk.desk.this_computer import ThisComputer
from crisisdesk.desk.timeline import Timeline
from crisisdesk.desk.today import Today
from crisisdesk.desk.unsaved import Unsaved
from crisisdesk.vault.changes import Changes
from crisisdesk.vault.store import Store


class Desk:
    """An open vault and everything that can be done with it. Made at unlock, closed at lock."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self.clock = clock
        self.audit_trail = AuditTrail(store, clock)
        self.practice = PracticeDesk(store)
        self.locks = LocksDesk(store)
        self.keys = KeysDesk(store, clock)
        self.clients = Clients(store, clock)
        self.alike = LookAlikes(store, clock)
        self.encounters = Encounters(store, clock)
        self.notes = Notes(store, clock, self.practice)
        self.releases = Releases(store, clock)
        self.followups = FollowUps(store, clock, self.practice)
        self.referrals = Referrals(store, clock)
        self.disclosures = Disclosures(store, clock, self.referrals)
        self.unsaved = Unsaved(store, clock)
        self.directory = Directory(store, clock)
        shelf = Shelf(store, clock)
        self.services = Services(store, clock, shelf)
        self.matching = Matching(store, clock, shelf)
        self.today = Today(store, clock, self.practice)
        self.timeline = Timeline(store, clock)
        self.chart = Chart(store, clock, self.timeline)
        self.client_list = ClientList(store, clock)
        self.referral_list = ReferralList(store, clock, self.practice)
        self.search = Search(store, clock)
        self.safekeeping = SafeKeeping(store, clock)
        self.this_computer = ThisComputer(store)
        self.holds = Holds(store, clock)
        self.retention = Retention(store, clock, self.practice)

    def subscribe(self, listener: Callable[[Changes], None]) -> Callable[[], None]:
        """Call the listener after each write; returns the function that ends it."""
        return self._store.subscribe(listener)

    @property
    def undo_label(self) -> str | None:
        """What Undo would take back, or None."""
        return self._store.undo_label

    @property
    def redo_label(self) -> str | None:
        """What Redo would bring back, or None."""
        return self._store.redo_label

    def undo(self) -> Changes:
        """Take back the last act. Raises CannotUndo, Stale."""
        return self._store.undo()

    def redo(self) -> Changes:
        """Bring back the act that was last taken back. Raises Stale."""
        return self._store.redo()

    def close(self, why: str = "") -> None:
        """Close the vault and forget its key; ``why`` is a code for the audit log ("idle", "asked", "sleep")."""
        self._store.close(why)

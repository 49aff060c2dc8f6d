"""The lists of the window, together."""

from crisisdesk.clock import Clock
from crisisdesk.desk.client_list import ClientList
from crisisdesk.desk.practice import PracticeDesk
from crisisdesk.desk.referral_list import ReferralList
from crisisdesk.vault.store import Store


class Lists:
    """Rows for tables, a page at a time."""

    def __init__(self, store: Store, clock: Clock, practice: PracticeDesk) -> None:
        self.clients = ClientList(store, clock)
        self.referrals = ReferralList(store, clock, practice)

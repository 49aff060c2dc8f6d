"""The pages of the window, in the order of the rail. A new page is a line here."""

from crisisdesk.i18n import N_
from crisisdesk.ui.page import PageEntry
from crisisdesk.ui.pages import resources
from crisisdesk.ui.pages.clients import ClientsPage
from crisisdesk.ui.pages.resources import ResourcesPage
from crisisdesk.ui.pages.today import TodayPage

PAGES: tuple[PageEntry, ...] = (
    PageEntry(
        id="today",
        title=N_("Today"),
        icon="today",
        make=TodayPage,
        count=lambda context: context.desk.today.counts().today,
        count_tables=frozenset({"followup", "client", "referral"}),
    ),
    PageEntry(
        id="clients",
        title=N_("Clients"),
        icon="clients",
        make=ClientsPage,
        count=lambda context: context.desk.today.counts().clients,
        count_tables=frozenset({"client"}),
    ),
    PageEntry(id="resources", title=N_("Resources"), icon="resources", make=ResourcesPage, commands=resources.COMMANDS),
)

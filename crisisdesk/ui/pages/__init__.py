"""The pages of the window, in the order of the rail. A new page is a line here."""

from crisisdesk.i18n import N_
from crisisdesk.ui.page import PageEntry
from crisisdesk.ui.pages import audit, chart_commands, referrals, resources, retention, safekeeping, security
from crisisdesk.ui.pages.chart import ChartPage
from crisisdesk.ui.pages.clients import ClientsPage
from crisisdesk.ui.pages.refer import ReferPage
from crisisdesk.ui.pages.resources import ResourcesPage
from crisisdesk.ui.pages.settings import SettingsPage
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
    PageEntry(
        id="chart",
        title=N_("Chart"),
        make=ChartPage,
        rail=False,
        under="clients",
        commands=chart_commands.COMMANDS,
    ),
    PageEntry(
        id="referrals",
        title=N_("Referrals"),
        icon="referrals",
        make=referrals.ReferralsPage,
        count=referrals.count_open,
        count_tables=frozenset({"referral", "client"}),
        commands=referrals.COMMANDS,
    ),
    PageEntry(id="refer", title=N_("Refer"), make=ReferPage, rail=False, under="referrals"),
    PageEntry(id="resources", title=N_("Resources"), icon="resources", make=ResourcesPage, commands=resources.COMMANDS),
    PageEntry(
        id="safekeeping",
        title=N_("Safe-keeping"),
        make=safekeeping.SafeKeepingPage,
        rail=False,
        under="settings",
        commands=safekeeping.COMMANDS,
    ),
    PageEntry(id="settings", title=N_("Settings"), icon="settings", make=SettingsPage),
    PageEntry(
        id="retention",
        title=N_("Retention"),
        make=retention.RetentionPage,
        rail=False,
        under="settings",
        commands=retention.COMMANDS,
    ),
    PageEntry(
        id="audit",
        title=N_("Audit log"),
        make=audit.AuditPage,
        rail=False,
        under="settings",
        commands=audit.COMMANDS,
    ),
    PageEntry(
        id="security",
        title=N_("How safe is this?"),
        make=security.SecurityPage,
        rail=False,
        under="settings",
        commands=security.COMMANDS,
    ),
)

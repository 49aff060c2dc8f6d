"""Help's own commands, for the menu and the palette."""

from crisisdesk.i18n import N_
from crisisdesk.ui.commands import Command
from crisisdesk.ui.help import about, guide, news
from crisisdesk.ui.help.place import over_desk
from crisisdesk.ui.page import Context


def open_guide(context: Context) -> None:
    """Show the guide over the window."""
    guide.open_guide(over_desk(context, guide.WIDTH))


def open_news(context: Context) -> None:
    """Show what this version brought."""
    news.show_news(context.window.widget)


def open_about(context: Context) -> None:
    """Show the version and the details for support."""
    about.show_about(over_desk(context, guide.WIDTH))


COMMANDS: tuple[Command[Context], ...] = (
    Command(
        "guide.open",
        N_("First minutes (guide)"),
        run=open_guide,
        key="F1",
        icon="note",
        menu="help",
        words=N_("help manual install first client how"),
    ),
    Command("news.open", N_("What’s new"), run=open_news, menu="help", words=N_("version changes update")),
    Command(
        "about.open",
        N_("About CrisisDesk"),
        run=open_about,
        menu="help",
        words=N_("version licence support details copy"),
    ),
)

"""Going back to a backup from the open desk: what would change, in counts, before anything does."""

from pathlib import Path

from PySide6.QtCore import QTimer

from crisisdesk.desk.safekeeping import Preview
from crisisdesk.desk.when import short_day
from crisisdesk.errors import DeskError
from crisisdesk.i18n import _, ngettext
from crisisdesk.ui import ask
from crisisdesk.ui.page import Context
from crisisdesk.ui.tokens import Role
from crisisdesk.ui.widgets.dialog import Dialog
from crisisdesk.ui.widgets.labels import label, paragraph
from crisisdesk.ui.window import Window
from crisisdesk.vault.backup import read_manifest

_MOST_DAYS = 6


class RestoreDialog(Dialog):
    """What going back would mean: how old the copy is, and what would not be in it."""

    def __init__(self, context: Context, preview: Preview) -> None:
        super().__init__(
            context.window.widget,
            _("Go back to this backup?"),
            preview.sentence,
            width=560,
        )
        today = context.clock.today()
        for words in preview.since.sentences(today):
            self.add(paragraph(words, "text"))
        lost = lost_words(preview)
        if lost:
            self.add(paragraph(_("Written since, and not in it: {lost}.").format(lost=lost), "text"))
            self.add(label(_("By day"), Role.NAME))
            days = sorted(preview.days.items(), reverse=True)
            said = [_("{day}: {count}").format(day=short_day(day, today), count=count) for day, count in days]
            if len(said) > _MOST_DAYS:
                said = [*said[:_MOST_DAYS], _("and earlier")]
            self.add(paragraph(" · ".join(said)))
        self.add(
            paragraph(
                _(
                    "Your present vault is kept beside it, locked as it is, for two weeks at least, or until you let "
                    "it go. CrisisDesk locks now and asks for the passphrase of the backup’s day. It and the recovery "
                    "sheet of that day are then in force again."
                )
            )
        )
        self.set_acts(act=_("Go back to it…"), keep=_("Stay"), danger=True)


def lost_words(preview: Preview) -> str:
    """Return "3 clients, 7 notes", or nothing."""
    said = {
        "client": ngettext("{count} client", "{count} clients", preview.lost.get("client", 0)),
        "encounter": ngettext("{count} encounter", "{count} encounters", preview.lost.get("encounter", 0)),
        "note": ngettext("{count} note", "{count} notes", preview.lost.get("note", 0)),
        "referral": ngettext("{count} referral", "{count} referrals", preview.lost.get("referral", 0)),
        "followup": ngettext("{count} next step", "{count} next steps", preview.lost.get("followup", 0)),
    }
    return ", ".join(
        words.format(count=preview.lost[table]) for table, words in said.items() if preview.lost.get(table)
    )


def offer_restore(context: Context, file: Path) -> None:
    """Show what going back to a file would mean, and go, if she wants to."""
    window = context.window.widget
    try:
        preview = context.desk.safekeeping.preview(read_manifest(file))
    except DeskError as problem:
        ask.tell(window, _("This backup can’t be used"), str(problem))
        return
    except FileNotFoundError:
        ask.tell(window, _("This backup can’t be used"), _("The file is no longer there."))
        return
    if not ask.run(RestoreDialog(context, preview)) or not isinstance(window, Window) or window.restoring is None:
        return
    restoring = window.restoring
    QTimer.singleShot(0, window, lambda: restoring(file))  # once this page is done: it is about to go

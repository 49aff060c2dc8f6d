"""Says once, after unlocking, that the vault's file is older than it was when it was last open here."""

from typing import TYPE_CHECKING

from crisisdesk.i18n import _, ngettext

if TYPE_CHECKING:
    from datetime import timedelta

    from crisisdesk.ui.page import Context
    from crisisdesk.vault.opening import Rollback

_HOUR, _DAY = 3600, 24 * 3600  # seconds


def warn(context: "Context", rollback: "Rollback") -> None:
    """Ask whether to go back to a backup, or on with the older file. It warns; it does not keep her out."""
    from crisisdesk.ui import ask  # noqa: PLC0415  the locked window stands sooner without the dialogs

    title = _("This is an older state of your file")
    wants_backup = ask.confirm(
        context.window.widget, title, words(rollback), act=_("Restore a backup…"), keep=_("Go on with it")
    )
    if wants_backup:
        context.window.go("safekeeping")


def words(rollback: "Rollback") -> str:
    """Return what is missing, in counts, and what may have happened."""
    cause = _("Somebody may have put back an older copy of it, or the computer was set back to an earlier day.")
    if not rollback.lines_behind:
        other = _("When CrisisDesk last had it open, something else stood in it: it is not the same file any more.")
        return f"{other} {cause}"
    missing = ngettext(
        "{count} act that was written down here is not in it, from {span}.",
        "{count} acts that were written down here are not in it, from {span}.",
        rollback.lines_behind,
    ).format(count=rollback.lines_behind, span=_span(rollback.older_by))
    return f"{missing} {cause}"


def _span(older_by: "timedelta") -> str:
    seconds = max(older_by.total_seconds(), 0)
    if seconds >= _DAY:
        days = int(seconds // _DAY)
        return ngettext("the last day", "the last {count} days", days).format(count=days)
    hours = max(1, int(seconds // _HOUR))
    return ngettext("the last hour", "the last {count} hours", hours).format(count=hours)

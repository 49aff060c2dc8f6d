"""A filed paper, as it was printed."""

from crisisdesk.desk.entries import Entry
from crisisdesk.errors import DeskError
from crisisdesk.ui.page import Context
from crisisdesk.ui.tokens import State
from crisisdesk.ui.widgets.pdf_preview import LargePreview, Pdf

_WIDTH = 1000


def open_paper(context: Context, entry: Entry) -> LargePreview | None:
    """Show a paper of the timeline over the window; one that can't be shown is said in the message bar."""
    try:
        pdf = Pdf(context.desk.disclosures.paper(entry.record_id))
    except DeskError as problem:
        context.window.say(str(problem), state=State.CAUTION)
        return None
    context.desk.audit_trail.saw("attachment", entry.record_id)
    preview = LargePreview(entry.title, (pdf,))
    pdf.setParent(preview)
    preview.closed.connect(context.window.close_overlay)
    context.window.overlay(preview, width=_WIDTH)
    return preview

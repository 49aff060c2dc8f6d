"""Releases of information: who may be told what, why, and until when; taken back with one press."""

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from crisisdesk.desk.names import fold
from crisisdesk.desk.releases import ReleaseDraft, usual_end
from crisisdesk.i18n import _
from crisisdesk.records.choices import Direction, ReleaseScope, ReleaseStatus
from crisisdesk.ui.forms.card import FormCard, shown_client
from crisisdesk.ui.forms.editors import ChipsEditor, DateEditor, LineEditor, SegmentsEditor
from crisisdesk.ui.page import Context
from crisisdesk.ui.widgets.buttons import button, link

if TYPE_CHECKING:
    from datetime import date

_STATES = (ReleaseStatus.SIGNED, ReleaseStatus.VERBAL, ReleaseStatus.DRAFT)


class ReleaseCard(FormCard):
    """A new release, or one to put right or take back."""

    def __init__(
        self, context: Context, client_id: str, release_id: str = "", start: ReleaseDraft | None = None
    ) -> None:
        super().__init__(
            context,
            title=_("Release of information"),
            icon="reports",
            kept=("release", release_id or f"new {client_id}"),
            about=shown_client(context, client_id),
        )
        self._client_id = client_id
        self._release_id = release_id
        self._agencies = context.desk.releases.agencies()
        form = self.form
        form.add("recipient", _("&Who may be told"), LineEditor(), hint=_("the name on the paper"))
        form.add("recipient_contact", _("How to reach &them"), LineEditor())
        form.add("direction", _("Which wa&y"), SegmentsEditor([(d.value, d.label) for d in Direction]), wide=True)
        form.add("scopes", _("What may be &told"), ChipsEditor(ReleaseScope), wide=True)
        form.add("purpose", _("What &for"), LineEditor(placeholder=_("to find a room")), wide=True)
        form.add("status", _("How was it &given?"), SegmentsEditor([(s.value, s.label) for s in _STATES]), wide=True)
        form.add("signed_on", _("&Signed or agreed on"), DateEditor(context.clock, is_past=True))
        form.add("expires_on", _("&Ends on"), DateEditor(context.clock), hint=_("one year, unless the paper says less"))
        form.add("signed_by", _("Signed &by"), LineEditor(), hint=_("if not the client"))
        draft = context.desk.releases.draft(release_id) if release_id else _begun(start, context.clock.today())
        self._before = draft
        form.set_values({name: getattr(draft, name) for name in form.names})
        self._usual = draft.expires_on if not release_id else None
        self.begin()
        form.changed.connect(self._follow)
        is_over = draft.status is ReleaseStatus.REVOKED
        if is_over:
            self.say(_("The client took this release back. Nothing more is told on it."), "danger")
            self.form.setEnabled(False)
            self.set_acts(button(_("Close"), run=self.go_away))
            return
        if release_id:
            self._foot.insertWidget(0, link(_("The client takes it back"), self.revoke))
        words = _("Save") if release_id else _("Add the release")
        self.set_acts(
            button(_("Cancel"), run=self.leave), button(words, look="primary", key="Ctrl+Enter", run=self.finish)
        )

    def _follow(self, name: str) -> None:
        """Move the end with the day of signing, as long as it is the usual one."""
        values = self.form.values()
        signed_on = cast("date | None", values["signed_on"])
        if name == "signed_on" and signed_on and self._usual and values["expires_on"] == self._usual:
            self._usual = usual_end(signed_on)
            self.form.set_values({"expires_on": self._usual})

    def save(self) -> str:
        """Write it down. Raises Invalid."""
        draft = self._draft()
        if self._release_id:
            self.context.desk.releases.edit(self._release_id, draft)
            return _("The release was changed.")
        self.context.desk.releases.add(self._client_id, draft)
        return _("The release was added.")

    def revoke(self) -> None:
        """End it, because the client takes it back; it can be undone."""
        self.attempt(self._revoke)

    def _revoke(self) -> str:
        self.context.desk.releases.revoke(self._release_id)
        return _("The release was revoked.")

    def _draft(self) -> ReleaseDraft:
        values = self.form.values()
        recipient = str(values["recipient"])
        is_same = fold(recipient) == fold(self._before.recipient)
        known = self._agencies.get(fold(recipient))
        return ReleaseDraft(
            recipient=recipient,
            recipient_contact=str(values["recipient_contact"]),
            organization_id=(self._before.organization_id if is_same else None) or known,
            direction=Direction(str(values["direction"] or Direction.TO)),
            scopes=cast("tuple[ReleaseScope, ...]", values["scopes"]),
            purpose=str(values["purpose"]),
            status=ReleaseStatus(str(values["status"])) if values["status"] else None,
            signed_on=cast("date | None", values["signed_on"]),
            expires_on=cast("date | None", values["expires_on"]),
            signed_by=str(values["signed_by"]),
        )


def _begun(start: ReleaseDraft | None, today: "date") -> ReleaseDraft:
    """Return what a new release begins with: a day and an end, but never how it was given nor what for."""
    draft = start or ReleaseDraft()
    signed_on = draft.signed_on or today
    return replace(draft, signed_on=signed_on, expires_on=draft.expires_on or usual_end(signed_on))


def open_release(
    context: Context, client_id: str, release_id: str = "", *, start: ReleaseDraft | None = None
) -> ReleaseCard:
    """Open the form over the window: a new release, perhaps begun, or one that is there. Raises NotFound."""
    card = ReleaseCard(context, client_id, release_id, start)
    card.show_over(first=card.form.editor("recipient"))
    return card

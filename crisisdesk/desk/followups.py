"""Next steps with a date, and the tries made for them."""

from dataclasses import dataclass, fields
from datetime import date, datetime, time

from sqlalchemy import select

from crisisdesk.clock import Clock
from crisisdesk.desk.drafts import Problems
from crisisdesk.desk.practice import PracticeDesk
from crisisdesk.errors import NotFound, StateConflict
from crisisdesk.i18n import _
from crisisdesk.records.choices import Channel, StepKind, StepState, TryResult
from crisisdesk.records.clients import Client
from crisisdesk.records.followups import Attempt, FollowUp
from crisisdesk.records.referrals import Referral
from crisisdesk.vault.store import Store
from crisisdesk.vault.write import Write

# What counts as having reached the client, so that "last contact" is true.
_CONTACT = frozenset({TryResult.REACHED, TryResult.REPLIED, TryResult.ESCALATED})

_CHANNELS = {
    StepKind.CALL: Channel.CALL,
    StepKind.VISIT: Channel.VISIT,
    StepKind.TEXT: Channel.TEXT,
    StepKind.LETTER: Channel.LETTER,
    StepKind.AGENCY: Channel.PROVIDER,
    StepKind.OTHER: Channel.CALL,
}


@dataclass(kw_only=True)
class FollowUpDraft:
    """What the follow-up form holds."""

    kind: StepKind = StepKind.CALL
    what: str = ""
    due_on: date | None = None
    due_at: time | None = None
    referral_id: str | None = None
    encounter_id: str | None = None

    def check(self) -> None:
        """Raise Invalid where it can't be kept yet."""
        problems = Problems()
        problems.require("due_on", self.due_on, _("When? “Tomorrow”, “fri”, “3/4” or “in 2 weeks” will do."))
        problems.raise_any()


@dataclass(kw_only=True)
class TryDraft:
    """What the log-a-try form holds."""

    channel: Channel = Channel.CALL
    number_used: str = ""
    result: TryResult | None = None
    minutes: int | None = None
    note: str = ""
    made_at: datetime | None = None

    def check(self, now: datetime) -> None:
        """Raise Invalid where it can't be kept yet."""
        problems = Problems()
        problems.require("result", self.result, _("What came of it?"))
        if self.made_at and self.made_at > now:
            problems.add("made_at", _("That time is still to come."))
        if self.minutes is not None and self.minutes < 0:
            problems.add("minutes", _("Minutes can’t be less than none."))
        problems.raise_any()


@dataclass(frozen=True, kw_only=True)
class StepFacts:
    """A next step as a form about it needs it."""

    id: str
    client_id: str
    referral_id: str | None
    kind: StepKind
    what: str
    due_on: date
    due_at: time | None
    state: StepState
    channel: Channel


@dataclass(frozen=True, kw_only=True)
class TryText:
    """A try as it is read."""

    id: str
    made_at: datetime
    channel: Channel
    number_used: str
    result: TryResult
    minutes: int | None
    by: str
    note: str


class FollowUps:
    """What she does with next steps and tries."""

    def __init__(self, store: Store, clock: Clock, practice: PracticeDesk) -> None:
        self._store = store
        self._clock = clock
        self._practice = practice

    def facts(self, step_id: str) -> StepFacts:
        """Return a next step. Raises NotFound."""
        with self._store.read() as s:
            step = s.get(FollowUp, step_id)
            if step is None:
                raise NotFound(_("This next step is no longer in the file."))
            return _facts(step)

    def open_steps(self, client_id: str, referral_id: str | None = None) -> tuple[StepFacts, ...]:
        """Return a client's open next steps, or those of one referral, the soonest first."""
        query = select(FollowUp).where(
            FollowUp.client_id == client_id, FollowUp.state == StepState.OPEN, FollowUp.set_aside_at.is_(None)
        )
        if referral_id:
            query = query.where(FollowUp.referral_id == referral_id)
        with self._store.read() as s:
            steps = s.scalars(query.order_by(FollowUp.due_on, FollowUp.due_at.is_(None), FollowUp.due_at, FollowUp.id))
            return tuple(_facts(step) for step in steps)

    def read_try(self, attempt_id: str) -> TryText:
        """Return a try as it was logged. Raises NotFound."""
        with self._store.read() as s:
            row = s.get(Attempt, attempt_id)
            if row is None:
                raise NotFound(_("This try is no longer in the file."))
            return TryText(**{f.name: getattr(row, f.name) for f in fields(TryText)})

    def add(self, client_id: str, draft: FollowUpDraft) -> str:
        """Set a next step and return its id. Raises Invalid, NotFound."""
        draft.check()
        with self._store.write("Add next step") as s:
            s.get_one(Client, client_id)
            step = new_step(client_id, draft)
            s.add(step)
        return step.id

    def edit(self, step_id: str, draft: FollowUpDraft) -> None:
        """Change a next step. Raises Invalid, NotFound, StateConflict."""
        draft.check()
        with self._store.write("Edit next step") as s:
            step = _open_step(s, step_id)
            step.kind, step.what = draft.kind, draft.what
            if draft.due_on is not None:
                step.due_on = draft.due_on
            step.due_at = draft.due_at

    def move(self, step_id: str, to: date, at: time | None = None) -> None:
        """Move a next step to another day. Raises NotFound, StateConflict."""
        with self._store.write("Move next step") as s:
            step = _open_step(s, step_id)
            step.moved_from = step.moved_from or step.due_on
            step.due_on, step.due_at = to, at

    def done(self, step_id: str, outcome: str = "") -> None:
        """Tick a next step off. Raises NotFound, StateConflict."""
        self._close(step_id, StepState.DONE, outcome, "Finish next step")

    def drop(self, step_id: str, reason: str) -> None:
        """Drop a next step that is no longer wanted, with the reason. Raises Invalid, NotFound, StateConflict."""
        problems = Problems()
        problems.require("reason", reason, _("Say why it is no longer needed."))
        problems.raise_any()
        self._close(step_id, StepState.DROPPED, reason, "Drop next step")

    def _close(self, step_id: str, state: StepState, outcome: str, label: str) -> None:
        with self._store.write(label) as s:
            self._finish(_open_step(s, step_id), state, outcome)

    def _finish(self, step: FollowUp, state: StepState, outcome: str) -> None:
        step.state, step.outcome = state, outcome
        step.closed_at = self._clock.now()

    def log_try(
        self, step_id: str, draft: TryDraft, *, finish: bool = False, again: FollowUpDraft | None = None
    ) -> str:
        """Log a try for a next step and return its id; finish the step, or set the next one, in the same act.

        ``again`` without ``finish`` moves the step to the new day. Raises Invalid, NotFound, StateConflict.
        """
        now = self._clock.now()
        draft.check(now)
        if again:
            again.check()
        by = self._practice.get().signature
        with self._store.write("Log try") as s:
            step = _open_step(s, step_id)
            attempt = self._attempt(s, step.client_id, draft, by)
            attempt.followup_id, attempt.referral_id = step.id, step.referral_id
            if finish:
                self._finish(step, StepState.DONE, "")
                if again:
                    again.referral_id = again.referral_id or step.referral_id
                    s.add(new_step(step.client_id, again))
            elif again and again.due_on:
                step.moved_from = step.moved_from or step.due_on
                step.due_on, step.due_at = again.due_on, again.due_at
        return attempt.id

    def log_contact(self, client_id: str, draft: TryDraft, referral_id: str | None = None) -> str:
        """Log a try that no next step asked for, and return its id. Raises Invalid, NotFound."""
        draft.check(self._clock.now())
        by = self._practice.get().signature
        with self._store.write("Log try") as s:
            attempt = self._attempt(s, client_id, draft, by)
            if referral_id:
                s.get_one(Referral, referral_id)
                attempt.referral_id = referral_id
        return attempt.id

    def _attempt(self, s: Write, client_id: str, draft: TryDraft, by: str) -> Attempt:
        client = s.get_one(Client, client_id)
        made_at = draft.made_at or self._clock.now()
        attempt = Attempt(
            client_id=client_id,
            made_at=made_at,
            channel=draft.channel,
            number_used=draft.number_used,
            result=draft.result or TryResult.NO_ANSWER,
            minutes=draft.minutes,
            by=by,
            note=draft.note,
        )
        s.add(attempt)
        reached = attempt.result in _CONTACT and draft.channel is not Channel.PROVIDER
        if reached and (client.last_contact_at is None or made_at > client.last_contact_at):
            client.last_contact_at = made_at
        return attempt


def _facts(step: FollowUp) -> StepFacts:
    return StepFacts(
        id=step.id,
        client_id=step.client_id,
        referral_id=step.referral_id,
        kind=step.kind,
        what=step.what,
        due_on=step.due_on,
        due_at=step.due_at,
        state=step.state,
        channel=_CHANNELS[step.kind],
    )


def new_step(client_id: str, draft: FollowUpDraft) -> FollowUp:
    """Make the record of a checked draft."""
    if draft.due_on is None:
        raise ValueError("check() the draft first")
    return FollowUp(
        client_id=client_id,
        referral_id=draft.referral_id,
        encounter_id=draft.encounter_id,
        kind=draft.kind,
        what=draft.what,
        due_on=draft.due_on,
        due_at=draft.due_at,
    )


def _open_step(s: Write, step_id: str) -> FollowUp:
    step = s.get_one(FollowUp, step_id)
    if step.state is not StepState.OPEN:
        raise StateConflict(_("This next step is already finished."))
    return step

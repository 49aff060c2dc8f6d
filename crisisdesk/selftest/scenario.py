"""A working day with marked words, to look for these on the disk afterwards (M1, M12, M15; F18).

Thirty strings that exist nowhere else (names, a number like an SSN, words of notes, a drug, a plan, the passphrase,
the recovery code) are written to a file outside the program's folder. Then a day goes by in the real vault, through
the desk: charts, notes, a call-out, half-typed forms, searches, a referral with its packet as PDF in memory, Undo,
locking, wrong passphrases, twenty exceptions that carry marked words through the crash handler. Whoever ran it looks
for the strings in everything that was written.
"""

import logging
import os
import random
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path

from crisisdesk import logs, paths
from crisisdesk.clock import SystemClock
from crisisdesk.desk import Desk
from crisisdesk.desk.clients import ClientDraft, FlagDraft, PersonDraft, PhoneDraft, PlanDraft
from crisisdesk.desk.encounters import EncounterDraft
from crisisdesk.desk.followups import FollowUpDraft, TryDraft
from crisisdesk.desk.notes import NoteDraft
from crisisdesk.desk.practice import Practice
from crisisdesk.desk.referrals import ReferralDraft
from crisisdesk.desk.releases import ReleaseDraft
from crisisdesk.desk.service_draft import ServiceDraft
from crisisdesk.documents.gather import packet
from crisisdesk.documents.packet import packet_papers
from crisisdesk.errors import DeskError, WrongPassphrase
from crisisdesk.records.choices import NoteKind, PageKind, ReleaseStatus, TryResult
from crisisdesk.selftest.place import FLOOR, QUICK
from crisisdesk.vault import access
from crisisdesk.vault.recovery import RecoveryCode
from crisisdesk.vault.store import Store

LEAST = 12  # marked words without which the day can't be told
_BUGS = 20
_SYLLABLES = tuple(first + second for first in "bdfgklmnprtvz" for second in "aeiou")


@dataclass
class Canaries:
    """The marked words: who asks for one gets the next."""

    passphrase: str
    code: RecoveryCode
    words: list[str]
    _next: int = 0

    @classmethod
    def make(cls, count: int) -> "Canaries":
        """Make so many, the passphrase and the code among them. No two runs have the same."""
        dice = random.SystemRandom()

        def word() -> str:
            return "".join(dice.choices(_SYLLABLES, k=6)).capitalize()

        number = f"900-{dice.randint(10, 99)}-{dice.randint(1000, 9999)}-{dice.randint(100, 999)}"
        return cls(
            " ".join(word() for _each in range(4)),
            RecoveryCode.random(),
            [number, *(word() for _each in range(count - 3))],
        )

    def word(self) -> str:
        """Return the next; after the last the first again."""
        self._next += 1
        return self.words[(self._next - 1) % len(self.words)]

    @property
    def all(self) -> list[str]:
        """Every string to look for."""
        return [self.passphrase, str(self.code), *self.words]


@dataclass
class Day:
    """One day, from making the vault to locking it."""

    canaries: Canaries
    clock: SystemClock = field(default_factory=SystemClock)
    did: list[str] = field(default_factory=list)

    def live(self) -> None:
        """Go through the day."""
        place = paths.vault()
        marked = self.canaries
        Store.create(place, marked.passphrase, marked.code, self.clock, cost=QUICK, floor=FLOOR).close()
        store = self._unlock()
        desk = Desk(store, self.clock)
        for act in (self._practice, self._charts, self._refer, self._look, self._half_typed, self._rest):
            act(desk)
        self._bugs(desk)
        self._lock(desk)
        self._wrong_secrets()
        self._lock(Desk(self._unlock(), self.clock))

    def _unlock(self) -> Store:
        self.did.append("unlock")
        place = paths.vault()
        return Store.open(place, access.unlock(place, self.canaries.passphrase, now=self.clock.now()), self.clock)

    def _lock(self, desk: Desk) -> None:
        self.did.append("lock")
        desk.close()

    def _practice(self, desk: Desk) -> None:
        desk.practice.keep(
            Practice(clinician=f"Dana {self.canaries.word()}", department="Test Police", phone="555-0101")
        )

    def _charts(self, desk: Desk) -> None:
        mark, now = self.canaries.word, self.clock.now()
        client = desk.clients.add(
            ClientDraft(
                insurance_number=mark(),  # the number like an SSN comes first
                first_name=mark(),
                last_name=mark(),
                medication=mark(),
                goals=mark(),
                other_names=[mark()],
                addresses=[f"12 {mark()} Street"],
                phones=[PhoneDraft(number="555-0142", safe_hours=mark())],
            )
        )
        desk.clients.flag(client, FlagDraft(words=mark()))
        desk.clients.plan(client, PlanDraft(opens_with=mark(), avoid=mark()))
        desk.clients.add_person(client, PersonDraft(name=mark(), note=mark()))
        desk.encounters.record(client, EncounterDraft(began_at=now, narrative=mark(), risk_words=f"plan: {mark()}"))
        note = desk.notes.write(client, NoteDraft(body=f"Says {mark()} and {mark()}."))
        desk.notes.edit(note, NoteDraft(body=f"Said {mark()}."))
        desk.notes.sign(note)
        desk.notes.add_to(note, NoteKind.ADDENDUM, NoteDraft(body=f"Later {mark()}."))
        step = desk.followups.add(client, FollowUpDraft(what=mark(), due_on=self.clock.today()))
        desk.followups.log_try(step, TryDraft(result=TryResult.NO_ANSWER, note=mark()), finish=True)
        desk.undo()
        desk.redo()
        self._client = client
        self.did.append("chart")

    def _refer(self, desk: Desk) -> None:
        mark, today = self.canaries.word, self.clock.today()
        service = desk.services.add(ServiceDraft(organization=f"{mark()} House", description=mark()))
        desk.releases.add(
            self._client,
            ReleaseDraft(
                recipient=f"{mark()} House",
                purpose=mark(),
                status=ReleaseStatus.VERBAL,
                signed_on=today,
                expires_on=today + timedelta(days=365),
            ),
        )
        referral = desk.referrals.open(self._client, ReferralDraft(service_id=service, sentence=mark(), wants=mark()))
        facts = packet(desk, referral, printed_at=self.clock.local(self.clock.now()))
        papers = packet_papers(facts, tuple(PageKind))
        self.did += [f"pdf {len(paper.pdf.data)}" for paper in papers]

    def _look(self, desk: Desk) -> None:
        for word in self.canaries.words:
            desk.search.find(word)
        desk.today.look()
        desk.chart.head(self._client)
        desk.chart.side(self._client)
        self.did.append("search")

    def _half_typed(self, desk: Desk) -> None:
        for length in range(1, 6):
            body = f"She has {self.canaries.word()}" * length
            desk.unsaved.keep("note", f"new {self._client}", {"body": body})
        self.did.append("draft")

    def _rest(self, desk: Desk) -> None:
        """Write down what is left, so that each marked word has been in the vault."""
        for word in self.canaries.words:
            desk.notes.write(self._client, NoteDraft(body=f"{word} " * 40))

    def _wrong_secrets(self) -> None:
        """Type the passphrase wrong, a letter at its end too many; and another code."""
        place, now = paths.vault(), self.clock.now()
        with suppress(WrongPassphrase):
            access.unlock(place, f"{self.canaries.passphrase}x", now=now)
        with suppress(WrongPassphrase):
            access.unlock_with_recovery(place, str(RecoveryCode.random()), now=now)
        self.did.append("wrong")

    def _bugs(self, desk: Desk) -> None:
        """Have twenty things go wrong in the middle of an act, and hand each to the crash handler."""
        from crisisdesk.ui.crash import Crash  # noqa: PLC0415  Qt, which the rest of the day does without

        crash = Crash(lambda _code, _sentence: None)
        crash.install(paths.logs())
        try:
            for number, bug in zip(range(_BUGS), self._faults(desk), strict=False):
                try:
                    bug()
                except Exception as error:  # noqa: BLE001  every kind that there is
                    sys.excepthook(type(error), error, error.__traceback__)
                    self.did.append(f"bug {number}")
        finally:
            crash.uninstall()

    def _faults(self, desk: Desk) -> Iterator[Callable[[], object]]:
        mark, client = self.canaries.word, self._client
        yield lambda: desk.notes.write(mark(), NoteDraft(body=mark()))
        yield lambda: desk.notes.write(client, NoteDraft(body=mark(), encounter_id=mark()))
        yield lambda: desk.notes.read(mark())
        yield lambda: desk.followups.add(client, FollowUpDraft(what=mark(), due_on=mark()))  # type: ignore[arg-type]  # a bug
        yield lambda: desk.clients.add(ClientDraft(first_name=mark(), age_guess=mark()))  # type: ignore[arg-type]  # a bug
        yield lambda: desk.unsaved.keep(mark(), client, {"body": {mark()}})
        for kind in (ValueError, KeyError, RuntimeError, OSError, TypeError, LookupError, ArithmeticError):
            yield partial(_raise, kind(mark()))
            yield partial(_raise, DeskError(mark()), kind(mark()))


def _raise(error: Exception, cause: Exception | None = None) -> None:
    raise error from cause


def run(home: Path, count: int, words: Path, *, level: str = "INFO") -> Day:
    """Live a day in a folder; the marked words are written to a file first. Raises ValueError for too few of them."""
    if count < LEAST:
        raise ValueError("A day has at least twelve marked words.")
    canaries = Canaries.make(count)
    words.write_text("\n".join(canaries.all) + "\n", encoding="utf-8")
    os.environ["CRISISDESK_HOME"] = str(home)
    log = logs.start()
    if level == "DEBUG":  # everything that any library says, into our file
        log.setLevel(logging.DEBUG)
        logging.getLogger().setLevel(logging.DEBUG)
        for handler in log.handlers:
            logging.getLogger().addHandler(handler)
    try:
        day = Day(canaries)
        day.live()
    finally:
        for handler in log.handlers:
            logging.getLogger().removeHandler(handler)
        logs.stop()
    return day

"""Walks through the program once, from a new vault to a backup brought back, with made-up people.

Nothing is looked at closely: it is to show that an installed program has all its parts with it, those too that are
loaded by name when they are needed. ``packaging/check_frozen.py`` runs it on what was built.
"""

from collections.abc import Mapping
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

from crisisdesk.clock import SystemClock
from crisisdesk.desk import Desk
from crisisdesk.desk.clients import ClientDraft, PhoneDraft
from crisisdesk.desk.dates import read_date
from crisisdesk.desk.notes import NoteDraft
from crisisdesk.desk.phones import show_phone
from crisisdesk.desk.practice import Practice
from crisisdesk.desk.referrals import ReferralDraft
from crisisdesk.desk.releases import ReleaseDraft
from crisisdesk.desk.safekeeping import SafeKeeping
from crisisdesk.desk.service_draft import ServiceDraft
from crisisdesk.desk.workdays import holiday
from crisisdesk.documents.gather import packet
from crisisdesk.documents.packet import packet_papers
from crisisdesk.errors import FileProblem, VaultTooNew
from crisisdesk.exchange import apart
from crisisdesk.paths import VaultPaths
from crisisdesk.records.choices import PageKind, ReleaseStatus
from crisisdesk.selftest.place import FLOOR, PASSPHRASE, Trial
from crisisdesk.vault import access, restore
from crisisdesk.vault.backup import listed
from crisisdesk.vault.connection import connect, make_engine
from crisisdesk.vault.keys import MasterKey
from crisisdesk.vault.manifest import Kind
from crisisdesk.vault.passphrase import strength, suggest_words
from crisisdesk.vault.spelling import sounds
from crisisdesk.vault.store import Store
from crisisdesk.vault.upgrade import SCHEMA, move

_NAME = "Núñez"  # found as "nunez", which takes a library's tables
_OLD = 1  # a vault's first form


class Walk:
    """One walk, in a folder that is empty when it begins."""

    def __init__(self, home: Path, directory: Path) -> None:
        self._home = home
        self._directory = directory
        self._clock = SystemClock()

    def run(self) -> Mapping[str, object]:
        """Go, and return what came of each step. Raises whatever a step raises: the program is not whole then."""
        return {
            "words": self._words(),
            "desk": self._desk(),
            "older": self._older(),
            "newer": self._newer(),
            "backup": self._backup(),
        }

    def _words(self) -> Mapping[str, object]:
        """Ask the libraries that read dates, numbers and names, each for something that only its data knows."""
        return {
            "date": str(read_date("3rd of march 2020", date(2026, 11, 23))),
            "holiday": holiday(date(2026, 11, 26)),
            "phone": show_phone("2125550142"),
            "sounds": sounds([_NAME]) == sounds(["Nunez"]),
            "weak": strength("password1234").level.name,
            "suggested": len(set(suggest_words())),
        }

    def _desk(self) -> Mapping[str, object]:
        """Write, lock, open again and find; bring in a list through its own process; print a packet."""
        trial = Trial.make(self._home / "vault", self._clock)
        with closing(trial.open()) as store:
            desk = Desk(store, self._clock)
            desk.practice.keep(Practice(clinician="Dana Ruiz", department="Test Police", phone="555-0101"))
            client = desk.clients.add(
                ClientDraft(first_name="Zoë", last_name=_NAME, phones=[PhoneDraft(number="555-0142")])
            )
            desk.notes.write(client, NoteDraft(body="Calm, and asks for a bed tonight."))
        with closing(trial.open()) as store:
            desk = Desk(store, self._clock)
            found = [row.id for row in desk.search.find("zoe nunez")]
            brought = self._bring_in(desk)
            pages, printed = self._print(desk, client)
            return {"found": client in found, "brought": brought, "pages": pages, "printed": printed}

    def _bring_in(self, desk: Desk) -> int:
        incoming = apart.read(self._directory)
        if incoming is None:
            raise FileProblem("nobody cancelled")
        plan = desk.directory.plan(incoming)
        desk.directory.bring_in(plan)
        return plan.services

    def _print(self, desk: Desk, client: str) -> tuple[list[int], int]:
        """Print every page that there is; return how many words each says, and how many pages came out."""
        from crisisdesk.ui.paper_trial import print_to_file  # noqa: PLC0415  Qt, which the rest does without

        today = self._clock.today()
        service = desk.services.add(ServiceDraft(organization="Hope House", description="A bed for tonight."))
        release = ReleaseDraft(
            recipient="Hope House",
            purpose="A bed",
            status=ReleaseStatus.VERBAL,
            signed_on=today,
            expires_on=today + timedelta(days=30),
        )
        desk.releases.add(client, release)
        referral = desk.referrals.open(client, ReferralDraft(service_id=service, sentence="A bed.", wants="Tonight."))
        facts = packet(desk, referral, printed_at=self._clock.local(self._clock.now()))
        papers = [paper.pdf.data for paper in packet_papers(facts, tuple(PageKind))]
        said, printed = print_to_file(papers, self._home / "packet.pdf")
        return [len(each.split()) for each in said], printed

    def _older(self) -> Mapping[str, object]:
        """Open a vault of the first form: it is brought up to date, after a backup."""
        trial = self._made_by("older", _OLD)
        trial.open().close()
        kinds = [each.manifest.kind.value for each in listed(trial.paths.backups)]
        return {"schema": self._schema(trial), "backups": kinds}

    def _newer(self) -> str:
        """Open a vault of a version to come, and return what is said."""
        trial = self._made_by("newer", SCHEMA + 1)
        try:
            trial.open().close()
        except VaultTooNew as refused:
            return str(refused)
        return ""

    def _made_by(self, name: str, schema: int) -> Trial:
        """Make a vault as another version of the program would have."""
        trial = Trial.make(self._home / name, self._clock)
        raw = connect(trial.paths, trial.key(), maintenance=True)
        try:
            if schema <= SCHEMA:
                move(make_engine(lambda: raw), schema)
            else:
                raw.execute(f"PRAGMA user_version = {schema:d}")
        finally:
            raw.close()
        return trial

    def _schema(self, trial: Trial) -> int:
        raw = connect(trial.paths, trial.key(), maintenance=True)
        try:
            return int(raw.execute("PRAGMA user_version").fetchone()[0])
        finally:
            raw.close()

    def _backup(self) -> Mapping[str, object]:
        """Make a backup, write on, and bring it back: the vault says again what it said."""
        place = VaultPaths(self._home / "vault")
        with closing(Store.open(place, self._key(place), self._clock)) as store:
            made = SafeKeeping(store, self._clock).make_now(Kind.MANUAL)
            Desk(store, self._clock).clients.add(ClientDraft(first_name="Later"))
        master = restore.unlock(made, PASSPHRASE, floor=FLOOR)
        found = restore.Restoring(place, made, master, self._clock, tells=False).run()
        with closing(Store.open(place, self._key(place), self._clock)) as store:
            later = Desk(store, self._clock).search.find("later")
        return {"same": found.digest == made.manifest.said.digest, "later": len(later)}

    def _key(self, place: VaultPaths) -> MasterKey:
        return access.unlock(place, PASSPHRASE, now=self._clock.now(), floor=FLOOR)

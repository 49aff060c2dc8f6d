"""Settings, the keys, the backups and what keeps the vault safe."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from crisisdesk.clock import FixedClock
from crisisdesk.computer import Computer, Told
from crisisdesk.desk.client_list import ClientQuery
from crisisdesk.desk.clients import ClientDraft
from crisisdesk.desk.retention import DueRow, PurgePreview
from crisisdesk.desk.retention_rules import RetentionClass
from crisisdesk.ui import ask
from crisisdesk.ui.pages.retention_dialogs import PurgeDialog, lift_hold, set_hold
from crisisdesk.ui.pages.safekeeping import SafeKeepingPage
from crisisdesk.ui.pages.security import SecurityPage
from crisisdesk.ui.pages.settings import SettingsPage
from crisisdesk.ui.pages.today import TodayPage
from crisisdesk.ui.proof import is_given
from crisisdesk.ui.safekeeping.keys import EnvelopeCard, NewPassphraseCard, NewSheetCard
from crisisdesk.ui.safekeeping.quick import NoEnvelopeCard, NoPinCard, PinCard
from crisisdesk.ui.safekeeping.restore_page import RestorePage
from crisisdesk.ui.unlock import UnlockPage
from crisisdesk.ui.widgets.buttons import Button
from tests.gallery.stage import Stage
from tests.gallery.vaults import NOW
from tests.vault.fast import PASSPHRASE


def _own(stage: Stage) -> None:
    """Make the practice data her own vault: the practice desk has no keys to change."""
    practice = stage.context.desk.practice
    practice.keep(replace(practice.get(), is_practice_desk=False))


def _settings(stage: Stage, part: str) -> SettingsPage:
    _own(stage)
    stage.go("settings", part)
    stage.settle()
    return stage.find(SettingsPage)


def _passphrase(stage: Stage) -> None:
    _settings(stage, "keys").keys.passphrase_button.click()
    stage.settle()
    card = stage.find(NewPassphraseCard)
    card.now.field.setText(PASSPHRASE)
    card.step.field.setText(" ".join(card.step.words[:3]))
    stage.settle()


def _passphrase_wrong(stage: Stage) -> None:
    _settings(stage, "keys").keys.passphrase_button.click()
    stage.settle()
    card = stage.find(NewPassphraseCard)
    card.now.field.setText("not the words that open it")
    card.step.field.setText(" ".join(card.step.words))
    card.act.click()
    stage.settle()


def _sheet(stage: Stage) -> None:
    _settings(stage, "keys").keys.sheet_button.click()
    stage.settle()
    card = stage.find(NewSheetCard)
    card.now.field.setText(PASSPHRASE)


def _envelope(stage: Stage) -> None:
    _settings(stage, "keys").keys.envelope_button.click()
    stage.settle()
    card = stage.find(EnvelopeCard)
    card.holder.set_value("Records office, City Hall")
    stage.settle()


def _pin(stage: Stage) -> None:
    _settings(stage, "keys")
    stage.settle()
    PinCard(stage.context).open_card()
    stage.settle()


def _no_pin(stage: Stage) -> None:
    _settings(stage, "keys")
    NoPinCard(stage.context).open_card()
    stage.settle()


def _void(stage: Stage) -> None:
    _settings(stage, "keys")
    NoEnvelopeCard(stage.context).open_card()
    stage.settle()


def _lock_itself(stage: Stage) -> None:
    _settings(stage, "keys").keys.lock_button.click()
    stage.settle()


def _backups(stage: Stage) -> SafeKeepingPage:
    stage.go("safekeeping")
    page = stage.find(SafeKeepingPage)
    for _each in range(2):
        page.acts.make()
        stage.settle()
    return page


def _asked_again(stage: Stage) -> None:
    _own(stage)
    clock = stage.context.clock
    assert isinstance(clock, FixedClock)
    clock.moment = NOW + timedelta(minutes=6)
    is_given(stage.context, "Type your passphrase again to print")


def _overdue(stage: Stage) -> None:
    stage.go("today")
    page = stage.find(TodayPage)
    page.safe.acts.make()
    stage.settle()
    clock = stage.context.clock
    assert isinstance(clock, FixedClock)
    clock.moment = NOW + timedelta(days=10)
    stage.context.desk.clients.add(ClientDraft(first_name="Later", last_name="Person"))
    page.refresh(None)
    stage.settle()


def _restore(stage: Stage) -> None:
    page = _backups(stage)
    page._act(page._model.id_at(0), "restore")
    stage.settle()


def _restore_locked(stage: Stage) -> None:
    _backups(stage)
    stage.run("vault.lock")
    stage.wait(100)
    stage.find(UnlockPage).restore_link.click()
    stage.settle()


def _restore_secret(stage: Stage) -> None:
    _restore_locked(stage)
    page = stage.find(RestorePage)
    page.choices.findChildren(Button)[0].click()
    stage.settle()


def _audit(stage: Stage) -> None:
    stage.go("chart", _client(stage))
    stage.go("audit")
    stage.settle()


def _retention(stage: Stage) -> None:
    stage.context.desk.holds.set(_client(stage), "A letter of the county's attorney")
    stage.go("retention")
    stage.settle()


def _client(stage: Stage) -> str:
    return stage.context.desk.client_list.page(ClientQuery()).rows[0].id


def _hold(stage: Stage) -> None:
    stage.go("retention")
    set_hold(stage.context, _client(stage))


def _lift(stage: Stage) -> None:
    _retention(stage)
    (hold,) = stage.context.desk.holds.active()
    lift_hold(stage.context, hold)


def _purge(stage: Stage) -> None:
    stage.go("retention")
    row = DueRow(
        id="",
        number="C-2015-0007",
        name="Robin Sample",
        initials="R. S.",
        retention_class=RetentionClass.ADULT,
        ended_on=NOW.date() - timedelta(days=3_000),
        due_on=NOW.date() - timedelta(days=80),
        is_held=False,
    )
    counts = (("Notes", 12), ("Call-outs", 4), ("Referrals", 3))
    preview = PurgePreview(row=row, counts=counts, total=58, is_due=True, is_decided=True)
    ask.run(PurgeDialog(stage.context, preview))


def _security(stage: Stage) -> None:
    stage.context.desk.this_computer.take = lambda _folder: Computer(
        is_disk_encrypted=Told.YES,
        is_swap_encrypted=Told.NO,
        is_administrator=Told.YES,
        is_program_writable=Told.NO,
        is_program_whole=Told.YES,
        is_folder_private=Told.YES,
        is_memory_closed=Told.YES,
    )
    stage.go("security")
    stage.settle()


def _security_limits(stage: Stage) -> None:
    _security(stage)
    bar = stage.find(SecurityPage)._scroll.verticalScrollBar()
    bar.setValue(bar.maximum())
    stage.settle()


def _administrator(stage: Stage) -> None:
    stage.go("today")
    stage.context.desk.this_computer.account = Told.YES
    stage.find(TodayPage).refresh(None)
    stage.settle()


SCENES: Mapping[str, Callable[[Stage], object]] = {
    "settings-lock": lambda stage: _settings(stage, "lock"),
    "settings-keys": lambda stage: _settings(stage, "keys"),
    "settings-backups": lambda stage: _settings(stage, "backups"),
    "keys-passphrase": _passphrase,
    "keys-sheet": _sheet,
    "keys-envelope": _envelope,
    "keys-pin": _pin,
    "keys-lock": _lock_itself,
    "safekeeping": _backups,
    "today-backup-overdue": _overdue,
    "audit": _audit,
    "retention": _retention,
    "dialog-hold": _hold,
    "dialog-lift": _lift,
    "dialog-purge": _purge,
    "security": _security,
    "safekeeping-none": lambda stage: stage.go("safekeeping"),
    "safekeeping-restore": _restore,
    "restore-choose": _restore_locked,
    "restore-secret": _restore_secret,
}
DETAILS: Mapping[str, Callable[[Stage], object]] = {
    "keys-passphrase-wrong": _passphrase_wrong,
    "keys-pin-off": _no_pin,
    "asked-again": _asked_again,
    "security-limits": _security_limits,
    "today-administrator": _administrator,
    "settings-security": lambda stage: _settings(stage, "security"),
    "keys-envelope-void": _void,
}

"""The chart and its forms in the real window, over the practice data."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from crisisdesk.desk.clients import ClientDraft
from crisisdesk.desk.encounters import EncounterDraft
from crisisdesk.desk.entries import Entry, EntryKind
from crisisdesk.desk.notes import NoteDraft
from crisisdesk.records.choices import CloseReason, Ending, FlagKind, NoteStatus, RequestedBy, Sex, TryResult
from crisisdesk.records.notes import Note
from crisisdesk.ui.forms.client import ClientCard
from crisisdesk.ui.forms.close import close_client
from crisisdesk.ui.forms.encounter import EncounterCard, open_encounter
from crisisdesk.ui.forms.flag import FlagDialog, end_flag
from crisisdesk.ui.forms.note import NoteCard, SignedNoteCard, open_note
from crisisdesk.ui.forms.person import PersonDialog, open_person
from crisisdesk.ui.forms.quick import QuickCard
from crisisdesk.ui.forms.release import ReleaseCard, open_release
from crisisdesk.ui.pages.chart import ChartPage
from crisisdesk.ui.shell import Shell
from crisisdesk.ui.tables.model import Header
from tests.windows import Answers

NAMES = ("O'Neil", "Nguyễn", "Łukasz", "=cmd()", "<b>", "x" * 200, "?")


@pytest.fixture
def maria(shell: Shell) -> str:
    client_id = shell.context.desk.alike.named("Maria Delgado")[0].id
    shell.go("chart", client_id)
    return client_id


@pytest.fixture
def chart(shell: Shell, maria: str) -> ChartPage:
    assert maria
    assert isinstance(shell.page, ChartPage)
    return shell.page


def over(shell: Shell) -> QWidget:
    assert shell._overlay is not None
    return shell._overlay.card


def entries(shell: Shell, client_id: str, kind: EntryKind) -> tuple[Entry, ...]:
    return shell.context.desk.timeline.read(client_id, (kind,)).entries


# The page ---------------------------------------------------------------------------------------------------------


def test_the_head_says_who_it_is_and_what_to_know(chart: ChartPage) -> None:
    assert chart.head_panel.name.text() == "Maria Delgado"
    assert chart._head is not None
    assert [banner.mark.text for banner in chart._head.banners] == ["Visit in pairs", "Plain envelope only"]
    assert "her dog" in chart.head_panel.plan.accessibleName()


def test_names_are_covered_in_the_head(shell: Shell, chart: ChartPage) -> None:
    shell.context.cover.turn(on=True)
    assert chart.head_panel.name.text() == "M. D."
    assert "Mari" not in chart.head_panel.line.text()


def test_chips_filter_the_timeline(chart: ChartPage) -> None:
    chip = chart.timeline.chips.chip(EntryKind.NOTE.value)
    chip.click()
    kinds = {row.kind for row in chart.timeline._model.rows if isinstance(row, Entry)}
    assert kinds == {EntryKind.NOTE}


def test_done_in_the_row_can_be_taken_back_from_the_message_bar(shell: Shell, chart: ChartPage, maria: str) -> None:
    steps = shell.context.desk.timeline.ahead(maria)
    view = chart.timeline.list
    rect = view.rect_of(steps[0].id, "done")
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    assert len(shell.context.desk.timeline.ahead(maria)) == len(steps) - 1
    assert shell.message.can_undo
    shell.message.undo_asked.emit()
    assert [step.id for step in shell.context.desk.timeline.ahead(maria)] == [step.id for step in steps]


def test_a_try_is_logged_from_the_row(shell: Shell, chart: ChartPage, maria: str, answers: Answers) -> None:
    step = shell.context.desk.timeline.ahead(maria)[0]
    before = len(entries(shell, maria, EntryKind.TRY))

    def reached(dialog: object) -> bool:
        dialog.form.set_values({"result": TryResult.REACHED})  # type: ignore[attr-defined]  # TryDialog
        return True

    answers.run(reached)
    chart.timeline.list.choose(step.id)
    QTest.keyClick(chart.timeline.list, Qt.Key.Key_T)
    assert len(entries(shell, maria, EntryKind.TRY)) == before + 1
    assert any("eached" in row.title for row in chart.timeline._model.rows if isinstance(row, Entry))


def test_a_long_timeline_is_read_as_she_scrolls(shell: Shell) -> None:
    desk = shell.context.desk
    client_id = desk.clients.add(ClientDraft(last_name="Long"))
    with desk._store.write("Add notes") as s:
        s.add_all(Note(client_id=client_id, body=str(n), written_at=desk.clock.now()) for n in range(130))
    shell.go("chart", client_id)
    page = shell.page
    assert isinstance(page, ChartPage)
    shown = [row for row in page.timeline._model.rows if isinstance(row, Entry)]
    assert len(shown) == 100
    bar = page.timeline.list.verticalScrollBar()
    bar.setValue(bar.maximum())
    shown = [row for row in page.timeline._model.rows if isinstance(row, Entry)]
    assert len(shown) == 130
    assert len({row.id for row in shown}) == 130


def test_adding_a_client_and_undoing_it_leaves_the_chart(shell: Shell) -> None:
    client_id = shell.context.desk.clients.add(ClientDraft(last_name="Gone"))
    shell.go("chart", client_id)
    shell.undo()
    assert shell.current_id == "clients"


def test_an_empty_chart_says_so(shell: Shell) -> None:
    client_id = shell.context.desk.clients.add(ClientDraft(described_as="?"))
    shell.go("chart", client_id)
    page = shell.page
    assert isinstance(page, ChartPage)
    said = " ".join(row.note for row in page.timeline._model.rows if isinstance(row, Header))
    assert "No next step" in said
    assert "Nothing is written down" in said


# The client form --------------------------------------------------------------------------------------------------


def new_client(shell: Shell) -> ClientCard:
    shell.context.commands.run("client.new")
    card = over(shell)
    assert isinstance(card, ClientCard)
    return card


def test_a_client_is_typed_and_opens(shell: Shell) -> None:
    card = new_client(shell)
    QTest.keyClicks(card.form.editor("first_name"), "Jean")
    QTest.keyClicks(card.form.editor("last_name"), "Okoro")
    QTest.keyClicks(card.form.editor("born_on"), "3/4/1985")
    phones = card.form.editor("phones")
    QTest.keyClicks(phones.row(0).number, "5550177")  # type: ignore[attr-defined]  # PhonesEditor
    assert card.finish()
    assert shell.current_id == "chart"
    draft = shell.context.desk.clients.draft(shell.page.client_id)  # type: ignore[union-attr]  # the chart
    assert (draft.first_name, draft.last_name, str(draft.born_on)) == ("Jean", "Okoro", "1985-03-04")
    assert [phone.number for phone in draft.phones] == ["5550177"]
    assert shell.message.can_undo


def test_bad_input_is_refused_beside_its_field(shell: Shell) -> None:
    card = new_client(shell)
    assert not card.finish()
    assert "last_name" in card.form.problems()
    QTest.keyClicks(card.form.editor("last_name"), "Okoro")
    QTest.keyClicks(card.form.editor("born_on"), "nex frid")
    QTest.keyClicks(card.form.editor("age_guess"), "300")
    assert not card.finish()
    assert set(card.form.problems()) == {"born_on", "age_guess"}
    assert card.form.editor("born_on").text() == "nex frid"  # type: ignore[attr-defined]  # DateEditor


@pytest.mark.parametrize("name", NAMES)
def test_any_name_goes_through_as_typed(shell: Shell, name: str) -> None:
    card = new_client(shell)
    card.form.set_values({"first_name": name, "last_name": name, "other_names": [name], "addresses": [name]})
    assert card.finish()
    page = shell.page
    assert isinstance(page, ChartPage)
    assert page.head_panel.name.text() == f"{name} {name}"
    draft = shell.context.desk.clients.draft(page.client_id)
    assert (draft.last_name, draft.other_names, draft.addresses) == (name, [name], [name])


def test_a_client_who_may_be_the_same_is_told_and_nothing_is_filled_in(shell: Shell, maria: str) -> None:
    card = new_client(shell)
    card.form.set_values({"first_name": "maria", "last_name": "DELGADO"})
    card.look_for_alike()
    assert card.alike.shown == (maria,)
    assert card.form.values()["goes_by"] == ""
    card.alike._refused(maria)
    assert not card.alike.shown


def test_a_half_typed_client_comes_back(shell: Shell) -> None:
    card = new_client(shell)
    QTest.keyClicks(card.form.editor("last_name"), "Half")
    QTest.keyClicks(card.form.editor("born_on"), "nex")
    phones = card.form.editor("phones")
    QTest.keyClicks(phones.row(0).number, "555")  # type: ignore[attr-defined]  # PhonesEditor
    QTest.keyClick(card.form.editor("last_name"), Qt.Key.Key_Escape)
    assert shell._overlay is None
    assert "Kept as you left it" in shell.message.words
    again = new_client(shell)
    assert again.form.values()["last_name"] == "Half"
    assert again.form.editor("born_on").text() == "nex"  # type: ignore[attr-defined]  # DateEditor
    assert again.form.values()["phones"][0]["number"] == "555"  # type: ignore[index]  # PhonesEditor
    again.begin_again()
    assert again.form.values()["last_name"] == ""
    again.leave()
    assert shell.context.desk.unsaved.find("client", "") is None


def test_a_lock_keeps_what_is_half_typed(shell: Shell) -> None:
    card = new_client(shell)
    QTest.keyClicks(card.form.editor("last_name"), "Half")
    shell.close_overlay()  # as the lock does
    found = shell.context.desk.unsaved.find("client", "")
    assert found is not None
    assert found.values["last_name"] == "Half"


def test_editing_shows_all_and_changes_only_what_was_changed(shell: Shell, maria: str) -> None:
    before = shell.context.desk.clients.draft(maria)
    shell.context.commands.run("client.edit")
    card = over(shell)
    assert isinstance(card, ClientCard)
    card.form.set_values({"goes_by": "Mari D."})
    assert card.finish()
    after = shell.context.desk.clients.draft(maria)
    assert after.goes_by == "Mari D."
    after.goes_by = before.goes_by
    assert after == before
    assert before.sex is Sex.FEMALE


# Notes ------------------------------------------------------------------------------------------------------------


def test_signing_asks_first_and_can_not_be_undone(shell: Shell, maria: str, answers: Answers) -> None:
    shell.context.commands.run("note.new")
    card = over(shell)
    assert isinstance(card, NoteCard)
    QTest.keyClicks(card.form.editor("body"), "She came out.")
    answers.confirm(False)
    card.sign()
    assert shell._overlay is not None
    answers.confirm(True)
    card.sign()
    note = next(e for e in entries(shell, maria, EntryKind.NOTE) if e.body == "She came out.")
    assert shell.context.desk.notes.read(note.record_id).status is NoteStatus.SIGNED
    assert not shell.message.can_undo


def test_an_empty_note_is_refused_beside_the_field(shell: Shell, maria: str) -> None:
    card = open_note(shell.context, maria)
    assert not card.finish()
    assert "body" in card.form.problems()


def test_a_signed_note_takes_only_additions(shell: Shell, maria: str, answers: Answers) -> None:
    notes = shell.context.desk.notes
    note_id = notes.write(maria, NoteDraft(body="First."))
    notes.sign(note_id)
    card = open_note(shell.context, maria, note_id)
    assert isinstance(card, SignedNoteCard)
    card.open_addition()
    QTest.keyClicks(card.form.editor("body"), "And then.")
    answers.confirm(True)
    card.sign()
    added = notes.read(note_id).additions
    assert [each.body for each in added] == ["And then."]
    opened = open_note(shell.context, maria, added[0].id)
    assert isinstance(opened, SignedNoteCard)
    assert opened._note.id == note_id


def test_leaving_a_note_keeps_it_on_the_chart_as_a_draft(shell: Shell, maria: str) -> None:
    card = open_note(shell.context, maria)
    QTest.keyClicks(card.form.editor("body"), "Half a thought")
    card.leave()
    assert entries(shell, maria, EntryKind.NOTE)[0].body == "Half a thought"
    assert "draft" in shell.message.words
    assert shell.context.desk.unsaved.find("note", f"new {maria}") is None


# Encounters -------------------------------------------------------------------------------------------------------


def test_an_encounter_is_written_down_with_its_times(shell: Shell, maria: str) -> None:
    card = open_encounter(shell.context, maria)
    card.form.set_values({"on": "2026-11-20", "at": "23:50", "location": "41 Cedar Street"})
    card.form.set_values({"paged_at": "23:50", "on_scene_at": "00:02", "clear_at": "00:40"})
    card.form.set_values({"endings": (Ending.SAFETY_PLAN, Ending.REFERRED)})
    assert card.finish(), card.form.problems()
    written = shell.context.desk.encounters.draft(card.saved_id)
    assert written.endings == (Ending.SAFETY_PLAN, Ending.REFERRED)
    assert written.paged_at is not None
    assert written.clear_at is not None
    assert (written.clear_at - written.paged_at).total_seconds() == 50 * 60


def test_editing_an_encounter_changes_only_what_was_changed(shell: Shell, maria: str) -> None:
    encounters = shell.context.desk.encounters
    line = encounters.lines(maria)[0]
    before = encounters.draft(line.id)
    card = open_encounter(shell.context, maria, line.id)
    assert isinstance(card, EncounterCard)
    card.form.set_values({"beat": "4"})
    assert card.finish()
    after = encounters.draft(line.id)
    assert (after.beat, before.beat) == ("4", "")
    after.beat = ""
    assert after == before


def test_a_stamp_before_the_one_before_is_refused_beside_it(shell: Shell, maria: str) -> None:
    card = open_encounter(shell.context, maria)
    card.form.set_values({"on": "2026-11-20", "at": "10:00", "paged_at": "10:00", "en_route_at": "9:50"})
    card.form.editor("en_route_at").setText("9:50")  # type: ignore[attr-defined]  # TimeEditor
    assert not card.finish()
    assert set(card.form.problems()) == {"en_route_at"}


# The small forms --------------------------------------------------------------------------------------------------


def test_a_flag_is_added_and_ended_by_its_review(shell: Shell, chart: ChartPage, maria: str, answers: Answers) -> None:
    dialog = FlagDialog(shell.context, maria)
    dialog.form.set_values({"kind": FlagKind.OTHER})
    assert not dialog.check()
    assert "words" in dialog.form.problems()
    dialog.form.set_values({"words": "<b>Dog</b> in yard", "reason": "Big."})
    assert dialog.check()
    dialog.deleteLater()
    assert chart._head is not None
    banner = next(each for each in chart._head.banners if each.mark.text == "<b>Dog</b> in yard")
    answers.text("The dog has moved away.")
    end_flag(shell.context, banner)
    assert all(each.id != banner.id for each in chart._head.banners)
    assert shell.message.can_undo


def test_a_dialog_left_with_something_typed_comes_back(shell: Shell, maria: str) -> None:
    dialog = PersonDialog(shell.context, maria)
    QTest.keyClicks(dialog.form.editor("name"), "Elena")
    dialog.reject()
    dialog.deleteLater()
    assert "Kept as you left it" in shell.message.words
    again = PersonDialog(shell.context, maria)
    assert again.form.values()["name"] == "Elena"
    again.deleteLater()


def test_a_person_is_added(shell: Shell, chart: ChartPage, maria: str, answers: Answers) -> None:
    def fill(dialog: PersonDialog) -> bool:
        dialog.form.set_values({"name": "Nguyễn", "relationship": "neighbor", "may_contact": "yes"})
        return True

    answers.run(fill)
    open_person(shell.context, maria)
    assert any(row.words.lead == "Nguyễn" for row in chart.people._model.rows)


def test_a_release_names_the_agency_of_the_directory(shell: Shell, maria: str) -> None:
    releases = shell.context.desk.releases
    card = open_release(shell.context, maria)
    assert isinstance(card, ReleaseCard)
    card.form.set_values({"recipient": "hope house", "scopes": ()})
    assert not card.finish()
    assert "scopes" in card.form.problems()
    card.form.set_values({"scopes": ("identity",), "status": "signed", "purpose": "to find a room"})
    assert card.finish(), card.form.problems()
    rows = shell.context.desk.chart.side(maria).releases.rows
    row = next(each for each in rows if each.lead == "hope house")
    assert releases.draft(row.id).organization_id == releases.agencies()["hope house"]
    card = open_release(shell.context, maria, row.id)
    card.revoke()
    assert shell.message.can_undo


def test_closing_is_refused_while_a_step_is_open(shell: Shell, chart: ChartPage, maria: str, answers: Answers) -> None:
    seen = {}

    def close(dialog: object) -> bool:
        form = dialog.form  # type: ignore[attr-defined]  # CloseDialog
        form.set_values({"reason": CloseReason.MOVED})
        assert not dialog.check()  # type: ignore[attr-defined]  # CloseDialog
        seen.update(form.problems())
        return False

    answers.run(close)
    close_client(shell.context, maria, "Maria")
    assert "next step" in seen["reason"]
    assert chart._head is not None
    assert chart._head.is_open


# The quick call-out -----------------------------------------------------------------------------------------------


@pytest.fixture
def quick(shell: Shell) -> QuickCard:
    shell.window().activateWindow()
    assert QTest.qWaitForWindowActive(shell.window())
    QTest.keyClick(shell, Qt.Key.Key_F9)
    card = over(shell)
    assert isinstance(card, QuickCard)
    return card


def test_a_call_out_in_a_minute(shell: Shell, quick: QuickCard) -> None:
    QTest.keyClick(quick.form.editor("location"), Qt.Key.Key_P, Qt.KeyboardModifier.AltModifier)
    QTest.keyClicks(quick.form.editor("location"), "Elm Street bridge")
    QTest.keyClicks(quick.who, "Unknown man, grey hoodie")
    quick.form.editor("requested_by").chip("patrol").click()  # type: ignore[attr-defined]  # FewChips
    quick.form.editor("endings").chip(Ending.GONE.value).click()  # type: ignore[attr-defined]  # FewChips
    QTest.keyClick(quick.who, Qt.Key.Key_Escape)
    assert shell._overlay is None
    assert quick._made is not None
    desk = shell.context.desk
    written = desk.encounters.draft(quick._made.encounter_id)
    assert written.location == "Elm Street bridge"
    assert (written.requested_by, written.endings) == (RequestedBy.PATROL, (Ending.GONE,))
    assert written.paged_at == written.began_at
    assert desk.chart.head(quick._made.client_id).name == "Unknown man, grey hoodie"
    assert shell.message.can_undo
    assert desk.unsaved.find("quick", "") is None


def test_single_keys_stamp_where_no_text_has_the_focus(quick: QuickCard) -> None:
    chip = quick.form.editor("requested_by").chip("patrol")  # type: ignore[attr-defined]  # FewChips
    QTest.keyClick(chip, Qt.Key.Key_P)
    QTest.keyClick(chip, Qt.Key.Key_S)
    assert set(quick.stamps.moments()) == {"paged_at", "on_scene_at"}
    QTest.keyClicks(quick.who, "pesc")
    assert quick.who.text() == "pesc"
    assert set(quick.stamps.moments()) == {"paged_at", "on_scene_at"}


def test_the_one_who_is_found_is_offered_and_taken_only_on_a_yes(shell: Shell, maria: str, quick: QuickCard) -> None:
    QTest.keyClicks(quick.who, "maria del")
    quick.look_for_them()
    assert quick.who.client_id == ""
    quick.choose(maria, "Maria Delgado")
    quick.leave()
    assert quick._made is not None
    assert quick._made.client_id == maria
    assert shell.context.desk.encounters.lines(maria)[0].id == quick._made.encounter_id


def test_without_who_or_where_it_waits_in_the_card(shell: Shell, quick: QuickCard) -> None:
    QTest.keyClicks(quick.form.editor("narrative"), "Wet and cold.")
    quick.stamp("paged")
    QTest.keyClick(quick.form.editor("narrative"), Qt.Key.Key_Escape)
    assert "Kept as you left it" in shell.message.words
    shell.context.commands.run("encounter.quick")
    again = over(shell)
    assert isinstance(again, QuickCard)
    assert again.form.values()["narrative"] == "Wet and cold."
    assert set(again.stamps.moments()) == {"paged_at"}


def test_f9_again_loses_nothing(shell: Shell, quick: QuickCard) -> None:
    QTest.keyClicks(quick.form.editor("location"), "Elm Street")
    shell.context.commands.run("encounter.quick")
    again = over(shell)
    assert isinstance(again, QuickCard)
    assert again.form.values()["location"] == "Elm Street"


def test_the_rest_is_filled_in_at_once(shell: Shell, quick: QuickCard) -> None:
    QTest.keyClicks(quick.who, "?")
    quick.fill_in_rest()
    card = over(shell)
    assert isinstance(card, EncounterCard)
    assert quick._made is not None
    assert card._encounter_id == quick._made.encounter_id


def test_a_stamp_can_be_typed_over(quick: QuickCard) -> None:
    quick.stamp("paged")
    tile = quick.stamps.tiles["paged_at"].time
    tile.setText("3:05")
    tile.settle()
    local = quick.context.clock.local(quick.stamps.moments()["paged_at"])
    assert (local.hour, local.minute) == (3, 5)


def test_opened_with_an_encounter_the_chart_shows_its_form(shell: Shell, maria: str) -> None:
    encounter_id = shell.context.desk.encounters.record(maria, EncounterDraft(began_at=shell.context.clock.now()))
    shell.go("clients")
    shell.go("chart", f"{maria}:encounter:{encounter_id}")
    assert isinstance(over(shell), EncounterCard)

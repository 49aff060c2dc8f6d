"""Resources in the real window: found by everyday words, checked, typed by hand, brought in and taken out."""

import csv
import json
import zipfile
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.errors import Invalid
from crisisdesk.records.choices import CheckResult, Need
from crisisdesk.ui.forms.service import PrivateForm, ServiceForm
from crisisdesk.ui.pages.import_list import ImportCard
from crisisdesk.ui.pages.lists_card import ListsCard
from crisisdesk.ui.pages.resources import ResourcesPage
from crisisdesk.ui.shell import Shell

HOSTILE = ("O'Neil", "Nguyễn", "Łukasz", "=cmd()", "<b>bold</b>", "?", "x" * 200)


@pytest.fixture
def page(shell: Shell) -> ResourcesPage:
    shell.go("resources")
    assert isinstance(shell.page, ResourcesPage)
    return shell.page


def titles(page):
    return [row.title for row in page.list.model().rows]


def ohana(folder: Path, *, services: int = 3) -> Path:
    """Write a made-up directory in the layout of Ohana."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = {
        "organizations.csv": [["id", "name", "description"], ["1", "Alder Street Table", "Food and company."]],
        "locations.csv": [["id", "organization_id", "name", "description"], ["1", "1", "Main house", "The brick one."]],
        "addresses.csv": [
            ["id", "location_id", "address_1", "city", "state_province", "postal_code", "country"],
            ["1", "1", "5 Alder Street", "Harlow Falls", "MN", "55001", "us"],
        ],
        "services.csv": [
            ["id", "location_id", "name", "description", "eligibility", "status"],
            *([str(n), "1", f"Food pantry {n}", "Groceries.", "Everyone.", "active"] for n in range(1, services + 1)),
        ],
        "phones.csv": [["id", "service_id", "location_id", "number"], ["1", "1", "1", "555-0142"]],
    }
    for name, rows in tables.items():
        with (folder / name).open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)
    return folder


def bring(qtbot: QtBot, shell: Shell, path: Path) -> ImportCard:
    """Read a list through the window's own card, up to its summary or its refusal."""
    shell.context.commands.run("directory.import")
    card = shell.findChildren(ImportCard)[-1]
    card.read(path)
    qtbot.waitUntil(lambda: not shell.context.jobs.is_busy, timeout=20_000)
    return card


def test_a_need_filters_and_clear_brings_all_back(page):
    everything = titles(page)
    line = page.filters._lines["needs"][Need.PLACE_TO_LIVE.value]
    line.box.setChecked(True)
    assert 0 < len(titles(page)) < len(everything)
    assert page.chips.chosen() == (f"needs:{Need.PLACE_TO_LIVE.value}",)
    page.clear()
    assert titles(page) == everything


def test_typing_finds_at_once_and_nothing_found_is_said(qtbot, page):
    qtbot.keyClicks(page.field, "single ro")
    assert titles(page)[0] == "Hope House, single rooms"
    page.field.setText("zzzz")
    assert titles(page) == []
    assert not page.list.isVisible()


def test_a_check_is_written_down_and_can_be_undone(shell, page):
    page.list.choose_first()
    service_id = page.card.service_id
    before = shell.context.desk.services.card(service_id).check.short
    page.card._last_call(service_id, CheckResult.WORKED)
    assert shell.context.desk.services.card(service_id).check.short == "today"
    shell.undo()
    assert shell.context.desk.services.card(service_id).check.short == before


@pytest.mark.parametrize("name", HOSTILE)
def test_a_service_is_typed_by_hand_and_found_as_typed(shell, page, name):
    form = ServiceForm.open_card(shell.context)
    form.form.set_values({"organization": "Birch Court Friends", "name": name, "phone": "555-0177", "hours": "Mon 9-5"})
    assert form.finish()
    card = shell.context.desk.services.card(page.card.service_id)
    assert card.name == name
    assert "555-0177" in [phone.number for phone in card.public.phones]


def test_a_service_without_any_name_is_refused_beside_the_field(shell):
    form = ServiceForm.open_card(shell.context)
    assert not form.finish()
    assert set(form.form.problems()) == {"name"}
    form.form.set_values({"name": "Rooms"})
    assert form.finish()


def test_editing_keeps_the_numbers_that_the_form_does_not_show(shell, page):
    page.list.choose_first()
    service_id = page.card.service_id
    before = shell.context.desk.services.card(service_id).public.phones
    form = ServiceForm.open_card(shell.context, service_id)
    form.form.set_values({"cost": "Nothing."})
    assert form.finish()
    after = shell.context.desk.services.card(service_id)
    assert after.public.phones == before
    assert after.public.cost.startswith("Nothing")


def test_private_notes_stay_out_of_the_public_half(shell, page):
    page.list.choose_first()
    service_id = page.card.service_id
    form = PrivateForm.open_card(shell.context, service_id)
    form.form.set_values({"back_line": "555-0199", "said_no_to": "SECRET WORDS"})
    assert form.finish()
    card = shell.context.desk.services.card(service_id)
    assert "SECRET WORDS" in " ".join(pair.value for pair in card.private_pairs)
    assert "SECRET WORDS" not in " ".join(pair.value for pair in card.public_pairs)


def test_a_list_comes_in_unchecked_and_twice_adds_nothing(qtbot, shell, page, tmp_path):
    count = shell.context.desk.services.facets(page.query).all
    card = bring(qtbot, shell, ohana(tmp_path / "list"))
    assert card.act.isEnabled()
    card.bring_in()
    qtbot.waitUntil(lambda: "3 services are in" in shell.message.words, timeout=5_000)
    assert shell.context.desk.services.facets(page.query).all == count + 3
    page.field.setText("food pantry 2")
    assert [row.check.short for row in page.list.model().rows][:1] == ["Never"]
    again = bring(qtbot, shell, ohana(tmp_path / "list"))
    assert not again.act.isEnabled()
    again.leave()
    assert shell.context.desk.services.facets(page.query).all == count + 3


def test_a_list_is_taken_out_whole_but_what_she_used_stays(qtbot, shell, page, tmp_path, answers):
    count = shell.context.desk.services.facets(page.query).all
    bring(qtbot, shell, ohana(tmp_path / "list")).bring_in()
    qtbot.waitUntil(lambda: "services are in" in shell.message.words, timeout=5_000)
    page.field.setText("food pantry 2")
    page.card._last_call(page.list.model().rows[0].id, CheckResult.WORKED)
    lists = ListsCard.open_card(shell.context)
    answers.confirm()
    lists._take_out(shell.context.desk.directory.data_sets()[0])
    assert shell.context.desk.services.facets(page.query).all == count + 1
    assert shell.context.desk.directory.data_sets() == ()


def _bad(tmp_path: Path) -> dict[str, Path]:
    made = {name: tmp_path / name for name in ("empty.json", "cut.json", "picture.json", "notes.csv", "bomb.zip")}
    made["empty.json"].write_bytes(b"")
    made["cut.json"].write_text('[{"name": "Hope House", "services": [{"na')
    made["picture.json"].write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
    made["notes.csv"].write_text("monday,call Renee\n")
    with zipfile.ZipFile(made["bomb.zip"], "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("services.csv", b"0" * 30_000_000)
    made["missing"] = tmp_path / "not there"
    made["no columns"] = tmp_path / "columns"
    made["no columns"].mkdir()
    (made["no columns"] / "services.csv").write_text("a,b\n1,2\n")
    (made["no columns"] / "organizations.csv").write_text("a,b\n1,2\n")
    made["nothing"] = tmp_path / "nothing.json"
    made["nothing"].write_text(json.dumps([]))
    return made


@pytest.mark.parametrize(
    "which", ["empty.json", "cut.json", "picture.json", "notes.csv", "bomb.zip", "missing", "no columns", "nothing"]
)
def test_a_bad_file_is_refused_in_a_sentence_and_nothing_changes(qtbot, shell, page, tmp_path, which):
    before = titles(page)
    card = bring(qtbot, shell, _bad(tmp_path)[which])
    said = card.problem
    assert said.endswith((".", "?"))
    assert " " in said
    assert "Error" not in said
    assert card.file_button.isVisible()
    assert not card.act.isVisible()
    card.leave()
    assert titles(page) == before


def test_cancel_while_reading_leaves_everything_as_it_was(qtbot, shell, page, tmp_path):
    before = titles(page)
    shell.context.commands.run("directory.import")
    card = shell.findChildren(ImportCard)[-1]
    card.read(ohana(tmp_path / "list", services=4000))
    card.leave()
    qtbot.waitUntil(lambda: not shell.context.jobs.is_busy, timeout=20_000)
    assert titles(page) == before
    assert shell.context.desk.directory.data_sets() == ()


def test_the_desk_refuses_what_the_form_would(shell):
    with pytest.raises(Invalid):
        shell.context.desk.services.add(ServiceForm(shell.context).draft())

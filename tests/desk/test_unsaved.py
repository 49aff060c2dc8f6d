"""Half-typed forms: listed by what they are about, as long as that is in view."""

import pytest

from crisisdesk.records.choices import Direction
from crisisdesk.records.clients import RelatedPerson
from crisisdesk.records.notes import Note
from crisisdesk.records.releases import Release
from tests.desk.town import at


@pytest.fixture
def maria(town):
    return town.client("Maria", "Delgado")


def kept(desk):
    return {(each.form, each.record_id, each.client_id, each.name) for each in desk.unsaved.kept()}


def test_each_form_is_listed_with_its_chart(desk, town, maria):
    service = town.service("Hope House", "Single rooms")
    note = town.add(Note(client_id=maria, body="…", written_at=at(11, 19)))
    person = town.add(RelatedPerson(client_id=maria, name="Ana"))
    release = town.add(Release(client_id=maria, recipient="Hope House", direction=Direction.BOTH))
    encounter = town.encounter(maria, at(11, 19))
    changed = {"addition": note, "encounter": encounter, "note": note, "person": person, "release": release}
    for form, ref in changed.items():
        desk.unsaved.keep(form, ref, {})
        desk.unsaved.keep(form, f"new {maria}", {})
    for form in ("client", "flag", "plan"):
        desk.unsaved.keep(form, maria, {})
    for form, ref in (("quick", ""), ("client", ""), ("service", ""), ("service", service), ("private", service)):
        desk.unsaved.keep(form, ref, {})
    expected = {(form, ref, maria, "Maria Delgado") for form, ref in changed.items()}
    expected |= {(form, "", maria, "Maria Delgado") for form in changed}
    expected |= {(form, maria, maria, "Maria Delgado") for form in ("client", "flag", "plan")}
    expected |= {(form, "", "", "") for form in ("quick", "client", "service")}
    expected |= {(form, service, "", "Single rooms") for form in ("service", "private")}
    assert kept(desk) == expected


def test_the_latest_stands_first(desk, clock, town, maria):
    assert town
    desk.unsaved.keep("note", f"new {maria}", {})
    clock.moment = at(11, 24, 14)
    desk.unsaved.keep("quick", "", {})
    assert [each.form for each in desk.unsaved.kept()] == ["quick", "note"]


def test_what_can_not_be_opened_is_not_listed(desk, town):
    gone = town.client("Gone", "Away", set_aside_at=at(11, 1))
    desk.unsaved.keep("note", f"new {gone}", {})
    desk.unsaved.keep("note", "no such note", {})
    desk.unsaved.keep("note", "", {})
    desk.unsaved.keep("a form of another release", "", {})
    assert desk.unsaved.kept() == ()


def test_a_listener_hears_of_forms_kept_and_thrown_away_until_it_ends(desk):
    heard = []
    end = desk.unsaved.subscribe(lambda: heard.append(len(desk.unsaved.kept())))
    desk.unsaved.keep("quick", "", {})
    desk.unsaved.forget("quick", "")
    end()
    desk.unsaved.keep("quick", "", {})
    assert heard == [1, 0]

"""A directory is brought in, kept up to date, and taken out whole but for what she has used."""

import uuid
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from crisisdesk.desk.directory_rows import RECORDS, Ids
from crisisdesk.desk.referrals import ReferralDraft
from crisisdesk.desk.releases import ReleaseDraft
from crisisdesk.desk.service_draft import PrivateDraft
from crisisdesk.desk.service_list import ServiceQuery
from crisisdesk.errors import FileProblem, NotFound, Stale
from crisisdesk.records.choices import CheckHow, CheckResult, ReleaseStatus, ServiceStatus
from crisisdesk.records.directory import DataSet, Organization, Phone, Service, TaxonomyTerm
from crisisdesk.records.incoming import (
    IncomingDirectory,
    IncomingOrganization,
    IncomingPhone,
    IncomingService,
    IncomingTaxonomyTerm,
)
from tests.desk.directories import ROOMS, SHELTER, another_publisher, harlow, with_service, without_service


def bring_in(desk, incoming=None):
    return desk.directory.bring_in(desk.directory.plan(incoming or harlow()))


def rows_of(store, *columns):
    with store.read() as s:
        return list(s.execute(select(*columns)))


def counts(store):
    with store.read() as s:
        found = {record.__tablename__: s.scalar(select(func.count()).select_from(record)) for record in RECORDS}
        return {**found, "data_set": s.scalar(select(func.count()).select_from(DataSet))}


def service_id(store, name):
    with store.read() as s:
        return s.scalars(select(Service.id).where(Service.name == name)).one()


def query(text):
    return ServiceQuery(text=text)


def named(organization, service_uuid):
    return IncomingDirectory(
        kind="HSDS 3.0 JSON",
        title=organization,
        organizations=(IncomingOrganization(source_id="1", name=organization),),
        services=(IncomingService(source_id=service_uuid, organization_id="1", name="Rooms"),),
    )


def test_a_plan_counts_before_anything_is_written(desk, store):
    plan = desk.directory.plan(harlow())
    assert (plan.counts["organization"].new, plan.counts["service"].new, plan.counts["phone"].new) == (2, 3, 2)
    assert plan.sentences() == ("2 new organizations and 3 new services. None of them counts as checked.",)
    assert plan.samples.new == ("Hope House, single rooms", "Hope House, shelter", "Nguyễn Clinic, walk-in clinic")
    assert not any(counts(store).values())


def test_a_directory_comes_in_whole_and_is_found(desk, store):
    data_set_id = bring_in(desk)
    (line,) = desk.directory.data_sets()
    assert (line.id, line.title, line.organizations, line.services) == (data_set_id, "Harlow County", 2, 3)
    assert [row.title for row in desk.services.page(query("nguyen")).rows] == ["Nguyễn Clinic, walk-in clinic"]
    card = desk.services.card(service_id(store, "Single rooms"))
    said = {pair.label: pair.value for pair in card.public_pairs}
    assert said == {
        "For whom": "Adults 18 and older",
        "Phone": "555-0171",
        "Hours": "Mon, Tue 9–17",
        "Where": "41 Cedar Street, Harlow Falls",
        "Cost": "Takes Medicaid",
        "Bring": "Any ID",
        "Languages": "Spanish",
    }


def test_an_imported_service_is_never_checked_even_if_its_publisher_assures_it(desk, store, clock):
    bring_in(desk, with_service(harlow(), ROOMS, assured_date=clock.today()))
    assert set(rows_of(store, Service.checked_on)) == {(None,)}
    mark = desk.services.card(service_id(store, "Single rooms")).check
    assert (mark.short, mark.by) == ("Never", "its publisher did, Nov 23")


def test_a_service_without_a_status_is_shown_and_not_taken_for_running(desk, store):
    bring_in(desk)
    assert dict(rows_of(store, Service.name, Service.status))["Shelter"] is ServiceStatus.NOT_SAID
    assert desk.services.page(query("shelter")).total == 1


def test_the_same_file_twice_adds_and_changes_nothing(desk, store):
    bring_in(desk)
    before = counts(store)
    plan = desk.directory.plan(harlow())
    assert plan.changes_nothing
    assert plan.sentences() == ("Everything in this file is here already. Nothing would change.",)
    desk.directory.bring_in(plan)
    assert counts(store) == before


def test_two_publishers_who_both_count_from_one_do_not_meet(desk, store):
    first = bring_in(desk)
    plan = desk.directory.plan(another_publisher())
    assert not plan.updates
    assert desk.directory.bring_in(plan) != first
    assert counts(store)["service"] == 4
    assert len(desk.directory.data_sets()) == 2


def test_a_newer_edition_changes_what_changed(desk, store):
    first = bring_in(desk)
    plan = desk.directory.plan(with_service(harlow(), ROOMS, description="Two rooms."))
    assert plan.updates == "Harlow County"
    assert plan.samples.changed == ("Hope House, single rooms",)
    assert desk.directory.bring_in(plan) == first
    assert desk.services.card(service_id(store, "Single rooms")).summary == "Two rooms."
    assert counts(store)["service"] == 3


def test_a_number_that_the_new_file_lacks_is_gone(desk, store):
    bring_in(desk)
    phones = (IncomingPhone(source_id="9", service_id=ROOMS, number="555-0199"), *harlow().phones[1:])
    plan = desk.directory.plan(harlow(phones=phones))
    assert plan.samples.changed == ("Hope House, single rooms",)
    assert "1 service would change." in plan.sentences()
    desk.directory.bring_in(plan)
    assert sorted(number for (number,) in rows_of(store, Phone.number)) == ["555-0180", "555-0199"]


def test_a_number_that_changed_is_changed(desk, store):
    bring_in(desk)
    changed = replace(harlow().phones[0], number="555-0199")
    bring_in(desk, harlow(phones=(changed, harlow().phones[1])))
    assert sorted(number for (number,) in rows_of(store, Phone.number)) == ["555-0180", "555-0199"]


def test_a_place_that_moves_changes_every_service_there(desk):
    bring_in(desk)
    moved = replace(harlow().addresses[0], address_1="43 Cedar Street")
    plan = desk.directory.plan(harlow(addresses=(moved, harlow().addresses[1])))
    assert (plan.counts["service"].changed, plan.counts["service"].unchanged) == (2, 1)


def test_a_service_that_the_new_file_lacks_stays_and_is_said(desk, store):
    bring_in(desk)
    plan = desk.directory.plan(without_service(harlow(), ROOMS))
    assert plan.counts["service"].missing == 1
    assert plan.samples.missing == ("Hope House, single rooms",)
    assert "1 service is not in this file any more. It stays; please check it." in plan.sentences()
    desk.directory.bring_in(plan)
    assert desk.services.card(service_id(store, "Single rooms")).public.phones


def test_a_service_that_she_edited_stays_hers(desk, store):
    bring_in(desk)
    rooms = service_id(store, "Single rooms")
    draft = desk.services.draft(rooms)
    draft.description, draft.address, draft.phones = "Ring twice.", "43 Cedar Street", []
    desk.services.edit(rooms, draft)
    plan = desk.directory.plan(with_service(harlow(), ROOMS, description="Two rooms."))
    assert (plan.counts["service"].kept_yours, plan.counts["service"].changed) == (1, 0)
    assert plan.samples.kept_yours == ("Hope House, single rooms",)
    desk.directory.bring_in(plan)
    card = desk.services.card(rooms)
    assert (card.summary, card.public.places[0].street, card.public.phones) == ("Ring twice.", "43 Cedar Street", ())


def test_a_number_of_a_service_that_she_edited_is_not_given_to_another(desk, store):
    bring_in(desk)
    rooms = service_id(store, "Single rooms")
    desk.services.edit(rooms, desk.services.draft(rooms))
    moved = replace(harlow().phones[0], service_id=SHELTER)
    bring_in(desk, harlow(phones=(moved, harlow().phones[1])))
    assert [phone.number for phone in desk.services.card(rooms).public.phones] == ["555-0171"]


def test_the_same_id_within_a_data_set_makes_the_same_id_of_ours():
    ids = Ids(data_set_id=str(uuid.uuid4()))
    row = IncomingOrganization(source_id="1", name="Hope House")
    assert ids.make("organization", row) == ids.make("organization", row) != ids.make("service", row)


def test_her_checks_and_set_asides_survive_a_newer_edition(desk, store):
    bring_in(desk)
    rooms, shelter = service_id(store, "Single rooms"), service_id(store, "Shelter")
    desk.services.check(rooms, CheckHow.PHONE, CheckResult.WORKED)
    desk.services.set_aside(shelter, "Closed for good")
    bring_in(desk, with_service(with_service(harlow(), ROOMS, description="Two rooms."), SHELTER, description="Beds."))
    assert desk.services.card(rooms).check.short == "today"
    assert desk.services.page(query("beds")).total == 0


def test_a_publishers_uuid_is_kept(desk, store):
    given = str(uuid.uuid4())
    bring_in(desk, named("Hope House", given))
    assert rows_of(store, Service.id) == [(given,)]


def test_a_uuid_that_is_taken_is_not_taken_again(desk, store):
    given = str(uuid.uuid4())
    first, second = bring_in(desk, named("Hope House", given)), bring_in(desk, named("Juniper House", given))
    assert first != second
    assert counts(store)["service"] == 2


def test_a_plan_that_is_out_of_date_is_refused_and_nothing_is_written(desk, store):
    plan = desk.directory.plan(harlow())
    bring_in(desk, another_publisher())
    before = counts(store)
    with pytest.raises(Stale):
        desk.directory.bring_in(plan)
    assert counts(store) == before


def test_an_import_that_fails_half_way_leaves_nothing(desk, store):
    plan = desk.directory.plan(harlow())
    plan.work.added["phone"].append({"id": "x", "colour": "red"})
    with pytest.raises(KeyError):
        desk.directory.bring_in(plan)
    assert not any(counts(store).values())


def test_an_import_tells_how_far_it_is(desk):
    told = []
    desk.directory.bring_in(desk.directory.plan(harlow()), lambda done, total: told.append((done, total)))
    assert told[-1][0] == told[-1][1] > 0


def test_an_empty_directory_is_refused_in_a_sentence(desk):
    with pytest.raises(FileProblem, match="no organizations and no services"):
        desk.directory.plan(IncomingDirectory(kind="HSDS 3.0 JSON", title="Empty"))


def test_categories_that_go_in_a_circle_come_in(desk, store):
    terms = (
        IncomingTaxonomyTerm(source_id="1", name="A", parent_id="2"),
        IncomingTaxonomyTerm(source_id="2", name="B", parent_id="1"),
        IncomingTaxonomyTerm(source_id="3", name="C", parent_id="3"),
    )
    data_set_id = bring_in(desk, harlow(taxonomy_terms=terms, service_terms=()))
    assert counts(store)["taxonomy_term"] == 3
    desk.directory.take_out(data_set_id)
    assert counts(store)["taxonomy_term"] == 0


@pytest.mark.parametrize("name", ["O'Neil", "Łukasz", "=cmd()", "<b>x</b>", "N" * 200, "?"])
def test_any_name_comes_in_as_it_was_published(desk, name):
    bring_in(desk, with_service(harlow(), ROOMS, name=name))
    assert name in {row.name for row in desk.services.page(query("")).rows}


# Taking out -----------------------------------------------------------------------------------------------------------


def test_an_unused_directory_leaves_no_row(desk, store):
    data_set_id = bring_in(desk)
    assert desk.directory.would_take_out(data_set_id).sentence == "3 services go."
    taken = desk.directory.take_out(data_set_id)
    assert (taken.removed, taken.kept) == (3, 0)
    assert not any(counts(store).values())
    assert desk.directory.data_sets() == ()


def test_another_directory_is_left_alone(desk, store):
    first = bring_in(desk)
    bring_in(desk, another_publisher())
    desk.directory.take_out(first)
    assert rows_of(store, Service.name) == [("Night shelter",)]


@pytest.fixture
def used(request, desk, store, client_id):
    """Use the service "Single rooms" in one way."""
    data_set_id, rooms = bring_in(desk), service_id(store, "Single rooms")
    uses = {
        "referral": lambda: desk.referrals.open(client_id, ReferralDraft(service_id=rooms)),
        "check": lambda: desk.services.check(rooms, CheckHow.PHONE, CheckResult.DID_NOT),
        "private note": lambda: desk.services.set_private(rooms, PrivateDraft(back_line="555-0176")),
        "edit": lambda: desk.services.edit(rooms, desk.services.draft(rooms)),
    }
    uses[request.param]()
    return data_set_id


@pytest.mark.parametrize("used", ["referral", "check", "private note", "edit"], indirect=True)
def test_a_service_that_she_used_stays_with_all_that_hangs_on_it(desk, store, used):
    taken = desk.directory.take_out(used)
    assert (taken.removed, taken.kept) == (2, 1)
    assert taken.sentence == "2 services go. 1 that you have used, checked or edited stays with you."
    assert rows_of(store, Service.name) == [("Single rooms",)]
    assert rows_of(store, Organization.name) == [("Hope House",)]
    assert sorted(rows_of(store, TaxonomyTerm.name)) == [("Housing",), ("Rooms",)]
    assert counts(store)["service_term"] == 1
    card = desk.services.card(service_id(store, "Single rooms"))
    assert (card.public.hours, card.public.places[0].street) == ("Mon, Tue 9–17", "41 Cedar Street")
    assert [phone.number for phone in card.public.phones] == ["555-0171"]
    assert desk.directory.data_sets() == ()
    with pytest.raises(NotFound):
        desk.directory.take_out(used)


@pytest.mark.parametrize("used", ["referral"], indirect=True)
def test_a_directory_that_comes_back_takes_up_what_stayed(desk, store, used):
    desk.directory.take_out(used)
    plan = desk.directory.plan(harlow())
    assert (plan.counts["service"].new, plan.updates) == (2, "")
    assert desk.directory.bring_in(plan) == used
    assert counts(store)["service"] == 3
    (line,) = desk.directory.data_sets()
    assert line.services == 3


def test_an_organization_that_a_release_names_stays(desk, store, client_id):
    data_set_id = bring_in(desk)
    hope_house = dict(rows_of(store, Organization.name, Organization.id))["Hope House"]
    signed = ReleaseDraft(
        recipient="Hope House",
        organization_id=hope_house,
        purpose="to find a place",
        status=ReleaseStatus.SIGNED,
        signed_on=date(2026, 11, 1),
        expires_on=date(2027, 11, 1),
    )
    desk.releases.add(client_id, signed)
    desk.directory.take_out(data_set_id)
    assert rows_of(store, Organization.name) == [("Hope House",)]
    assert counts(store)["service"] == 0


def test_her_own_service_keeps_the_organization_it_belongs_to(desk, store):
    data_set_id = bring_in(desk)
    draft = desk.services.draft(service_id(store, "Shelter"))
    desk.services.add(replace(draft, name="Winter beds"))
    desk.directory.take_out(data_set_id)
    assert rows_of(store, Service.name) == [("Winter beds",)]
    assert rows_of(store, Organization.name) == [("Hope House",)]


def test_a_number_that_stays_lets_go_of_a_place_that_leaves(desk, store):
    phone = IncomingPhone(source_id="1", service_id=ROOMS, location_id="2", number="555-0171")
    data_set_id = bring_in(desk, harlow(phones=(phone,)))
    desk.services.check(service_id(store, "Single rooms"), CheckHow.PHONE, CheckResult.WORKED)
    desk.directory.take_out(data_set_id)
    assert rows_of(store, Phone.number, Phone.location_id) == [("555-0171", None)]


def test_taking_out_cannot_be_undone_and_says_so(desk):
    data_set_id = bring_in(desk)
    desk.directory.take_out(data_set_id)
    assert desk.undo_label is None

"""The search: by any spelling, any number, and whatever is typed into it."""

import sys
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlcipher3 import dbapi2 as sqlcipher

from crisisdesk.records.choices import Need
from crisisdesk.records.clients import Client, ClientAddress, ClientName, ClientPhone, RelatedPerson
from crisisdesk.records.directory import (
    Address,
    Location,
    Organization,
    Phone,
    Service,
    ServiceAtLocation,
    ServiceNeed,
    ServiceTerm,
    TaxonomyTerm,
)
from crisisdesk.records.encounters import Encounter
from crisisdesk.records.notes import Note
from crisisdesk.records.referrals import Referral
from crisisdesk.vault import index, spelling
from crisisdesk.vault.index import Kind
from crisisdesk.vault.search import fitting_services, search, service_documents
from tests.stores import NOON
from tests.vault.people import A_DAY, add_client, add_note, add_service

SPELLINGS = {
    "Łukasz Kowalczyk": ("łukasz", "Lukasz", "LUKASZ KOW", "kowal luk"),
    "Seán O'Neil": ("o'neil", "O’Neil", "oneil", "ONEIL", "o neil", "neil", "sean o'n"),
    "Nguyễn Thị Hoa": ("nguyen", "Nguyễn", "thi hoa", "NGUYÊN"),
    "John Smith": ("smyth", "jon smith", "smith jon", "j smith", "smi"),
    "Ana De La Cruz": ("de la cruz", "delacruz", "cruz"),
    "Mary Smith-Jones": ("smith-jones", "smithjones", "jones", "smith jones"),
    "Müller": ("mueller", "muller", "Müller"),
    "?": ("?",),
    "=cmd()": ("=cmd()", "cmd"),
    "<b>": ("<b>", "b"),
    "x" * 200: ("x" * 200, "xxx"),
    "山田 太郎": ("山田", "太郎"),
    "A1 Steak": ("a1", "steak a1"),
}
BORN = (
    "1982-03-14",
    "3/14/1982",
    "03/14/1982",
    "3/14/82",
    "March 14 1982",
    "mar 14 1982",
    "1982",
    "delgado 1982",
    "3/14",
)
PHONE = (
    *("(312) 555-0123", "312 555 0123", "3125550123", "+1 312 555 0123", "555-0123"),
    *("5550123", "0123", "312-555", "555-0", "maria 0123"),
)
HOSTILE = (
    '"',
    "'",
    '"unbalanced',
    "AND",
    "OR OR",
    "NOT x",
    "NEAR(a b)",
    "name:maria",
    "-maria",
    "maria*",
    "^maria",
    "(maria",
    "maria)",
    "{name} : x",
    "a + b",
    "\x00",
    "ma\x00ria",
    "; DROP TABLE client; --",
    "=cmd()",
    "<b>",
    "\\",
    "%",
    "_",
    "😀",
    "😀 maria",
    "\u200d",
    "\u0301",
    "a\u0301",
    "हिन्दी",
    "שלום",
    "نص",
    "名前",
    "\ud800",
    "x" * 5000,
    "a " * 500,
    "1 " * 500,
    "1-" * 500,
)


def _found(store, typed, kind=Kind.CLIENT):
    with store.read() as s:
        return [hit.ref for hit in search(s, typed, (kind,))]


def _whole(store):
    """Let FTS5 compare each index with its texts."""
    with store._unit() as session:
        index.check(session.connection())


def test_a_client_is_found_by_any_spelling_of_the_name(store):
    for name in SPELLINGS:
        first, _, last = name.partition(" ")
        add_client(store, first_name=first, last_name=last, shown_name=name)
    with store.read() as s:
        names = dict(s.execute(select(Client.id, Client.shown_name)).all())
    for name, every in SPELLINGS.items():
        found = {typed: {names[key] for key in _found(store, typed)} for typed in every}
        assert {typed for typed in every if name not in found[typed]} == set(), name


def test_a_name_that_is_spelled_and_sounds_otherwise_is_not_found(store):
    add_client(store, first_name="Zora", last_name="Quux")
    assert [typed for every in SPELLINGS.values() for typed in every if _found(store, typed)] == []


def test_a_client_is_found_by_every_name_she_has(store):
    client_id = add_client(store, middle_name="Consuelo", goes_by="Mia", described_as="Woman at the Elm Street bridge")
    with store.write("Add name") as s:
        s.add(ClientName(client_id=client_id, name="Marija Delgadova"))
    for typed in ("consuelo", "mia", "elm street", "marija", "delgadova maria"):
        assert _found(store, typed) == [client_id]


def test_a_client_is_found_by_the_date_of_birth_as_people_type_it(store):
    client_id = add_client(store, born_on=date(1982, 3, 14))
    add_client(store, born_on=date(1990, 7, 2))
    assert {typed: _found(store, typed) for typed in BORN} == {typed: [client_id] for typed in BORN}


def test_a_client_is_found_by_the_digits_of_a_phone(store):
    client_id = add_client(store)
    other = add_client(store, last_name="Ortiz")
    with store.write("Add phone") as s:
        s.add(ClientPhone(client_id=client_id, number="+1 (312) 555-0123 x4"))
        s.add(ClientPhone(client_id=other, number="(410) 777-0198"))
    assert {typed: _found(store, typed) for typed in PHONE} == {typed: [client_id] for typed in PHONE}


def test_a_client_is_found_by_the_numbers_of_the_record(store):
    client_id = add_client(store)
    add_client(store)
    with store.write("Add encounter") as s:
        s.add(Encounter(client_id=client_id, number="2026-0388", incident_number="26-004512", began_at=A_DAY))
        s.add(Referral(client_id=client_id, number="R-2026-0142"))
    for typed in ("C-2026-0001", "c20260001", "2026-0388", "20260388", "0388", "388", "26-004512", "26004512", "4512"):
        assert _found(store, typed) == [client_id], typed
    assert _found(store, "R-2026-0142") == [client_id]
    assert _found(store, "maria 0388") == [client_id]
    assert _found(store, "zora 0388") == []


def test_a_client_is_found_by_address_and_by_the_people_around(store):
    client_id = add_client(store)
    with store.write("Edit client") as s:
        s.add(ClientAddress(client_id=client_id, address="218 Cotter Street, 3B"))
        s.add(RelatedPerson(client_id=client_id, name="Rosa Ibáñez", phone="555-0155"))
    for typed in ("218 cotter", "cotter st", "3b", "ibanez", "rosa", "555-0155"):
        assert _found(store, typed) == [client_id], typed


def test_exact_names_come_before_beginnings_and_those_before_sounds(store):
    linda = add_client(store, first_name="Linda", last_name="Brown")
    li = add_client(store, first_name="Wei", last_name="Li")
    leigh = add_client(store, first_name="Vivien", last_name="Lee", goes_by="Lie")
    assert _found(store, "li")[0] == li
    assert set(_found(store, "li")) == {linda, li, leigh}


def test_among_equals_the_latest_contact_comes_first(store):
    old = add_client(store, last_contact_at=NOON - timedelta(days=30))
    none = add_client(store)
    new = add_client(store, last_contact_at=NOON)
    assert _found(store, "delgado") == [new, old, none]


def test_no_more_hits_than_asked_for(store):
    for _ in range(5):
        add_client(store)
    with store.read() as s:
        assert [hit.rank for hit in search(s, "mar", (Kind.CLIENT,), limit=3)] == [0, 1, 2]


def test_who_is_set_aside_is_not_found(store):
    client_id = add_client(store)
    note_id = add_note(store, client_id, "Called back.")
    service_id = add_service(store, "Night shelter")
    with store.write("Set aside") as s:
        for kind, key in ((Client, client_id), (Note, note_id), (Service, service_id)):
            s.get_one(kind, key).set_aside_at = NOON
    with store.read() as r:
        assert search(r, "maria") + search(r, "called") + search(r, "shelter") + search(r, "C-2026-0001") == []
    store.undo()
    assert _found(store, "maria") == [client_id]
    assert _found(store, "C-2026-0001") == [client_id]


def test_a_service_is_found_by_what_it_is_made_of(store):
    service_id = add_service(store, "Bed for a night", description="Open 24/7. 12-step group.", keywords="emergency")
    add_service(store, "Zoo")
    with store.write("Edit service") as s:
        agency_id = s.get_one(Service, service_id).organization_id
        s.get_one(Organization, agency_id).name = "Mercy Harbor"
        place = s.add(Location(name="Old Mill", organization_id=agency_id))
        s.add(Address(location_id=place.id, address_1="9 Canal Row", city="Ellicott", postal_code="21043"))
        s.add(ServiceAtLocation(service_id=service_id, location_id=place.id))
        s.add(ServiceNeed(service_id=service_id, need=Need.FOOD_CLOTHES))
        term = s.add(TaxonomyTerm(name="Homeless Motel Vouchers"))
        s.add(ServiceTerm(service_id=service_id, term_id=term.id))
        s.add_all(
            [
                Phone(service_id=service_id, number="555-0111"),
                Phone(location_id=place.id, number="555-0122"),
                Phone(organization_id=agency_id, number="555-0133"),
            ]
        )
    for typed in (
        *("bed night", "24/7", "12-step", "emerg", "mercy harb", "old mill", "canal row", "ellicott", "21043"),
        *("food", "motel vouch", "555-0111", "555-0122", "5550133"),
    ):
        assert _found(store, typed, Kind.SERVICE) == [service_id], typed


def test_a_service_follows_the_rows_around_it(store):
    service_id = add_service(store, "Bed for a night")
    with store.write("Edit service") as s:
        agency = s.get_one(Organization, s.get_one(Service, service_id).organization_id)
        place = s.add(Location(organization_id=agency.id))
        term = s.add(TaxonomyTerm(name="Shelter"))
        s.add(ServiceAtLocation(service_id=service_id, location_id=place.id))
        s.add(ServiceTerm(service_id=service_id, term_id=term.id))
        address = s.add(Address(location_id=place.id))
        phone = s.add(Phone(location_id=place.id))
    changes = (
        (agency, "name", "Quarry House"),
        (place, "name", "Quarry Place"),
        (address, "city", "Quarryville"),
        (term, "name", "Quarrying"),
        (phone, "number", "555-0177"),
    )
    for record, column, value in changes:
        with store.write("Edit service") as s:
            setattr(s.get_one(type(record), record.id), column, value)
        assert _found(store, value, Kind.SERVICE) == [service_id], value
        store.undo()
        assert _found(store, value, Kind.SERVICE) == [], value


def test_services_named_so_come_first(store):
    told = add_service(store, "Zoo", description="There is food, food, food and a food pantry.")
    named = add_service(store, "Food pantry")
    assert _found(store, "food", Kind.SERVICE) == [named, told]
    with store.read() as s:
        documents = service_documents(s)
        assert {documents[row] for row in fitting_services(s, "food")} == {named, told}
        assert {documents[row] for row in fitting_services(s, "z")} == {told}
        assert fitting_services(s, " ") == []
        assert fitting_services(s, "?!") == []


def test_notes_are_found_by_their_words_the_newest_first(store):
    client_id = add_client(store)
    first, second = (add_note(store, client_id, body) for body in ("She sheltered at home.", "No shelter until 21:00."))
    assert _found(store, "shelter", Kind.NOTE) == [second, first]
    assert _found(store, "shelter 21:00", Kind.NOTE) == [second]
    assert _found(store, "s", Kind.NOTE) == []


def test_kinds_come_in_the_order_asked_for(store):
    client_id = add_client(store, first_name="Harbor")
    service_id = add_service(store, "Harbor")
    with store.read() as s:
        assert [hit.ref for hit in search(s, "harbor", (Kind.SERVICE, Kind.CLIENT))] == [service_id, client_id]
        assert [hit.ref for hit in search(s, "harbor", (Kind.CLIENT, Kind.SERVICE))] == [client_id, service_id]


def test_nothing_typed_finds_nothing(store):
    add_client(store)
    assert _found(store, "") == _found(store, "  \t") == _found(store, "\x00") == []


def test_signs_find_only_names_of_signs(store):
    add_client(store, last_name="O'Neil?")
    signs = add_client(store, first_name="", last_name="??%")
    assert _found(store, "?") == [signs]
    assert _found(store, "%") == [signs]
    assert _found(store, "_") == []


def test_whatever_is_typed_raises_nothing(store):
    client_id = add_client(store)
    for typed in HOSTILE:
        add_note(store, client_id, spelling.normal(typed))
        with store.read() as s:
            search(s, typed)
            fitting_services(s, typed)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(max_size=30))
def test_any_text_raises_nothing(store, typed):
    with store.read() as s:
        search(s, typed)
        fitting_services(s, typed)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=12))
def test_any_name_is_found_by_itself_unless_it_is_blank(store, name):
    client_id = add_client(store, last_name=name)
    found = _found(store, name)
    store.undo()
    assert client_id in found or not spelling.normal(name).strip()


def test_no_letter_makes_fts5_take_a_token_apart():
    # A phrase of two tokens is an error in the tables without positions.
    database = sqlcipher.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE fts USING fts5(body, tokenize='unicode61 remove_diacritics 2', detail=none)")
    letters = filter(spelling._belongs, map(chr, (*range(1, 0xD800), *range(0xE000, sys.maxunicode + 1))))
    for letter in letters:
        database.execute("SELECT 1 FROM fts WHERE fts MATCH ?", (f'"a{letter}b"*',))
    database.close()


def test_the_indexes_fit_their_texts_after_every_kind_of_write(store):
    client_id = add_client(store)
    note_id = add_note(store, client_id, "Called back.")
    with store.write("Edit note") as s:
        s.get_one(Note, note_id).body = "Called again."
    store.undo()
    store.undo()
    store.redo()
    store.rebuild_search()
    _whole(store)
    assert _found(store, "called", Kind.NOTE) == [note_id]


def _pages(store):
    """Return what the indexes of people hold, as they lie in the file."""
    pages = "SELECT block FROM fts_client_data UNION ALL SELECT block FROM fts_note_data"
    with store.read() as s:
        return b" ".join(s.connection().exec_driver_sql(pages).scalars()).lower()


def test_a_name_that_was_removed_is_gone_from_its_index(store):
    add_client(store, last_name="Zzyzx")
    assert b"zyzx" in _pages(store)
    store.undo()
    assert b"zyzx" not in _pages(store)


def test_a_purge_can_scrub_the_words_of_what_was_removed_from_every_index(store):
    client_id = add_client(store)
    add_note(store, client_id, "Xylophonist")
    store.undo()
    assert b"ylophon" in _pages(store)
    with store._unit() as session:
        index.scrub(session.connection())
    assert b"ylophon" not in _pages(store)
    _whole(store)


def test_a_search_that_was_made_anew_keeps_no_old_word_and_forgets_the_next(store):
    client_id = add_client(store, last_name="Zzyzx")
    add_note(store, client_id, "Xylophonist")
    with store._unit() as session:
        session.connection().exec_driver_sql("UPDATE client SET last_name = 'Ortiz'")
        session.connection().exec_driver_sql("UPDATE note SET body = 'Called back.'")
    store.rebuild_search()
    assert b"zyzx" not in _pages(store)
    assert b"ylophon" not in _pages(store)
    add_client(store, last_name="Xylander")
    store.undo()
    assert b"ylander" not in _pages(store)

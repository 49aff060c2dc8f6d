"""Ohana's CSV layout, as cities that left iCarol for it publish it. Everything here is made up."""

import json
from pathlib import Path

from crisisdesk.exchange import ohana
from crisisdesk.records.choices import PhoneType
from tests.exchange.samples import Tables, read, sentences, tables_of, write_tables

OHANA = """
organizations
id | name       | date_incorporated | funding_sources | website
10 | Hope House | January 20, 1970  | City, Donations | http://hope.example
11 | Elm Clinic |                   |                 |

locations
id | organization_id | name       | accessibility                | languages        | virtual | description
1  | 10              | Main house | ramp, wheelchair, big parrot | Spanish, Tagalog |         | BUS LINE: #5 and #19
2  | 11              | Hotline    |                              |                  | TRUE    |

services
id | location_id | name        | status | audience | eligibility  | fees  | accepted_payments | languages
7  | 1           | Night beds  | active | Men      | 18 and older | None. | Medicaid, cash    | Accommodations possible.
8  | 2           | Talk line   | active |          |              |       |                   | Spanish. ASL.
9  |             | Lost sheep  | active |          |              |       |                   |

addresses
id | location_id | address_1    | city        | country
1  | 1           | 1 Elm Street | Springfield | us

mail_addresses
id | location_id | attention  | address_1 | city
1  | 1           | Hope House | PO Box 5  | Springfield

contacts
id | organization_id | name              | title
1  | 10              | Jane Roe          | Director

phones
id | contact_id | location_id | organization_id | service_id | number         | department | number_type | vanity_number
1  | 1          |             | 10              |            | (410) 555-0101 |            | voice       |
2  |            | 1           | 10              | 7          | (410) 555-0102 | Phone 1    | voice       | 410-555-BEDS
3  |            |             |                 | 8          | (410) 555-0103 | TTY        | voice       |

regular_schedules
id | location_id | service_id | weekday  | opens_at | closes_at
1  | 1           |            | Monday   | 9:30     | 5:00 PM
2  |             | 8          | Sunday   | 00:00    | 24:00

holiday_schedules
id | location_id | service_id | start_date       | end_date          | closed
1  | 1           |            | January 01, 0001 | January 01, 0001  | true

categories
bom | id | name              | taxonomy_id | parent_id | parent_name | type
    | 1  | Emergency         | 101         |           |             | service
    | 2  | Emergency Shelter | 101-04      | 101       | Emergency   | service
    | 3  | Help Hotlines     | 108-09-02   |           |             | service
    | 4  | Never used        | 109         |           |             | service
    | 101 | Notary           | 111-03      |           |             | service
"""


def ohana_tables() -> Tables:
    tables = tables_of(OHANA)
    tables["services"][0] |= {
        "description": "OVERVIEW: Beds for the night.      \n\n\n\nVOLUNTEERS: Not needed.",
        "required_documents": "Passport,Driver’s License",
        "service_areas": "Springfield, Shelbyville",
        "keywords": "sleep, warm",
        "taxonomy_ids": "101-04",
    }
    return tables


def test_the_layout_is_known_and_comes_in_whole(tmp_path):
    directory = read(write_tables(tmp_path, ohana_tables()))
    assert directory.kind == "Ohana CSV"
    assert (len(directory.organizations), len(directory.services), len(directory.locations)) == (3, 3, 2)
    assert [(row.service_id, row.location_id) for row in directory.service_at_locations] == [("7", "1"), ("8", "2")]
    assert directory.organizations[0].year_incorporated == "1970"
    assert directory.organizations[0].funding == "City, Donations"


def test_a_service_takes_its_locations_organization_or_one_of_its_own_name(tmp_path):
    directory = read(write_tables(tmp_path, ohana_tables()))
    names = {row.source_id: row.name for row in directory.organizations}
    assert [names[row.organization_id] for row in directory.services] == ["Hope House", "Elm Clinic", "Lost sheep"]
    assert "filed under one of its own name" in sentences(directory)


def test_a_service_at_anothers_place_belongs_to_the_organization_that_its_phones_name(tmp_path):
    tables = ohana_tables()
    tables["services"][1]["location_id"] = "1"  # the clinic's line in the shelter's house
    tables["phones"][2]["organization_id"] = "11"
    assert read(write_tables(tmp_path, tables)).services[1].organization_id == "11"


def test_the_texts_of_icarol_lose_their_padding_and_first_label(tmp_path):
    shelter = read(write_tables(tmp_path, ohana_tables())).services[0]
    assert shelter.description == "Beds for the night.\n\nVOLUNTEERS: Not needed."
    assert shelter.eligibility_description == "Men\n18 and older"
    assert (shelter.fees_description, shelter.payments, shelter.keywords) == ("None.", "Medicaid, cash", "sleep, warm")


def test_lists_in_cells_become_rows(tmp_path):
    directory = read(write_tables(tmp_path, ohana_tables()))
    assert [row.document for row in directory.required_documents] == ["Passport", "Driver’s License"]
    assert [row.name for row in directory.service_areas] == ["Springfield", "Shelbyville"]
    assert [row.description for row in directory.accessibility] == ["Ramp", "Wheelchair access", "big parrot"]
    assert [(row.name, row.location_id, row.service_id) for row in directory.languages] == [
        ("Spanish", "1", ""),
        ("Tagalog", "1", ""),
        ("Spanish", "", "8"),
        ("American Sign Language", "", "8"),
    ]
    assert directory.services[0].interpretation_services == "Accommodations possible."
    assert directory.locations[0].transportation == "#5 and #19"
    assert [row.location_type for row in directory.locations] == ["physical", "virtual"]


def test_numbers_keep_their_words_and_lose_empty_labels(tmp_path):
    director, beds, tty = read(write_tables(tmp_path, ohana_tables())).phones
    assert (director.contact_id, director.service_id) == ("1", "")
    assert (beds.number, beds.description, beds.type) == ("(410) 555-0102", "410-555-BEDS", "voice")
    assert (tty.type, tty.description) == ("textphone", "TTY")


def test_hours_and_holidays_are_schedules(tmp_path):
    monday, sunday, new_year = read(write_tables(tmp_path, ohana_tables())).schedules
    assert (monday.byday, monday.opens_at, monday.closes_at) == ("MO", "09:30", "17:00")
    assert (sunday.byday, sunday.opens_at, sunday.closes_at) == ("SU", "00:00", "23:59")
    assert (new_year.is_closed, new_year.valid_from, new_year.description) == (True, None, "Every year, January 1")


def test_mail_addresses_stand_beside_addresses_of_the_same_number(tmp_path):
    directory = read(write_tables(tmp_path, ohana_tables()))
    assert [(row.address_type, row.address_1, row.country) for row in directory.addresses] == [
        ("physical", "1 Elm Street", "US"),
        ("postal", "PO Box 5", ""),
    ]
    assert len({row.source_id for row in directory.addresses}) == 2


def test_only_categories_in_use_come_with_those_above_them(tmp_path):
    directory = read(write_tables(tmp_path, ohana_tables()))
    assert {(row.source_id, row.name, row.parent_id) for row in directory.taxonomy_terms} == {
        ("101-04", "Emergency Shelter", "101"),
        ("101", "Emergency", ""),
    }
    assert directory.services[0].needs == ("bed_tonight",)


def test_a_list_of_categories_by_row_number_is_used_and_one_of_unknown_codes_is_not(tmp_path):
    folder = write_tables(tmp_path, ohana_tables())
    (folder / "service_categories.json").write_text(json.dumps({"8": ["3", "3", "101"], "404": ["1"]}))
    (folder / "service_codes.json").write_text(json.dumps({"8": ["RP-1500.1400", "XX"]}))
    directory = read(folder)
    of_line = [row.term_id for row in directory.service_terms if row.service_id == "8"]
    assert of_line == ["108-09-02", "111-03"]  # 101 is a row's number here, though another's id
    assert "service_codes.json" in sentences(directory)
    assert "service_categories.json" not in sentences(directory)


def slipped(folder: Path, *, by: int) -> Path:
    """Write forty places whose mail addresses stand ``by`` rows away from the place they name."""
    places = [f"House number {word} of the county" for word in map(chr, range(ord("A"), ord("A") + 26))]
    places += [f"Center {word}{word}{word} for everyone" for word in map(chr, range(ord("a"), ord("a") + 14))]
    ids = [str(number) for number in range(len(places))]
    named = places[by:] + places[:by]
    tables: Tables = {
        "organizations": [{"id": "1", "name": "County"}],
        "services": [
            {"id": f"s{key}", "location_id": key, "name": name} for key, name in zip(ids, places, strict=True)
        ],
        "locations": [{"id": key, "organization_id": "1", "name": name} for key, name in zip(ids, places, strict=True)],
        "mail_addresses": [
            {"id": key, "location_id": key, "attention": f"{name} Jane Roe, Director", "address_1": f"Box {name}"}
            for key, name in zip(ids, named, strict=True)
        ],
    }
    tables["mail_addresses"][5]["attention"] = "Nobody in particular"
    return write_tables(folder, tables)


def test_mail_addresses_that_slipped_go_to_the_places_they_name(tmp_path):
    directory = read(slipped(tmp_path, by=3))
    assert len(directory.addresses) == 39  # a wrong address is worse than none
    names = {row.source_id: row.name for row in directory.locations}
    assert all(row.address_1 == f"Box {names[row.location_id]}" for row in directory.addresses)
    assert "have slipped" in sentences(directory)


def test_mail_addresses_in_their_place_stay_there(tmp_path):
    directory = read(slipped(tmp_path, by=0))
    assert len(directory.addresses) == 40
    assert "slipped" not in sentences(directory)


def test_a_number_that_names_a_place_where_its_service_is_not_keeps_the_service_only(tmp_path):
    tables = ohana_tables()
    tables["phones"][1]["location_id"] = "2"
    phone = read(write_tables(tmp_path, tables)).phones[1]
    assert (phone.service_id, phone.location_id) == ("7", "")


def test_every_phone_type_is_one_that_the_records_know():
    for kind in ohana._PHONE_TYPES.values():
        assert PhoneType(kind)


def test_the_oldest_nested_json_of_ohana_is_read(tmp_path):
    path = tmp_path / "old.json"
    place = {
        "name": "Senior center",
        "address": {"street": "1 Elm Street", "city": "Springfield", "state": "MD", "zip": "21000"},
        "phones": [{"number": "410 555-0101"}],
        "faxes": [{"number": "410 555-0102"}],
        "languages": ["Spanish"],
        "hours": "Monday-Friday, 9-5",
        "servs": [{"eligibility": "Age 55 or over", "keywords": ["Meals"], "how_to_apply": "Walk in."}],
    }
    path.write_text(json.dumps({"name": "Peninsula Example", "locs": [place]}))
    directory = read(path)
    assert directory.kind == "Ohana JSON"
    assert directory.services[0].name == "Senior center"
    assert directory.services[0].application_process == "Walk in."
    assert directory.addresses[0].postal_code == "21000"
    assert [row.type for row in directory.phones] == ["voice", "fax"]
    assert directory.schedules[0].description == "Monday-Friday, 9-5"

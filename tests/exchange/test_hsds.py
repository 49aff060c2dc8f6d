"""Directories as their publishers write them."""

import json
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

from crisisdesk.exchange import hsds
from crisisdesk.records.incoming import IncomingDirectory, IncomingRow
from tests.exchange.samples import DATA, csv_bytes, good_tables, read, sentences, tables_of, write_tables, zip_tables

NAMES = ["O’Neil", "O'Neil", "Nguyễn", "Łukasz", "=cmd()", "<b>", "x" * 200, "?", "María-José “Pepe”", "李"]


def as_json() -> list[dict[str, object]]:
    """Return the services of the good tables as HSDS 3.0 JSON nests them."""
    tables = good_tables()
    organizations = {row["id"]: row for row in tables["organizations"]}
    services: list[dict[str, object]] = [
        {**{name: cell for name, cell in row.items() if cell}, "organization": organizations[row["organization_id"]]}
        for row in tables["services"]
    ]
    for service in services:
        del service["organization_id"]
    phone, fax = ({k: v for k, v in row.items() if not k.endswith("_id")} for row in tables["phones"])
    location = {**tables["locations"][0], "addresses": tables["addresses"], "phones": [phone]}
    services[0] |= {
        "phones": [phone],
        "languages": tables["languages"],
        "schedules": tables["schedules"],
        "service_at_locations": [{"id": "sal1", "location": location}],
        "attributes": [{"id": "x1", "link_type": "taxonomy", "taxonomy_term": tables["taxonomy_terms"][0]}],
    }
    services[2]["organization"] = {**organizations["o2"], "phones": [fax]}
    return services


def counts(directory: IncomingDirectory) -> dict[str, int]:
    found = {field.name: getattr(directory, field.name) for field in fields(directory)}
    return {name: len(rows) for name, rows in found.items() if isinstance(rows, tuple) and rows and name != "problems"}


HSDS_2 = """
physical_addresses
id | location_id | address_1    | city        | attention
1  | l1          | 1 Elm Street | Springfield |

postal_addresses
id | location_id | address_1 | city        | attention
1  | l1          | PO Box 5  | Springfield | Hope House

eligibility
id | service_id | eligibility
1  | s1         | Ages 18 and older.

payments_accepted
id | service_id | payment
1  | s1         | Medicaid
2  | s1         | cash

regular_schedules
id | service_id | weekday | opens_at | closes_at
1  | s2         | 1       | 9:00     | 5:00 PM

holiday_schedules
id | service_id | closed | start_date | end_date
1  | s2         | true   | 2026-12-24 | 2026-12-26

services_taxonomy
id | service_id | taxonomy_id
1  | s2         | t1
"""

EXPECTED = {
    "organizations": 2,
    "services": 3,
    "locations": 1,
    "service_at_locations": 1,
    "addresses": 1,
    "phones": 2,
    "schedules": 1,
    "languages": 1,
    "taxonomy_terms": 1,
    "service_terms": 1,
}


def test_a_folder_of_csv_tables_comes_in_whole(tmp_path):
    directory = read(write_tables(tmp_path / "springfield_county", good_tables()))
    assert directory.kind == "HSDS 3.0 CSV"
    assert directory.title == "Springfield county"
    assert counts(directory) == EXPECTED
    assert (directory.skipped, directory.repaired) == (0, 0)


def test_the_same_directory_as_a_zip_and_as_one_table_of_its_folder_gives_the_same_rows(tmp_path):
    folder = read(write_tables(tmp_path / "given", good_tables()))
    zipped = read(zip_tables(tmp_path / "given.zip", good_tables(), inside="export/data/"))
    table = read(tmp_path / "given" / "services.csv")
    assert folder.services == zipped.services == table.services
    assert folder.phones == zipped.phones == table.phones
    assert "organizations.csv" in sentences(table)  # she is told that the tables beside it were read


def test_nested_json_gives_the_same_rows_as_csv(tmp_path):
    path = tmp_path / "list.json"
    path.write_text(json.dumps(as_json()), encoding="utf-8")
    nested = read(path)
    flat = read(write_tables(tmp_path / "given", good_tables()))
    assert nested.kind == "HSDS 3.0 JSON"
    assert counts(nested) == EXPECTED
    assert nested.services == flat.services
    assert nested.organizations == flat.organizations
    assert {phone.number for phone in nested.phones} == {phone.number for phone in flat.phones}
    phone = next(phone for phone in nested.phones if phone.source_id == "p1")
    assert (phone.service_id, phone.location_id) == ("s1", "l1")  # nested twice, one row with both parents


@pytest.mark.parametrize("key", ["contents", "content", "data", "results"])
def test_a_page_envelope_is_opened_and_a_first_page_says_that_there_are_more(tmp_path, key):
    path = tmp_path / "page.json"
    path.write_text(json.dumps({"total_pages": 3, "page_number": 1, key: as_json()}), encoding="utf-8")
    directory = read(path)
    assert len(directory.services) == 3
    assert "page 1 of 3" in sentences(directory)


def test_pages_in_one_folder_are_one_directory(tmp_path):
    for number, service in enumerate(as_json()):
        (tmp_path / f"page{number}.json").write_text(json.dumps({"contents": [service]}), encoding="utf-8")
    assert len(read(tmp_path).services) == 3


def test_organizations_that_hold_their_services_are_read(tmp_path):
    tables = good_tables()
    organization = {**tables["organizations"][0], "services": tables["services"][:2], "locations": tables["locations"]}
    path = tmp_path / "organization.json"
    path.write_text(json.dumps(organization), encoding="utf-8")
    directory = read(path)
    assert {service.organization_id for service in directory.services} == {"o1"}
    assert directory.locations[0].organization_id == "o1"


def test_json_with_a_service_on_each_line_and_json_of_whole_tables_are_read(tmp_path):
    lines = tmp_path / "lines.json"
    lines.write_text("\n".join(json.dumps(service) for service in as_json()), encoding="utf-8")
    assert len(read(lines).services) == 3
    tabular = tmp_path / "tabular.json"
    tabular.write_text(json.dumps({f"{name}.csv": rows for name, rows in good_tables().items()}), encoding="utf-8")
    assert counts(read(tabular)) == EXPECTED


def test_values_are_read_as_hsds_means_them(tmp_path):
    directory = read(write_tables(tmp_path, good_tables()))
    shelter, pantry, counseling = directory.services
    assert (shelter.status, shelter.status_given) == ("active", True)
    assert shelter.assured_date == date(2026, 2, 1)
    assert shelter.last_modified == date(2026, 3, 15)
    assert (shelter.minimum_age, shelter.ages_from_words) == (18, True)
    assert (pantry.minimum_age, pantry.ages_from_words) == (0, False)
    assert counseling.status == "temporarily closed"
    assert shelter.description == "A bed for the night.\nCome before nine."
    assert directory.addresses[0].country == "US"
    hours = directory.schedules[0]
    assert (hours.byday, hours.opens_at, hours.closes_at, hours.offset) == ("MO,TU", "09:00", "17:00", "-05:00")
    assert (directory.locations[0].latitude, directory.locations[0].longitude) == (39.3, -76.6)


def test_a_service_that_was_never_assured_stays_so(tmp_path):
    directory = read(write_tables(tmp_path, good_tables()))
    assert [service.assured_date for service in directory.services[1:]] == [None, None]


def test_a_missing_status_is_inactive_and_said_to_need_a_check(tmp_path):
    tables = good_tables()
    for service in tables["services"]:
        service["status"] = ""
    tables["services"][1]["status"] = "fabulous"
    directory = read(write_tables(tmp_path, tables))
    assert {(service.status, service.status_given) for service in directory.services} == {("inactive", False)}
    assert "For 2 services the list doesn’t say whether they are running" in sentences(directory)
    assert "“fabulous”" in sentences(directory)


def test_ids_are_kept_as_text_and_a_uuid_is_known_for_one(tmp_path):
    tables = good_tables()
    tables["organizations"].append({"id": "1899600A649C11E6-8b77-86f30ca893d3", "name": "With a UUID"})
    tables["organizations"].append({"id": "007", "name": "With a number"})
    found = {row.name: row for row in read(write_tables(tmp_path, tables)).organizations}
    assert found["With a UUID"].uuid == "1899600a-649c-11e6-8b77-86f30ca893d3"
    assert (found["With a number"].source_id, found["With a number"].uuid) == ("007", None)


def test_rows_without_ids_get_the_same_ids_each_time(tmp_path):
    tables = good_tables()
    for row in (*tables["phones"], *tables["languages"], *tables["schedules"]):
        del row["id"]
    first, second = (read(write_tables(tmp_path / name, tables)) for name in ("first", "second"))
    assert first.phones == second.phones
    assert len({row.source_id for row in first.phones}) == 2


def test_every_child_names_a_parent_that_is_there(tmp_path):
    for directory in (read(DATA / "service_full.json"), read(write_tables(tmp_path, good_tables()))):
        known = {
            "organization_id": {row.source_id for row in directory.organizations},
            "service_id": {row.source_id for row in directory.services},
            "location_id": {row.source_id for row in directory.locations},
            "contact_id": {row.source_id for row in directory.contacts},
            "phone_id": {row.source_id for row in directory.phones},
            "term_id": {row.source_id for row in directory.taxonomy_terms},
        }
        for table in counts(directory):
            for row in getattr(directory, table):
                for column, ids in known.items():
                    assert getattr(row, column, "") in ids | {""}, (table, column)


@pytest.mark.parametrize("name", NAMES)
def test_any_name_comes_through_as_typed(tmp_path, name):
    tables = good_tables()
    tables["organizations"][0]["name"] = name
    tables["services"][0]["name"] = name
    flat = read(write_tables(tmp_path / "given", tables))
    path = tmp_path / "one.json"
    path.write_text(json.dumps([{"id": "1", "name": name, "status": "active", "organization": {"name": name}}]))
    nested = read(path)
    assert flat.organizations[0].name == flat.services[0].name == name
    assert nested.organizations[0].name == nested.services[0].name == name


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_unicode_is_read_with_and_without_its_mark(tmp_path, encoding):
    path = write_tables(tmp_path, good_tables()) / "organizations.csv"
    path.write_bytes(path.read_bytes().decode().encode(encoding))
    assert read(tmp_path).organizations[1].name == "Łukasz O’Neil Clinic"


def test_the_examples_of_the_standard_come_in():
    for name in ("service_full.json", "organization_full.json", "spec_3_0_csv"):
        directory = read(DATA / name)
        assert directory.kind.startswith("HSDS 3.0")
        assert counts(directory).items() >= {"organizations": 1, "services": 1, "locations": 1, "phones": 1}.items()
        assert directory.phones[0].number == "+44 1234 234567"
        assert directory.phones[0].extension == "100"
        assert directory.services[0].assured_date == date(2005, 1, 1)
        assert directory.schedules[0].byday == "TH,FR"
        assert directory.locations[0].latitude is None  # 100° north
    assert "The coordinates" in sentences(directory)
    assert len(read(DATA / "service_list.json").services) == 1


def test_progress_rises_to_the_end_and_cancel_stops_it(tmp_path):
    write_tables(tmp_path, good_tables())
    heard: list[tuple[int, int]] = []
    assert hsds.read(tmp_path, progress=lambda done, total: heard.append((done, total)))
    done = [step for step, _total in heard]
    assert done == sorted(done)
    assert heard[-1][0] == heard[-1][1]
    for after in range(len(heard)):
        assert hsds.read(tmp_path, cancelled=Patience(after).is_over) is None


class Patience:
    """Somebody who cancels when asked for the nth time."""

    def __init__(self, times: int) -> None:
        self.times = times

    def is_over(self) -> bool:
        self.times -= 1
        return self.times < 0


def test_hsds_2_keeps_addresses_eligibility_and_payments_apart_and_here_they_come_together(tmp_path):
    tables = good_tables()
    del tables["addresses"]
    for row in tables["services"]:
        for column in ("eligibility_description", "assured_date", "minimum_age", "last_modified"):
            row.pop(column, None)
    for row in tables["locations"]:
        del row["location_type"]
    tables |= tables_of(HSDS_2)
    del tables["attributes"]
    directory = read(write_tables(tmp_path, tables))
    assert directory.kind == "HSDS 1 or 2 CSV"
    assert [(row.address_type, row.address_1) for row in directory.addresses] == [
        ("physical", "1 Elm Street"),
        ("postal", "PO Box 5"),
    ]
    shelter = directory.services[0]
    assert (shelter.eligibility_description, shelter.minimum_age) == ("Ages 18 and older.", 18)
    assert shelter.payments == "Medicaid, cash"
    weekly, holiday = directory.schedules[1:]
    assert (weekly.freq, weekly.byday, weekly.opens_at, weekly.closes_at) == ("WEEKLY", "MO", "09:00", "17:00")
    assert (holiday.is_closed, holiday.valid_from, holiday.valid_to) == (True, date(2026, 12, 24), date(2026, 12, 26))
    assert [(row.service_id, row.term_id) for row in directory.service_terms] == [("s2", "t1")]


def test_an_organizations_own_address_gets_a_location(tmp_path):
    tables = good_tables()
    tables["postal_addresses"] = [{"id": "1", "organization_id": "o2", "address_1": "PO Box 5", "city": "Springfield"}]
    directory = read(write_tables(tmp_path, tables))
    made = next(row for row in directory.addresses if row.address_1 == "PO Box 5")
    location = next(row for row in directory.locations if row.source_id == made.location_id)
    assert (location.organization_id, location.location_type) == ("o2", "postal")


def test_markup_for_web_pages_becomes_plain_text(tmp_path):
    tables = good_tables()
    tables["services"][0]["description"] = "<p>Food &amp; clothes<br/>for <b>all</b>.</p><ul><li>One<li>Two</ul> 3 < 5"
    assert read(write_tables(tmp_path, tables)).services[0].description == (
        "Food & clothes\nfor all.\n\n– One\n– Two 3 < 5"
    )


def test_extra_columns_other_spellings_and_other_separators_are_taken(tmp_path):
    services = b'sep=;\r\nID;Name ;Organization ID;STATUS;Color\r\ns1;"Shelter; for all";o1;Active;blue\r\n'
    organizations = b"id\tname\r\no1\tHope House\r\n"
    (tmp_path / "Service.csv").write_bytes(services)
    (tmp_path / "organisations.TSV").write_bytes(organizations)
    directory = read(tmp_path)
    assert directory.services[0].name == "Shelter; for all"
    assert directory.services[0].organization_id == "o1"


def test_a_package_names_the_list(tmp_path):
    write_tables(tmp_path, good_tables())
    (tmp_path / "datapackage.json").write_text(json.dumps({"title": "County directory", "resources": []}))
    assert read(tmp_path).title == "County directory"
    assert read(tmp_path / "datapackage.json").title == "County directory"


@pytest.mark.parametrize(
    ("name", "title"),
    [("baltimore_resources.json", "Baltimore resources"), ("services.json", "Springfield county")],
)
def test_a_list_is_named_after_its_file_or_its_folder(tmp_path, name, title):
    folder = tmp_path / "springfield-county"
    folder.mkdir()
    (folder / name).write_text(json.dumps(as_json()), encoding="utf-8")
    assert read(folder / name).title == title


def test_every_row_is_frozen_and_light(tmp_path):
    directory = read(write_tables(tmp_path, good_tables()))
    row: IncomingRow = directory.services[0]
    assert not hasattr(row, "__dict__")
    with pytest.raises(AttributeError):
        row.source_id = "other"  # type: ignore[misc]  # that is the claim


def test_a_table_without_an_id_column_is_recognised_by_its_columns(tmp_path):
    tables = good_tables()
    folder = write_tables(tmp_path, tables)
    (folder / "export_17.csv").write_bytes(csv_bytes(tables["phones"]))
    (folder / "phones.csv").unlink()
    assert len(read(folder).phones) == 2


def test_one_path_reads_the_same_from_any_thread(tmp_path):
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415  only here

    write_tables(tmp_path, good_tables())
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(hsds.read, [Path(tmp_path)] * 8))
    assert all(directory == found[0] for directory in found)

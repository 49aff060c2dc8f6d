"""Files that are broken, foreign or hostile: a sentence in her words, and nothing else."""

import io
import json
import zipfile
from collections.abc import Callable

import pytest

from crisisdesk.errors import FileProblem
from crisisdesk.exchange import csv_rows, hsds, rows, sources
from tests.exchange.samples import Tables, csv_bytes, good_tables, read, sentences, write_tables, zip_tables

ZIP = zipfile.ZIP_DEFLATED


def refusal(path) -> str:
    with pytest.raises(FileProblem) as caught:
        hsds.read(path)
    words = str(caught.value)
    assert words.endswith("."), words
    assert "Error" not in words
    return words


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("list.json", b"", "empty"),
        ("list.csv", b" \r\n\r\n", "empty"),
        ("list.json", b"%PDF-1.7 ...", "a PDF document"),
        ("list.csv", b"\x89PNG\r\n\x1a\n" + bytes(50), "a picture"),
        ("list.csv", b"\xff\xd8\xff\xe0" + bytes(50), "a picture"),
        ("list.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(50), "old Office program"),
        ("list.json", b"\x1f\x8b\x08" + bytes(50), "an archive of a kind"),
        ("list.json", b"<!DOCTYPE html><html><body>Sign in</body></html>", "a web page"),
        ("list.json", b"<?xml version='1.0'?><list/>", "an XML file"),
        ("list.json", b"SQLite format 3\x00" + bytes(50), "a database"),
        ("list.csv", bytes(range(256)) * 40, "a file of another program"),
        ("list.json", b'[{"id": "1", "name": "Hope Ho', "breaks off in the middle"),
        ("list.json", b'[{"id": "1", "name": "Hope House",', "breaks off in the middle"),
        ("list.json", b'[{"id": "1",\n "name": Hope House}]', "damaged: it can’t be read as JSON from line 2 on"),
        ("list.json", b"[" * 40 + b"]" * 40, "nested more deeply"),
        ("list.json", b"[" * 200_000, "nested more deeply"),
        ("list.json", b'[{"id": "1", "name": "A", "name": "B", "status": "active"}]', "the field “name” twice"),
        ("list.json", b"[]", "an empty list"),
        ("list.json", b'{"contents": []}', "an empty list"),
        ("list.json", b'{"version": "3.0", "openapi_url": "x"}', "only says where a directory can be fetched"),
        ("list.json", b'{"$schema": "x", "properties": {}}', "describes how a directory is built"),
        ("list.json", b'[{"a": 1}, {"b": 2}]', "no organizations or services that CrisisDesk knows"),
        ("list.json", b'{"type": "FeatureCollection", "features": [{"name": "x"}]}', "no organizations or services"),
        ("list.json", b'[{"id": "1", "number": "410 555-0101", "type": "voice"}]', "no organizations"),
        ("list.csv", b"Name,Street,Rating\nHope House,1 Elm Street,5\n", "a spreadsheet of its own"),
        ("services.csv", b"id,title,status\n1,Hope,active\n", "no column “name”"),
        ("services.csv", b"id,name,status\n", "no table of organizations or services with rows"),
        ("organizations.csv", b"id,description\n1,Hope\n", "no column “name”"),
        ("services.csv", b'id,name,status\n1,"Hope,active\n2,"House,active\n', "Nothing of"),
    ],
)  # fmt: skip
def test_what_is_no_directory_is_refused_with_what_it_is(tmp_path, name, data, says):
    path = tmp_path / name
    path.write_bytes(data)
    assert says in refusal(path)


def test_json_named_csv_and_csv_named_json_are_read_as_what_they_are(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(json.dumps([{"id": "1", "name": "Hope", "status": "active"}]))
    assert len(read(path).services) == 1
    path = tmp_path / "table.json"
    path.write_bytes(csv_bytes(good_tables()["services"]))
    assert len(read(path).services) == 3


def test_a_workbook_is_told_to_be_saved_as_csv(tmp_path):
    path = tmp_path / "list.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("xl/workbook.xml", "<x/>")
    assert "save each sheet as CSV" in refusal(path)


def test_a_place_that_is_gone_or_holds_nothing_is_said(tmp_path):
    assert "not there any more" in refusal(tmp_path / "gone.json")
    assert "holds no CSV or JSON files" in refusal(tmp_path)


def test_several_directories_in_one_folder_are_not_mixed(tmp_path):
    write_tables(tmp_path / "county", good_tables())
    write_tables(tmp_path / "city", good_tables())
    assert "There are several directories" in refusal(tmp_path)
    with zipfile.ZipFile(tmp_path / "both.zip", "w") as archive:
        for folder in ("county", "city"):
            archive.write(tmp_path / folder / "services.csv", f"{folder}/services.csv")
    assert "There are several directories" in refusal(tmp_path / "both.zip")


# Zips -------------------------------------------------------------------------------------------------------------


def test_a_zip_that_breaks_off_is_refused(tmp_path):
    whole = zip_tables(tmp_path / "whole.zip", good_tables()).read_bytes()
    for length in range(4, len(whole), 97):
        path = tmp_path / "part.zip"
        path.write_bytes(whole[:length])
        assert "damaged or was not downloaded to its end" in refusal(path)


def test_a_zip_whose_bytes_were_changed_is_refused(tmp_path):
    data = bytearray(zip_tables(tmp_path / "whole.zip", good_tables()).read_bytes())
    data[60:80] = bytes(20)
    path = tmp_path / "changed.zip"
    path.write_bytes(bytes(data))
    assert "damaged" in refusal(path)


def bomb(path, *, declared: int | None = None) -> None:
    """Write a zip of 20 MB of one letter, and let its directory lie about the size."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", ZIP) as archive:
        archive.writestr("services.csv", "id,name\n" + "0" * (20 * sources.MEGABYTE))
    data = packed.getvalue()
    if declared is not None:
        true = (20 * sources.MEGABYTE + 8).to_bytes(4, "little")
        data = data.replace(true, declared.to_bytes(4, "little"))
    path.write_bytes(data)


def test_a_zip_bomb_is_stopped_while_it_unpacks(tmp_path):
    bomb(tmp_path / "bomb.zip")
    assert "far more than a directory needs" in refusal(tmp_path / "bomb.zip")


def test_a_zip_that_lies_about_its_sizes_gains_nothing(tmp_path):
    bomb(tmp_path / "liar.zip", declared=10)
    refusal(tmp_path / "liar.zip")


def test_too_many_files_and_too_much_in_all_are_refused(tmp_path, monkeypatch):
    path = tmp_path / "many.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(sources.ENTRY_LIMIT + 1):
            archive.writestr(f"{number}.csv", "a")
    assert "more than 1000 files" in refusal(path)
    monkeypatch.setattr(sources, "TOTAL_LIMIT", 200)
    assert "far more than a directory needs" in refusal(write_tables(tmp_path / "much", good_tables()))


def test_names_that_climb_out_of_the_archive_are_not_read(tmp_path):
    path = zip_tables(tmp_path / "list.zip", good_tables())
    for name in ("../../phones.csv", "/phones.csv", "C:\\phones.csv", "..\\phones.csv"):
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr(name, csv_bytes([{"id": "evil", "service_id": "s1", "number": "666"}]))
    directory = read(path)
    assert "666" not in [phone.number for phone in directory.phones]
    assert sorted(item.name for item in tmp_path.iterdir()) == ["list.zip"]


def test_a_nameless_entry_of_a_zip_is_passed_over(tmp_path):
    path = zip_tables(tmp_path / "list.zip", good_tables())
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("@", "")
    data = bytearray(path.read_bytes())
    data[data.rfind(b"@")] = 0  # in the archive's directory; a zip reader cuts names at a zero
    path.write_bytes(bytes(data))
    assert len(read(path).services) == 3


def test_a_locked_zip_says_so(tmp_path):
    path = zip_tables(tmp_path / "locked.zip", good_tables())
    data = bytearray(path.read_bytes())
    start = data.find(b"PK\x01\x02")
    while start >= 0:
        data[start + 8] |= 1  # the flag "encrypted" of each entry in the directory
        start = data.find(b"PK\x01\x02", start + 1)
    path.write_bytes(bytes(data))
    assert "locked with a password" in refusal(path)


# Limits -----------------------------------------------------------------------------------------------------------


def test_a_file_beyond_the_limit_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "FILE_LIMIT", 100)
    path = tmp_path / "list.json"
    path.write_text(json.dumps([{"id": "1", "name": "Hope " * 40}]))
    assert "reads files up to" in refusal(path)
    assert "reads files up to" in refusal(zip_tables(tmp_path / "list.zip", good_tables()))


def test_more_rows_than_a_table_may_have_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(rows, "ROW_LIMIT", 2)
    assert "more than 2 rows" in refusal(write_tables(tmp_path, good_tables()))


def test_too_many_entries_of_json_are_refused(tmp_path):
    path = tmp_path / "list.json"
    path.write_text("[" + "{}," * 1_000_001 + "{}]")
    assert "more than 1000000 entries" in refusal(path)


def test_a_million_characters_in_a_cell_cost_that_row_only(tmp_path):
    long = {"line": "x" * 1_000_000, "lines": "x\n" * 500_000, "quoted": '"' * 1_000_000, "short": "x" * 70_000}
    for name, cell in long.items():
        tables = good_tables()
        tables["services"][0]["description"] = cell
        directory = read(write_tables(tmp_path / name, tables))
        assert [service.source_id for service in directory.services] == ["s2", "s3"], name
        assert "left out" in sentences(directory)


def test_a_million_characters_in_json_cost_that_text_only(tmp_path):
    path = tmp_path / "list.json"
    path.write_text(json.dumps([{"id": "1", "name": "Hope", "status": "active", "description": "x" * 1_000_000}]))
    directory = read(path)
    assert (directory.services[0].name, directory.services[0].description) == ("Hope", "")
    assert "more than 65,000 characters" in sentences(directory)


# Rows -------------------------------------------------------------------------------------------------------------


def test_an_unclosed_quotation_mark_costs_its_own_row_only(tmp_path):
    folder = write_tables(tmp_path, good_tables())
    lines = [f"s{number},o1,Service {number},active" for number in range(10, 1500)]
    lines[3] = 's13,o1,"Service 13,active'
    lines[700] = 's710,o1,"Service 710",active'
    (folder / "services.csv").write_text("id,organization_id,name,status\n" + "\n".join(lines), encoding="utf-8")
    directory = read(folder)
    assert len(directory.services) == len(lines) - 1
    assert "services.csv, row 5: A quotation mark is opened here and not closed" in sentences(directory)


def test_quotation_marks_inside_a_cell_are_taken_as_they_stand(tmp_path):
    folder = write_tables(tmp_path, good_tables())
    text = 'id,organization_id,name,status\ns1,o1,"Hope "the big" House",active\ns2,o1,Two,active\n'
    (folder / "services.csv").write_text(text)
    directory = read(folder)
    assert [service.source_id for service in directory.services] == ["s1", "s2"]
    assert "big" in directory.services[0].name
    assert "quotation marks of this row don’t match" in sentences(directory)


def test_a_row_with_too_many_cells_is_left_out_and_a_short_one_is_not(tmp_path):
    folder = write_tables(tmp_path, good_tables())
    text = "id,organization_id,name,status\ns1,o1,Beds, and meals,active\ns2,o1,Two\ns3,o1,Three,active,,\n"
    (folder / "services.csv").write_text(text)
    directory = read(folder)
    assert [service.source_id for service in directory.services] == ["s2", "s3"]
    assert "services.csv, row 2: The row has more cells than the table has columns" in sentences(directory)


def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path):
    folder = write_tables(tmp_path, good_tables())
    text = 'id,organization_id,name,status\ns1,o1,"One\nof many\nlines",active\n\ns2,o1,,active\n'
    (folder / "services.csv").write_text(text)
    assert "services.csv, row 4, column name: The row has no name" in sentences(read(folder))


def test_the_same_id_twice_is_joined_or_left_out_and_said(tmp_path):
    tables = good_tables()
    tables["services"].append({"id": "s2", "organization_id": "o1", "name": "Food pantry", "email": "a@hope.example"})
    tables["services"].append({"id": "s2", "organization_id": "o1", "name": "Something else"})
    directory = read(write_tables(tmp_path, tables))
    assert [service.source_id for service in directory.services] == ["s1", "s2", "s3"]
    assert directory.services[1].email == "a@hope.example"
    assert "row 5, column id: The same id stands in services.csv, row 3; what was new" in sentences(directory)
    assert "row 6, column id: The same id stands in services.csv, row 3 under another name" in sentences(directory)


def test_two_numbers_with_one_id_are_both_kept(tmp_path):
    tables = good_tables()
    tables["phones"].append({"id": "p1", "service_id": "s1", "number": "410-555-0199"})
    directory = read(write_tables(tmp_path, tables))
    assert len(directory.phones) == 3
    assert len({phone.source_id for phone in directory.phones}) == 3
    assert "both were kept" in sentences(directory)


def orphan_service(tables: Tables) -> None:
    tables["services"][0]["organization_id"] = "nobody"


def orphan_phone(tables: Tables) -> None:
    tables["phones"][0] |= {"service_id": "nobody", "location_id": "nowhere"}


def orphan_link(tables: Tables) -> None:
    tables["service_at_location"][0]["location_id"] = "nowhere"


def bad_date(tables: Tables) -> None:
    tables["services"][0]["assured_date"] = "13/27/2014"


def bad_place(tables: Tables) -> None:
    tables["locations"][0]["latitude"] = "inf"


def bad_ages(tables: Tables) -> None:
    tables["services"][0] |= {"minimum_age": "64", "maximum_age": "18"}


def bad_time(tables: Tables) -> None:
    tables["schedules"][0]["opens_at"] = "whenever"


def bad_day(tables: Tables) -> None:
    tables["schedules"][0]["byday"] = "Caturday"


def no_numbers(tables: Tables) -> None:
    for row in tables["phones"]:
        del row["number"]


@pytest.mark.parametrize(
    ("spoil", "says", "services", "phones"),
    [
        (orphan_service, "services.csv, row 2, column organization_id: The service belongs to no organization", 3, 2),
        (orphan_phone, "phones.csv, row 2: The row belongs to no organization, service or location", 3, 1),
        (orphan_link, "row 2: The row joins a service and a location of which one is not in this list", 3, 2),
        (bad_date, "column assured_date: “13/27/2014” is not a date", 3, 2),
        (bad_place, "column latitude: The coordinates of this location can’t be right", 3, 2),
        (bad_ages, "column minimum_age: The ages of this service can’t be right", 3, 2),
        (bad_time, "column opens_at: “whenever” is not a time that can be read; it was kept as words", 3, 2),
        (bad_day, "column byday: “Caturday” is no day of the week; it was kept as words", 3, 2),
        (no_numbers, "phones.csv: The table has no column “number”, so nothing of it was read", 3, 0),
    ],
)
def test_what_is_wrong_with_a_row_is_said_and_the_rest_comes_in(
    tmp_path, spoil: Callable[[Tables], None], says, services, phones
):
    tables = good_tables()
    spoil(tables)
    directory = read(write_tables(tmp_path, tables))
    assert says in sentences(directory)
    assert (len(directory.services), len(directory.phones)) == (services, phones)


def test_a_lesser_table_that_is_foreign_is_passed_over_and_an_essential_one_is_not(tmp_path):
    folder = write_tables(tmp_path, good_tables())
    (folder / "phones.csv").write_bytes(b"%PDF-1.7")
    (folder / "holiday.csv").write_text("dog,cat\n1,2\n")
    directory = read(folder)
    assert len(directory.services) == 3
    assert "phones.csv" in sentences(directory)
    assert "holiday.csv" in sentences(directory)
    (folder / "services.csv").write_bytes(b"")
    assert "“services.csv” is empty" in refusal(folder)


def test_ten_thousand_problems_of_a_kind_are_ten_lines_and_a_count(tmp_path):
    tables = good_tables()
    tables["phones"] = [{"id": str(number), "service_id": "nobody", "number": "1"} for number in range(10_000)]
    directory = read(write_tables(tmp_path, tables))
    assert directory.skipped == 10_000
    assert len(directory.problems) < 20
    assert "9990 more rows like these" in sentences(directory)


def test_braces_in_a_cell_are_only_letters(tmp_path):
    tables = good_tables()
    tables["services"][0] |= {"status": "{0.__class__}", "name": "{name}", "assured_date": "{}"}
    directory = read(write_tables(tmp_path, tables))
    assert directory.services[0].name == "{name}"
    assert "“{0.__class__}” is no state" in sentences(directory)
    folder = write_tables(tmp_path / "other", good_tables())
    (folder / "{strange}.csv").write_text("a,b\n1,2\n")
    read(folder)


def test_zero_bytes_and_controls_leave_no_trace(tmp_path):
    tables = good_tables()
    tables["services"][0]["name"] = "Ho\x00pe\x1b[31m \u202eesuoH\ufeff"
    assert read(write_tables(tmp_path, tables)).services[0].name == "Hope[31m esuoH"
    path = tmp_path / "list.json"
    path.write_text('[{"id": "1", "name": "Hope \\ud800\\u0000House", "status": "active"}]')
    assert read(path).services[0].name == "Hope �House"


def test_numbers_that_are_none_are_read_as_empty(tmp_path):
    path = tmp_path / "list.json"
    path.write_text('[{"id": 7, "name": "Hope", "status": "active", "minimum_age": NaN, "maximum_age": -Infinity}]')
    directory = read(path)
    assert (directory.services[0].source_id, directory.services[0].minimum_age) == ("7", None)
    assert "no numbers (NaN)" in sentences(directory)


def test_a_file_of_broken_quotation_marks_throughout_is_refused(tmp_path):
    path = tmp_path / "services.csv"
    path.write_text("id,name\n" + '1,"Hope\n' * (csv_rows._RESTARTS + 10))
    assert "quotation marks in “services.csv” don’t match" in refusal(path)


def test_a_circle_of_categories_or_organizations_ends(tmp_path):
    tables = good_tables()
    tables["taxonomy_terms"] = [
        {"id": "t1", "name": "One", "code": "1", "parent_id": "t2"},
        {"id": "t2", "name": "Two", "code": "2", "parent_id": "t1"},
    ]
    tables["organizations"][0]["parent_organization_id"] = "o1"
    directory = read(write_tables(tmp_path, tables))
    assert len(directory.taxonomy_terms) == 2
    assert directory.organizations[0].parent_organization_id == ""

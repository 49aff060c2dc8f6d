"""A small good directory, made up, in the layouts that publishers use."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from crisisdesk.exchange import hsds
from crisisdesk.records.incoming import IncomingDirectory

Tables = dict[str, list[dict[str, str]]]

DATA = Path(__file__).parent.parent / "data" / "hsds"


def good_tables() -> Tables:
    """Return a fresh HSDS 3.0 directory: two organizations, three services, their children."""
    return {
        "organizations": [
            {"id": "o1", "name": "Hope House", "description": "Shelter and meals.", "website": "http://hope.example"},
            {"id": "o2", "name": "Łukasz O’Neil Clinic", "description": "Counseling.", "year_incorporated": "1997"},
        ],
        "services": [
            {
                "id": "s1",
                "organization_id": "o1",
                "name": "Emergency shelter",
                "status": "active",
                "description": "A bed for the night.\nCome before nine.",
                "eligibility_description": "Adults 18 and older.",
                "assured_date": "2026-02-01",
                "last_modified": "2026-03-15T10:30:45.123Z",
            },
            {"id": "s2", "organization_id": "o1", "name": "Food pantry", "status": "active", "minimum_age": "0"},
            {"id": "s3", "organization_id": "o2", "name": "Family counseling", "status": "temporarily closed"},
        ],
        "locations": [
            {"id": "l1", "organization_id": "o1", "location_type": "physical", "name": "Main house", "latitude": "39.3", "longitude": "-76.6"},
        ],
        "service_at_location": [{"id": "sal1", "service_id": "s1", "location_id": "l1"}],
        "addresses": [
            {"id": "a1", "location_id": "l1", "address_1": "1 Elm Street", "city": "Springfield", "state_province": "MD", "postal_code": "21000", "country": "us", "address_type": "physical"},
        ],
        "phones": [
            {"id": "p1", "service_id": "s1", "location_id": "l1", "number": "(410) 555-0101", "extension": "12", "type": "voice"},
            {"id": "p2", "organization_id": "o2", "number": "410-555-0102", "type": "fax"},
        ],
        "schedules": [
            {"id": "h1", "service_id": "s1", "freq": "WEEKLY", "byday": "MO,TU", "opens_at": "09:00-05:00", "closes_at": "17:00-05:00"},
        ],
        "languages": [{"id": "g1", "service_id": "s1", "name": "Spanish", "code": "es"}],
        "taxonomy_terms": [{"id": "t1", "code": "101-04", "name": "Emergency Shelter", "description": ""}],
        "attributes": [{"id": "x1", "link_id": "s1", "link_entity": "service", "link_type": "taxonomy", "taxonomy_term_id": "t1"}],
    }  # fmt: skip


def csv_bytes(rows: list[dict[str, str]]) -> bytes:
    """Return rows as CSV, with the columns that any of them has."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def write_tables(folder: Path, tables: Tables) -> Path:
    """Write tables as a folder of CSV files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        (folder / f"{name}.csv").write_bytes(csv_bytes(rows))
    return folder


def zip_tables(path: Path, tables: Tables, *, inside: str = "") -> Path:
    """Write tables as a zip of CSV files, in a folder inside it if one is named."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in tables.items():
            archive.writestr(f"{inside}{name}.csv", csv_bytes(rows))
    return path


@pytest.fixture
def tables() -> Tables:
    """A good directory to break."""
    return good_tables()


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., IncomingDirectory]:
    """Read what is given: tables, a JSON value, or bytes under a name."""

    def reader(content: object, name: str = "") -> IncomingDirectory:
        if isinstance(content, bytes):
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        elif isinstance(content, Path):
            path = content
        elif name:
            path = tmp_path / name
            path.write_text(json.dumps(content), encoding="utf-8")
        else:
            path = write_tables(tmp_path / "given", content)  # type: ignore[arg-type]  # tables, by the call
        directory = hsds.read(path)
        assert directory is not None
        return directory

    return reader

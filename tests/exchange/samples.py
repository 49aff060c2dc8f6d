"""A small good directory, made up, in the layouts that publishers use."""

import csv
import io
import zipfile
from pathlib import Path

from crisisdesk.exchange import hsds
from crisisdesk.records.incoming import IncomingDirectory

Tables = dict[str, list[dict[str, str]]]

DATA = Path(__file__).parent.parent / "data" / "hsds"  # examples of the standard itself; see ATTRIBUTION.md there


_TABLES = """
organizations
id | name                 | description        | website             | year_incorporated
o1 | Hope House           | Shelter and meals. | http://hope.example |
o2 | Łukasz O’Neil Clinic | Counseling.        |                     | 1997

services
id | organization_id | name              | status             | eligibility_description | minimum_age | assured_date
s1 | o1              | Emergency shelter | active             | Adults 18 and older.    |             | 2026-02-01
s2 | o1              | Food pantry       | active             |                         | 0           |
s3 | o2              | Family counseling | temporarily closed |                         |             |

locations
id | organization_id | location_type | name       | latitude | longitude
l1 | o1              | physical      | Main house | 39.3     | -76.6

service_at_location
id   | service_id | location_id
sal1 | s1         | l1

addresses
id | location_id | address_1    | city        | state_province | postal_code | country | address_type
a1 | l1          | 1 Elm Street | Springfield | MD             | 21000       | us      | physical

phones
id | service_id | organization_id | location_id | number         | extension | type
p1 | s1         |                 | l1          | (410) 555-0101 | 12        | voice
p2 |            | o2              |             | 410-555-0102   |           | fax

schedules
id | service_id | freq   | byday | opens_at    | closes_at
h1 | s1         | WEEKLY | MO,TU | 09:00-05:00 | 17:00-05:00

languages
id | service_id | name    | code
g1 | s1         | Spanish | es

taxonomy_terms
id | code   | name              | description
t1 | 101-04 | Emergency Shelter |

attributes
id | link_id | link_entity | link_type | taxonomy_term_id
x1 | s1      | service     | taxonomy  | t1
"""


def tables_of(text: str) -> Tables:
    """Return the tables that a text draws: a name, a header, rows, a blank line."""
    tables: Tables = {}
    for block in text.strip().split("\n\n"):
        name, header, *rows = block.split("\n")
        columns = [cell.strip() for cell in header.split("|")]
        tables[name.strip()] = [
            dict(zip(columns, (cell.strip() for cell in row.split("|")), strict=True)) for row in rows
        ]
    return tables


def good_tables() -> Tables:
    """Return a fresh HSDS 3.0 directory: two organizations, three services, their children."""
    tables = tables_of(_TABLES)
    tables["services"][0] |= {
        "description": "A bed for the night.\nCome before nine.",
        "last_modified": "2026-03-15T10:30:45.123Z",
    }
    return tables


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


def read(path: Path) -> IncomingDirectory:
    """Read a directory that nobody cancels."""
    directory = hsds.read(path)
    assert directory is not None
    return directory


def sentences(directory: IncomingDirectory) -> str:
    """Return all that is wrong with a directory, one place and sentence a line."""
    return "\n".join(f"{problem.kind} {problem.place()}: {problem.sentence}" for problem in directory.problems)

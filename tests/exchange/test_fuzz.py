"""Whatever the bytes are, reading them gives a directory or a sentence, never a traceback."""

import json
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crisisdesk.errors import FileProblem
from crisisdesk.exchange import hsds
from tests.exchange.samples import DATA, Tables, csv_bytes, good_tables, write_tables, zip_tables
from tests.exchange.test_ohana import ohana_tables

FEW = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])

STARTS = st.sampled_from(
    [
        b"",
        b"{",
        b"[",
        b"[{",
        b"PK\x03\x04",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"id,name,status\n",
        b'{"contents":[',
        b"sep=;\n",
    ]
)
MEAN_TEXTS = (
    """nan|inf|-1|1e999|0001-01-01|9999-99-99|24:00|-|((((|))))|o1|s1|l1|t1|p1|{}|{0}|%s|<b>|=1+1|٣|²|½|MO-MO"""
)
MEAN_CELLS = (
    st.text(max_size=30)
    | st.sampled_from(MEAN_TEXTS.split("|"))
    | st.sampled_from(["", " ", '"', '""', ",", "\n", "\r", "\x00", "\ufeff", "\ud7ff", "\U0001d54f" * 20])
    | st.sampled_from(["9" * 400, "x" * 70_000, "(" * 5_000, "ages " * 50, ";" * 50])
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    *(
                        "id",
                        "name",
                        "services",
                        "organization",
                        "locations",
                        "phones",
                        "addresses",
                        "status",
                        "contents",
                    ),
                    *(
                        "service_at_locations",
                        "attributes",
                        "taxonomy_term",
                        "schedules",
                        "languages",
                        "location",
                        "data",
                    ),
                ]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=25,
)


def holds(path: Path) -> None:
    try:
        directory = hsds.read(path)
    except FileProblem as problem:
        assert str(problem)[-1] in ".:"  # noqa: PT017  both outcomes are fine, and this is the claim about one
    else:
        assert directory
        assert all(service.name for service in directory.services)
        text = repr(directory)
        text.encode("utf-8")  # no lone surrogate that a database would refuse
        assert "\x00" not in text


def in_folder(name: str, data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(data)
        holds(path)


@FEW
@given(start=STARTS, data=st.binary(max_size=400), name=st.sampled_from(["services.csv", "list.json", "list.zip"]))
def test_random_bytes(start, data, name):
    in_folder(name, start + data)


@FEW
@given(text=st.text(alphabet=st.sampled_from('ab1,;"\n\r\t {}[]:\\\x00é'), max_size=300))
def test_random_text_of_the_signs_that_matter(text):
    in_folder("services.csv", ("id,name,status\n" + text).encode())
    in_folder("list.json", text.encode())


@FEW
@given(value=JSON)
def test_random_json_of_known_words(value):
    in_folder("list.json", json.dumps(value).encode())


@FEW
@given(data=st.data())
def test_random_truncations(data):
    for name, whole in WHOLE.items():
        length = data.draw(st.integers(0, len(whole)))
        in_folder(name, whole[:length])


@FEW
@given(data=st.data())
def test_random_changed_bytes(data):
    for name, whole in WHOLE.items():
        changed = bytearray(whole)
        for _time in range(data.draw(st.integers(1, 8))):
            changed[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
        in_folder(name, bytes(changed))


@FEW
@given(data=st.data())
def test_random_cells(data):
    tables: Tables = data.draw(st.sampled_from([good_tables, ohana_tables]))()
    for _time in range(data.draw(st.integers(1, 6))):
        row = data.draw(st.sampled_from(tables[data.draw(st.sampled_from(sorted(tables)))]))
        row[data.draw(st.sampled_from(sorted(row)))] = data.draw(MEAN_CELLS)
    with tempfile.TemporaryDirectory() as folder:
        holds(write_tables(Path(folder), tables))


@FEW
@given(data=st.data())
def test_random_missing_columns_and_tables(data):
    tables = data.draw(st.sampled_from([good_tables, ohana_tables]))()
    for _time in range(data.draw(st.integers(1, 4))):
        name = data.draw(st.sampled_from(sorted(tables)))
        column = data.draw(st.sampled_from(sorted(tables[name][0]) or ["id"]))
        for row in tables[name]:
            row.pop(column, None)
        if not tables[name][0]:
            return
    del tables[data.draw(st.sampled_from(sorted(tables)))]
    with tempfile.TemporaryDirectory() as folder:
        holds(write_tables(Path(folder), tables))


def _whole() -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        zipped = zip_tables(Path(folder, "list.zip"), good_tables()).read_bytes()
    return {
        "list.json": (DATA / "service_list.json").read_bytes(),
        "services.csv": csv_bytes(good_tables()["services"]),
        "list.zip": zipped,
    }


WHOLE = _whole()

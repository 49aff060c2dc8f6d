"""A hundred malicious or broken directories, made here: forty tables, forty JSON files, twenty zips."""

import gzip
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.exchange.samples import csv_bytes, good_tables

MB = 1024 * 1024
HEAD = b"id,organization_id,name,status,description\n"
ORGANIZATIONS = b"id,name,description\no1,Hope House,\n"
FORMULAS = ("=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "=HYPERLINK(0)")
MEAN = (
    "\u202egnp.exe",
    "\x00zero",
    "a\u0000b",
    "<script>alert(1)</script>",
    "<img src=x>",
    "../../etc/passwd",
    "'; DROP TABLE service; --",
    "{0.__class__}",
    "%s%n",
    "\ufeff",
    "\u2028line",
    "e" + "\u0301" * 500,
    "😀" * 300,
    "\U0001d54f" * 300,
)
EXTRAS = ("\udc80", "\ud800", "\udfff\ud800")


@dataclass(frozen=True)
class Sample:
    """One file of the corpus; the large ones are made when they are asked for."""

    name: str
    made: bytes | Callable[[], bytes]

    @property
    def data(self) -> bytes:
        """The file's bytes."""
        return self.made if isinstance(self.made, bytes) else self.made()


def tables() -> Iterator[Sample]:
    """Yield 40 tables, to lie as services.csv beside a table of organizations."""
    for number, text in enumerate((*FORMULAS, *MEAN)):
        yield Sample(f"cell-{number}.csv", HEAD + f's1,o1,"Bed {text}",active,"{text}"\n'.encode())
    row = b"s1,o1,Beds,active,\n"
    odd: dict[str, bytes | Callable[[], bytes]] = {
        "long-line": lambda: HEAD + b"s1,o1," + b"x" * (20 * MB),
        "many-quotes": lambda: HEAD + b'"' * MB,
        "open-quote": lambda: HEAD + b's1,o1,"Beds\n' + row * 20_000,
        "many-columns": lambda: b",".join(b"c%d" % number for number in range(50_000)) + b"\n" + b"1," * 50_000 + b"\n",
        "many-rows": lambda: HEAD + b"".join(b"s%d,o1,Beds,active,\n" % number for number in range(60_000)),
        "same-id": lambda: HEAD + row * 5_000,
        "latin-1": HEAD + "s1,o1,Café,active,\n".encode("latin-1"),
        "utf-16": (HEAD + row).decode().encode("utf-16"),
        "utf-32": (HEAD + row).decode().encode("utf-32"),
        "half-utf-8": HEAD + b"s1,o1,Caf\xc3,active,\n",
        "nul": HEAD + b"s1,o1,Be\0ds,active,\n",
        "only-nul": bytes(10_000),
        "xml": b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'aaa'>]><x>&a;</x>",
        "html": b"<!DOCTYPE html><html><body><table><tr><td>x</td></tr></table></html>",
        "carriage-returns": (HEAD + row).replace(b"\n", b"\r"),
        "doubled-header": b"id,name,name,name\ns1,a,b,c\n",
        "no-header": row * 3,
        "header-only": HEAD,
        "nothing": b"",
    }
    yield from (Sample(f"{name}.csv", data) for name, data in odd.items())


def json_files() -> Iterator[Sample]:
    """Yield 40 JSON files."""
    for number, text in enumerate((*FORMULAS, *MEAN, *EXTRAS)):
        service = {"id": "s1", "name": f"Bed {text}", "status": "active", "description": text}
        yield Sample(f"text-{number}.json", json.dumps([service]).encode())
    good = b'"id": "1", "name": "Hope", "status": "active"'
    odd: dict[str, bytes | Callable[[], bytes]] = {
        "deep": lambda: b"[" * 100_000 + b"]" * 100_000,
        "deep-names": lambda: b'{"services":' * 5_000 + b"1" + b"}" * 5_000,
        "nan": b"[{" + good + b', "minimum_age": NaN}]',
        "infinity": b"[{" + good + b', "minimum_age": -Infinity}]',
        "twice": b"[{" + good + b', "name": "Other"}]',
        "huge-number": lambda: b"[{" + good + b', "minimum_age": 1' + b"0" * 100_000 + b"}]",
        "huge-float": b"[{" + good + b', "latitude": 1e99999}]',
        "many-names": lambda: b"[{" + good + b"".join(b', "n%d": 1' % number for number in range(100_000)) + b"}]",
        "long-text": lambda: b"[{" + good + b', "description": "' + b"x" * (20 * MB) + b'"}]',
        "cut": b"[{" + good,
        "two": b"[{" + good + b"}][]",
        "comma": b"[{" + good + b",}]",
        "comment": b"/* x */ [{" + good + b"}]",
        "nul": b"[{" + good + b', "description": "\\u0000"}]',
        "bom": b"\xef\xbb\xbf[{" + good + b"}]",
        "wrong-kinds": b'[{"id": [], "name": {}, "status": 1, "phones": "x"}]',
    }
    yield from (Sample(f"{name}.json", data) for name, data in odd.items())


def zips() -> Iterator[Sample]:
    """Yield 20 zips."""
    good = {f"{name}.csv": csv_bytes(rows) for name, rows in good_tables().items()}
    names = ("../../evil.csv", "/etc/evil.csv", "C:\\evil.csv", "..\\evil.csv", "a" * 5_000 + ".csv", "con.csv")
    for number, name in enumerate(names):
        yield Sample(f"name-{number}.zip", zipped({**good, name: good["services.csv"]}))
    whole = zipped(good)
    nested = zipped({"inner.zip": zipped({"inner.zip": whole})})
    odd: dict[str, bytes | Callable[[], bytes]] = {
        "bomb": lambda: zipped({"services.csv": HEAD + bytes(180 * MB)}),
        "many-bombs": lambda: zipped({f"{number}.csv": bytes(5 * MB) for number in range(60)}),
        "many-files": lambda: zipped({f"{number}.csv": b"a" for number in range(3_000)}),
        "nested": nested,
        "cut": whole[: len(whole) // 2],
        "no-directory": whole[: whole.rfind(b"PK\x01\x02")],
        "twice": whole + whole,
        "in-front": b"MZ" + whole,
        "zeros": whole[:200] + bytes(200) + whole[400:],
        "lie": whole.replace(len(good["services.csv"]).to_bytes(4, "little"), (7).to_bytes(4, "little")),
        "empty": zipped({}),
        "xml-inside": zipped({"services.xml": b"<!DOCTYPE x><x/>"}),
        "gzip": gzip.compress(bytes(MB)),
        "good": whole,
    }
    yield from (Sample(f"{name}.zip", data) for name, data in odd.items())


def zipped(files: dict[str, bytes]) -> bytes:
    """Return a zip of these files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def lay_out(sample: Sample, folder: Path) -> Path:
    """Write a sample as she would choose it; a table lies in a folder beside its organizations."""
    folder.mkdir()
    if not sample.name.endswith(".csv"):
        (folder / sample.name).write_bytes(sample.data)
        return folder / sample.name
    (folder / "organizations.csv").write_bytes(ORGANIZATIONS)
    (folder / "services.csv").write_bytes(sample.data)
    return folder


def all_of() -> Iterator[Sample]:
    """Yield the whole corpus."""
    yield from tables()
    yield from json_files()
    yield from zips()

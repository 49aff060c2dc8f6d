"""A stranger's file is read in a process of its own: the same directory comes out, and nothing else does."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from crisisdesk.errors import FileProblem
from crisisdesk.exchange import apart, hsds, wire
from crisisdesk.records.incoming import IncomingDirectory
from tests.exchange.samples import DATA, good_tables, read, write_tables, zip_tables

ROOT = Path(__file__).parents[2]
FORBIDDEN = ("crisisdesk.vault", "crisisdesk.desk", "crisisdesk.ui", "crisisdesk.app", "crisisdesk.cli")
FOREIGN = ("sqlcipher3", "sqlalchemy", "PySide6", "shiboken6", "keyring", "cryptography", "reportlab", "socket")

# The real child, whose reader has been taken over: what it does then is a few lines of Python.
_TAKEN_OVER = """
import json, os, resource, signal, subprocess, sys
from crisisdesk.exchange import apart_child
apart_child._leave_out_tables()
from crisisdesk.exchange import hsds
from crisisdesk.records.incoming import IncomingDirectory
def read(path, progress):
    BODY
hsds.read = read
sys.exit(apart_child.main(sys.argv[1:]))
"""


def taken_over(body: str, limits: apart.Limits | None = None) -> list[str]:
    """Return the line of a child whose reader does this."""
    words = apart.command(limits or apart.Limits())[-2:]
    script = _TAKEN_OVER.replace("BODY", body.strip().replace("\n", "\n    "))
    return [sys.executable, "-P", "-c", script, *words]


def sends(*lines: bytes, then: str = "") -> list[str]:
    """Return the line of a child that writes these bytes, whatever it was asked, and then does something."""
    script = "import os, signal, sys; os.write(1, bytes.fromhex(sys.argv[1]))"
    return [sys.executable, "-I", "-S", "-c", f"{script}\n{then}", b"".join(lines).hex()]


def refusal(path: Path, child: Sequence[str], limits: apart.Limits | None = None) -> str:
    """Return what she is told of a list whose reader is this child."""
    with pytest.raises(FileProblem) as refused:
        apart.read(path, child=child, limits=limits or apart.Limits())
    return str(refused.value)


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    return write_tables(tmp_path / "hope county", good_tables())


# The same comes out ---------------------------------------------------------------------------------------------------


def _nothing_here(folder: Path) -> Path:
    (folder / "notes.csv").write_text("when,what\n2026-01-05,A call\n")
    return folder / "notes.csv"


def _name_of_no_encoding(folder: Path) -> Path:
    """A folder, and a file that is passed over, whose names are bytes of no encoding, as an old stick has them."""
    place = write_tables(Path(os.fsdecode(os.fsencode(folder) + b"/Stra\xdfe")), good_tables())
    (place / os.fsdecode(b"caf\xe9.csv")).write_text("a,b\n1,2\n")
    return place


@pytest.mark.parametrize(
    "lay",
    [
        lambda folder: write_tables(folder / "hope county", good_tables()),
        lambda folder: zip_tables(folder / "list.zip", good_tables(), inside="data/"),
        lambda folder: write_tables(folder / "hope", good_tables()) / "services.csv",
        lambda _: DATA / "service_full.json",
        lambda _: DATA / "spec_3_0_csv",
    ],
)
def test_a_list_reads_as_it_does_in_this_process(tmp_path, lay):
    path = lay(tmp_path)
    assert apart.read(path) == read(path)


def test_names_that_are_not_text_come_in_too_and_show_a_mark_where_a_letter_is_lost(tmp_path):
    directory = apart.read(_name_of_no_encoding(tmp_path))
    assert directory is not None
    assert directory.services == read(_name_of_no_encoding(tmp_path)).services
    assert "caf\ufffd.csv" in " ".join(problem.sentence for problem in directory.problems)


@pytest.mark.parametrize("lay", [_nothing_here, lambda folder: folder / "gone.json", lambda folder: folder])
def test_a_list_is_refused_with_the_sentence_of_this_process(tmp_path, lay):
    path = lay(tmp_path)
    with pytest.raises(FileProblem) as here:
        hsds.read(path)
    with pytest.raises(FileProblem) as there:
        apart.read(path)
    assert str(there.value) == str(here.value)


def test_progress_is_heard_up_to_the_end(tables):
    heard: list[wire.Step] = []
    assert apart.read(tables, progress=lambda done, total: heard.append((done, total)))
    assert len(heard) > 1
    assert heard == sorted(set(heard))
    assert heard[-1] == (1_000, 1_000)


# The child has nothing ------------------------------------------------------------------------------------------------


def test_the_child_loads_no_vault_no_database_and_no_window(tables):
    line = apart.command()
    told = subprocess.run(
        [line[0], "-X", "importtime", *line[1:]],
        input=os.fsencode(tables),
        env=dict(apart.environment()),
        capture_output=True,
        check=True,
    )
    loaded = {each.rpartition("|")[2].strip() for each in told.stderr.decode().splitlines()}
    assert b'["end",' in told.stdout
    assert "crisisdesk.exchange.json_walk" in loaded
    assert not [each for each in loaded if each.startswith((*FORBIDDEN, *FOREIGN))]


def test_the_child_is_told_no_name_and_no_environment_and_holds_no_file_of_ours(tables, monkeypatch, tmp_path):
    monkeypatch.setenv("A_SECRET", "of this program")
    body = """
told = {"argv": sys.argv, "environment": dict(os.environ), "files": os.listdir("/proc/self/fd"), "path": str(path)}
return IncomingDirectory(kind="told", title=json.dumps(told))
"""
    with (tmp_path / "vault.db").open("wb") as ours:
        os.set_inheritable(ours.fileno(), True)
        directory = apart.read(tables, child=taken_over(body))
        plain = apart.read(tables, child=taken_over(body))
    assert directory == plain is not None
    told = json.loads(plain.title)
    assert told["path"] == str(tables)
    assert "hope county" not in " ".join(told["argv"])
    assert {name for name in told["environment"] if not name.startswith("LC_")} == {"PYTHONPATH"}
    assert len(told["files"]) == 4  # standard input, output, error, and the folder that is being listed


def test_the_child_runs_within_its_limits(tables):
    body = """
names = ("AS", "CPU", "CORE", "FSIZE", "NPROC")
told = {name: resource.getrlimit(getattr(resource, "RLIMIT_" + name)) for name in names} | {"umask": os.umask(0)}
return IncomingDirectory(kind="told", title=json.dumps(told))
"""
    directory = apart.read(tables, child=taken_over(body))
    assert directory is not None
    assert json.loads(directory.title) == {
        "AS": [2 * 1024**3] * 2,
        "CPU": [60, 61],
        "CORE": [0, 0],
        "FSIZE": [0, 0],
        "NPROC": [0, 0],
        "umask": 0o077,
    }


def test_the_child_can_write_no_file(tables, tmp_path):
    body = f'open({str(tmp_path / "left behind")!r}, "w").write("x" * 10)'
    assert "stopped the reading" in refusal(tables, taken_over(body))
    assert not (tmp_path / "left behind").read_bytes()


def test_nothing_outside_exchange_reads_a_list_where_the_vault_is_open():
    ours = [path for path in (ROOT / "crisisdesk").rglob("*.py") if path.parent.name != "exchange"]
    readers = [path for path in ours if {"hsds", "csv_rows", "json_file"} & set(path.read_text("utf-8").split())]
    assert len(ours) > 50
    assert readers == []


def test_the_packaged_program_starts_itself(monkeypatch):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert apart.command() == [sys.executable, "read-list", str(2 * 1024**3), "60"]
    assert "PYTHONPATH" not in apart.environment()


# Whatever becomes of the child, she gets a sentence -------------------------------------------------------------------


@pytest.mark.parametrize("name", ["SIGSEGV", "SIGKILL"])
def test_a_crash_of_the_child_is_a_sentence(tables, name):
    said = refusal(tables, taken_over(f"progress(1, 1000)\nos.kill(os.getpid(), signal.{name})"))
    assert said.startswith("“hope county” holds something that stopped the reading. Nothing was brought in")


FAULT = taken_over('raise ValueError("Ilse Example, 555-0111")')


def test_a_fault_of_the_reader_says_nothing_of_the_file(tables):
    assert "Ilse" not in refusal(tables, FAULT)
    told = subprocess.run(
        FAULT, input=os.fsencode(tables), env=dict(apart.environment()), capture_output=True, check=False
    )
    assert (told.returncode, told.stdout, told.stderr) == (70, b"", b"")


def test_what_a_child_writes_beside_is_heard_by_nobody(tables, capfd):
    assert apart.read(tables, child=sends(END, then="os.write(2, b'Ilse Example, 555-0111')"))
    assert capfd.readouterr() == ("", "")


def test_a_bomb_is_stopped_at_its_memory(tables):
    limits = apart.Limits(memory=300 * 1024**2)
    said = refusal(tables, taken_over("held = []\nwhile True: held.append(bytearray(10_000_000))", limits), limits)
    assert "needs more memory" in said


def test_an_endless_loop_is_stopped_by_its_processor_time(tables):
    limits = apart.Limits(processor=1)
    assert "took longer" in refusal(tables, taken_over("while True: pass", limits), limits)


def test_a_child_that_waits_for_ever_is_stopped_by_the_clock(tables):
    assert "took longer" in refusal(tables, sends(then="signal.pause()"), apart.Limits(wall=0.3))


def test_a_child_that_can_not_be_started_is_a_sentence(tables, tmp_path):
    assert "could not start its reader" in refusal(tables, [str(tmp_path / "nothing")])


ROW = b'["row","urls",["u1","","","","http://hope.example"]]\n'
END = b'["end","HSDS 3.0 JSON","Hope",0,0]\n'


def test_what_these_children_send_would_do(tables):
    directory = apart.read(tables, child=sends(ROW, END))
    assert directory is not None
    assert [row.url for row in directory.urls] == ["http://hope.example"]


@pytest.mark.parametrize(
    "child",
    [
        sends(),
        sends(b"Segmentation fault\n"),
        sends(b"\x80\x04\x95\x1b\x00\x00\x00.\n"),  # a pickle
        sends(ROW),  # and no end
        sends(ROW, END[:-1]),  # an end that was cut
        sends(ROW, END, ROW),
        sends(END, END),
        sends(ROW, END, then="sys.exit(3)"),
        sends(END, then="os.kill(os.getpid(), signal.SIGSEGV)"),
        sends(b"[" * 50_000 + b"\n"),
        sends(then="while True: os.write(1, b'x' * 65536)"),  # a line without an end
    ],
)
def test_garbage_is_a_sentence(tables, child):
    assert "stopped the reading" in refusal(tables, child)


def test_a_flood_of_good_lines_is_a_sentence(tables, monkeypatch):
    monkeypatch.setattr(apart, "_OUTPUT_LIMIT", 500_000)
    flood = sends(then="while True: os.write(1, b'[\"step\",1,9]\\n' * 5000)")
    assert "stopped the reading" in refusal(tables, flood, apart.Limits(wall=10))


# Cancel ---------------------------------------------------------------------------------------------------------------


class Patience:
    """Lets a child say its first words, remembers it, and then cancels or breaks off."""

    def __init__(self) -> None:
        self.is_over = False

    def hear(self, _done: int, _total: int) -> None:
        self.is_over = True

    def stop(self, _done: int, _total: int) -> None:
        raise KeyboardInterrupt


def child_that_waits(note: Path) -> list[str]:
    """Return the line of a child that writes down who it is, says how far it is, and waits for ever."""
    then = f"open({str(note)!r}, 'w').write(str(os.getpid()))\nos.write(1, b'[\"step\",1,1000]\\n')\nsignal.pause()"
    return sends(then=then)


def is_gone(note: Path) -> bool:
    """Whether the child that wrote this is no more."""
    try:
        os.kill(int(note.read_text()), 0)
    except ProcessLookupError:
        return True
    return False


def test_cancel_ends_the_child_though_it_says_nothing(tables, tmp_path):
    patience = Patience()
    waits = child_that_waits(tmp_path / "who")
    in_time = apart.Limits(wall=10)
    assert (
        apart.read(tables, child=waits, progress=patience.hear, cancelled=lambda: patience.is_over, limits=in_time)
        is None
    )
    assert is_gone(tmp_path / "who")


def test_progress_that_raises_ends_the_child(tables, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        apart.read(tables, child=child_that_waits(tmp_path / "who"), progress=Patience().stop)
    assert is_gone(tmp_path / "who")


def test_cancelled_before_it_began_starts_nothing(tables, tmp_path):
    assert apart.read(tables, child=[str(tmp_path / "nothing")], cancelled=lambda: True) is None


# The wire -------------------------------------------------------------------------------------------------------------


def term(**values: object) -> bytes:
    """Return the line of a category, some of whose values are others."""
    row = {"source_id": "t1", "name": "Shelter", "code": "", "description": "", "parent_id": "", "taxonomy": ""}
    return json.dumps(["row", "taxonomy_terms", list((row | values).values())]).encode() + b"\n"


def location(latitude: str) -> bytes:
    return b'["row","locations",["l1","","physical","","","","","",%s,null,"","",""]]' % latitude.encode()


def cost(valid_from: str) -> bytes:
    return json.dumps(["row", "cost_options", ["c1", "s1", valid_from, None, "", "", "", ""]]).encode()


def problem(kind: object = "note", row: object = None) -> bytes:
    return json.dumps(["row", "problems", ["A sentence.", kind, "a.csv", row, ""]]).encode()


@pytest.mark.parametrize(
    "line", [term(), location("39.3"), location("39"), location("null"), cost("2026-01-05"), problem()]
)
def test_an_honest_line_is_taken(line):
    assert wire.Taking().take(line) is None


NO_ROW_NUMBERS: tuple[object, ...] = (True, 1.5, "1", 2**60, {})


@pytest.mark.parametrize(
    "line",
    [
        *(term(name=value) for value in (None, 1, True, ["x"], {"x": 1}, "x" * 300_000)),
        *(term(name=f"a{letter}b") for letter in "\x00\x1b\r\x85\u202e\u2066\ufeff\ud800"),
        term(more=""),
        *(location(value) for value in ("NaN", "Infinity", "-Infinity", "1e999", "true", '"1"', "[]", "9" * 5_000)),
        *(
            cost(value)
            for value in (
                "20260105",
                "2026-W02-1",
                "2026-02-30",
                "2026-01-05T10:00",
                "",
                "\uff12\uff10\uff12\uff16-01-05",
            )
        ),
        *(problem(kind=value) for value in ("", "NOTE", "worse", None, 1)),
        *(problem(row=value) for value in NO_ROW_NUMBERS),
        b'["row","services",[]]',
        b'["row","__class__",["x"]]',
        b'["row","title","x"]',
        b'["row",["urls"],[]]',
        b'["row","urls",{"source_id":"u1","url":"x"}]',
        b'["row","services",{}]',
        b'{"row":1}',
        b"[]",
        b"null",
        b"",
        b'["urls"]',
        b'["step",2,1]',
        b'["step",-1,1]',
        b'["step",1,99999999]',
        b'["step",true,true]',
        b'["step",0.5,1]',
        b'["end","HSDS","Hope",-1,0]',
        b'["end","HSDS","Hope",0,1e3]',
        b'["end","HSDS",null,0,0]',
        b'["end","HSDS","Hope"]',
        b'["refused",7]',
        b'["refused"]',
        b'["refused","a\\u0000b"]',
        '["refused","é"]'.encode(),  # an honest reader escapes it
        b'["refused","x"] ["refused","y"]',
        b"[" * 100_000,
    ],
    ids=lambda line: ascii(line[:40]),
)
def test_a_hostile_line_is_refused(line):
    with pytest.raises(wire.GarbledError):
        wire.Taking().take(line)


def test_more_rows_than_a_directory_has_are_refused(monkeypatch):
    monkeypatch.setattr(wire, "ROWS_LIMIT", 10)
    taking = wire.Taking()
    for _ in range(10):
        taking.take(term())
    with pytest.raises(wire.GarbledError):
        taking.take(term())


@pytest.mark.parametrize("path", [DATA / "service_full.json", DATA / "spec_3_0_csv"], ids=lambda path: path.name)
def test_a_directory_goes_over_the_wire_whole(path):
    sent = read(path)
    taking = wire.Taking()
    for line in wire.directory_lines(sent):
        taking.take(line)
    assert taking.outcome == sent
    assert isinstance(taking.outcome, IncomingDirectory)


def test_a_sentence_goes_over_the_wire():
    taking = wire.Taking()
    taking.take(wire.refused_line("“café\u202e.csv” is a picture."))
    assert taking.outcome == wire.Refused("“café\ufffd.csv” is a picture.")

"""Read a directory from elsewhere: HSDS 1 to 3.1 as JSON or CSV, Ohana's CSV, a file, a folder or a zip.

``read`` is pure and safe on any thread. It keeps limits while reading: size, rows, cells, depth, what a zip unpacks to.
The program never calls it where a vault is open: exchange.apart has a process of its own do it (security.md 3.9).
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from crisisdesk.errors import FileProblem
from crisisdesk.exchange.assemble import Assembly
from crisisdesk.exchange.csv_rows import read_table
from crisisdesk.exchange.hsds_tables import UNREAD, missing, renamed, table_named, table_of
from crisisdesk.exchange.json_file import Json, load
from crisisdesk.exchange.json_walk import Walk
from crisisdesk.exchange.problems import Problems
from crisisdesk.exchange.rows import Gathered, Row
from crisisdesk.exchange.sources import Chosen, Source, beside, checked, open_chosen
from crisisdesk.exchange.texts import clean, decode
from crisisdesk.i18n import N_, _
from crisisdesk.records.incoming import IncomingDirectory

_ESSENTIAL = frozenset({"organization", "service"})  # a directory whose table of these is broken is refused whole
_ASSEMBLING = 0.4  # share of the work that comes after the last file is read
_STEPS = 1_000  # what progress counts to
_LISTED = 12  # names of files or columns in one sentence

_PASSED_OVER = N_("These files hold no table of a directory and were passed over: ")
_READ_BESIDE = N_("The tables beside it in the same folder were read as well: ")
_NO_COLUMN = N_("The table has no column “{name}”, so nothing of it was read.")
_HAD_NAN = N_("Some numbers are no numbers (NaN); they were read as empty.")
_NO_SERVICES = N_(
    "The list names organizations but no services; there is nothing to refer to until services are added."
)

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]


class _StoppedError(Exception):
    """She cancelled."""


@dataclass(slots=True)
class _Reading:
    """One directory being read: what came of it so far, and how far it is."""

    progress: Progress | None
    cancelled: Cancelled | None
    problems: Problems = field(default_factory=Problems)
    gathered: Gathered = field(default_factory=Gathered)
    title: str = ""
    has_tables: bool = False  # some file was CSV; then JSON beside it is not the directory
    passed_over: list[str] = field(default_factory=list)
    total: int = 1  # bytes
    done: int = 0  # bytes of files that are read
    size: int = 0  # bytes of the present file

    def next_file(self, source: Source) -> None:
        """Count the file before as read, and begin this one."""
        self.done += self.size
        self.size = source.size
        self.tick(0)

    def tick(self, share: float) -> None:
        """Report how much of the present file is read, and stop if she cancelled."""
        self._report((self.done + share * self.size) / self.total * (1 - _ASSEMBLING))

    def tick_assembling(self, share: float) -> None:
        """Report how much is put together, and stop if she cancelled."""
        self._report(1 - _ASSEMBLING + share * _ASSEMBLING)

    def _report(self, share: float) -> None:
        if self.cancelled and self.cancelled():
            raise _StoppedError
        if self.progress:
            self.progress(min(_STEPS, int(share * _STEPS)), _STEPS)


def read(
    path: Path, *, progress: Progress | None = None, cancelled: Cancelled | None = None
) -> IncomingDirectory | None:
    """Return the directory at a path, or None if it was cancelled.

    ``progress`` hears how much of how much is done; ``cancelled`` is asked often. Raises FileProblem, a whole sentence,
    if nothing of it can be used; what is wrong with single rows stands in the directory's ``problems``.
    """
    reading = _Reading(progress, cancelled)
    try:
        _read_files(reading, open_chosen(path), path)
        _check_content(reading)
        kind = kind_of(reading.gathered, has_tables=reading.has_tables)
        assembly = Assembly(reading.gathered, reading.problems, reading.tick_assembling)
        return assembly.directory(kind, reading.title)
    except _StoppedError:
        return None


def _read_files(reading: _Reading, chosen: Chosen, path: Path) -> None:
    """Read all tables, then what JSON there is: the directory itself, or what stands beside its tables."""
    reading.title = title_of(path)
    reading.passed_over.extend(chosen.passed_over)
    _check_one_directory(chosen)
    reading.total = max(1, sum(source.size for source in chosen.sources))
    later: list[tuple[Source, str]] = []
    for source in chosen.sources:
        reading.next_file(source)
        text = _text(reading, source, chosen)
        if text.lstrip()[:1] in ("{", "["):
            later.append((source, text))
        elif text and chosen.is_single and table_named(_stem(source.name)):
            _read_set(reading, path)
        elif text:
            _read_csv(reading, source, text, chosen)
    for source, text in later:
        if reading.has_tables:
            _read_beside(reading, source, text)
        else:
            _read_json(reading, source, text, chosen)


def _check_one_directory(chosen: Chosen) -> None:
    """Refuse a folder of several directories: their ids would be taken for one another's."""
    folders = {
        PurePosixPath(source.name).parent.as_posix()
        for source in chosen.sources
        if table_named(_stem(source.name)) in _ESSENTIAL and not source.name.lower().endswith(".json")
    }
    if len(folders) > 1:
        names = ", ".join(sorted(folders)[:_LISTED])
        raise FileProblem(
            _("There are several directories in “{file}”: {names}. Please choose one of these folders.").format(
                file=chosen.title, names=names
            )
        )


def _text(reading: _Reading, source: Source, chosen: Chosen) -> str:
    """Return a file's text, or nothing if it is unusable and the directory can do without it."""
    try:
        data = checked(source.load(), source.name)
    except FileProblem as problem:
        if chosen.is_single or chosen.is_zip or table_named(_stem(source.name)) in _ESSENTIAL:
            raise
        reading.problems.skip_file(source.name, str(problem))
        return ""
    decoded = decode(data)
    if decoded.note:
        reading.problems.note((source.name, None), _(decoded.note))
    return decoded.text


# CSV --------------------------------------------------------------------------------------------------------------


def _read_csv(reading: _Reading, source: Source, text: str, chosen: Chosen) -> None:
    if _read_table(reading, source, text):
        return
    if chosen.is_single:
        raise FileProblem(
            _(
                "“{file}” is a spreadsheet of its own, not a directory as HSDS (Open Referral) has it. "
                "If its publisher offers an HSDS file, choose that one."
            ).format(file=source.name)
        )
    reading.passed_over.append(source.name)


def _read_set(reading: _Reading, path: Path) -> None:
    """Read the whole folder of a table that was chosen by itself: alone it says little."""
    chosen = beside(path)
    own = chosen.sources[0].name
    known = [
        source
        for source in chosen.sources
        if source.name == own or source.name.lower().endswith(".json") or table_named(_stem(source.name))
    ]
    _read_files(reading, replace(chosen, sources=tuple(known)), path)
    others = [source.name for source in known if source.name not in (own, *reading.passed_over)]
    if others:
        reading.problems.note((own, None), _(_READ_BESIDE) + _named(others))
    reading.passed_over.clear()


def _read_table(reading: _Reading, source: Source, text: str) -> bool:
    """Read one CSV table; return whether it is one of a directory's."""
    table = read_table(text, source.name, reading.problems, reading.tick)
    named = table_named(_stem(source.name))
    found = table_of(_stem(source.name), table.columns) or (named if named in _ESSENTIAL else "")
    if not found:
        return False
    reading.has_tables = True
    if column := missing(found, table.columns):
        _lacks(reading, source.name, found, column)
        return True
    reading.gathered.saw(found, table.columns)
    if found not in UNREAD:
        for number, values in table.rows:
            reading.gathered.add(Row(found, source.name, number, renamed(found, values)))
    return True


def _lacks(reading: _Reading, file: str, table: str, column: str) -> None:
    """Refuse a directory whose services or organizations have no names; do without a lesser table."""
    if table in _ESSENTIAL:
        raise FileProblem(
            _(
                "The table “{file}” has no column “{column}”, and nothing can be read without it. "
                "Its first row must hold the columns’ names; ask the publisher to export it again."
            ).format(file=file, column=column)
        )
    reading.problems.skip((file, None), _(_NO_COLUMN), column=column, name=column)


# JSON -------------------------------------------------------------------------------------------------------------


def _read_json(reading: _Reading, source: Source, text: str, chosen: Chosen) -> None:
    try:
        loaded = load(text, source.name)
        if loaded.had_nan:
            reading.problems.note((source.name, None), _(_HAD_NAN))
        Walk(source.name, reading.gathered, reading.problems, reading.tick).read(loaded.value)
    except FileProblem as problem:
        if chosen.is_single or len(chosen.sources) == 1:
            raise
        reading.problems.skip_file(source.name, str(problem))


def _read_beside(reading: _Reading, source: Source, text: str) -> None:
    """Read JSON that lies beside tables: a package's title, or a list of each service's categories."""
    try:
        value = load(text, source.name).value
    except FileProblem:
        reading.passed_over.append(source.name)
        return
    if not isinstance(value, dict):
        reading.passed_over.append(source.name)
    elif lists := _lists(value):
        reading.gathered.links.append((source.name, lists))
    elif isinstance(title := value.get("title"), str) and "resources" in value:
        reading.title = clean(title)[:_TITLE] or reading.title
    elif "resources" not in value:
        reading.passed_over.append(source.name)


def _lists(value: dict[str, Json]) -> dict[str, list[str]]:
    """Return a JSON object that only holds lists of words, or nothing."""
    lists: dict[str, list[str]] = {}
    for key, items in value.items():
        if not isinstance(items, list):
            return {}
        words = [item for item in items if isinstance(item, str)]
        if len(words) != len(items):
            return {}
        lists[key] = words
    return lists


# The whole --------------------------------------------------------------------------------------------------------


def _check_content(reading: _Reading) -> None:
    """Refuse what holds no organization and no service; say what was passed over."""
    tables = reading.gathered.tables
    if not tables.get("service") and not tables.get("organization"):
        if first := reading.problems.first_skip():
            raise FileProblem(
                _("Nothing of “{title}” could be read. {place}: {sentence}").format(
                    title=reading.title, place=first.place(), sentence=first.sentence
                )
            )
        if tables:
            raise FileProblem(
                _(
                    "“{title}” holds no organizations and no services, only things that belong to some. "
                    "Choose the file that lists the services, or the whole folder."
                ).format(title=reading.title)
            )
        raise FileProblem(
            _(
                "“{title}” holds no table of organizations or services with rows in it. "
                "CrisisDesk reads HSDS (Open Referral) directories: a JSON file, or a folder or zip of CSV tables."
            ).format(title=reading.title)
        )
    if not tables.get("service"):
        reading.problems.note(("", None), _(_NO_SERVICES))
    strange = [name for name in reading.passed_over if PurePosixPath(name).name.lower() != "datapackage.json"]
    if strange:
        reading.problems.note(("", None), _(_PASSED_OVER) + _named(strange))


def _named(names: list[str]) -> str:
    """List some names for a sentence that has no gaps."""
    listed = ", ".join(names[:_LISTED]) + ("…" if len(names) > _LISTED else ".")
    return listed.replace("{", "(").replace("}", ")")


def _stem(name: str) -> str:
    return PurePosixPath(name).stem


def title_of(path: Path) -> str:
    """Return a name for a list from its file's name: ``baltimore_resources.zip`` is "Baltimore resources"."""
    stem = path.stem if path.is_file() else path.name
    if stem.lower() in _NO_TITLES or table_named(stem):
        stem = path.resolve().parent.name
    words = " ".join(clean(stem).replace("_", " ").replace("-", " ").split())
    return (words[:1].upper() + words[1:])[:_TITLE] or _("Directory")


def kind_of(gathered: Gathered, *, has_tables: bool) -> str:
    """Return which standard a directory follows, by what only that standard has: "HSDS 3.0 JSON"."""
    form = "CSV" if has_tables else "JSON"
    seen = gathered.columns
    services = seen.get("service", set())
    if (
        services & _ONLY_3
        or "address_type" in seen.get("address", ())
        or "location_type" in seen.get("location", ())
        or "link_entity" in seen.get("attribute", ())
    ):
        return f"HSDS 3.0 {form}"
    if services & _ONLY_OHANA or seen.get("location", set()) & _ONLY_OHANA_PLACES:
        return f"Ohana {form}"
    if seen.keys() & _ONLY_OLD or "service_at_location" in seen or has_tables:
        return f"HSDS 1 or 2 {form}"
    return f"HSDS 3.0 {form}" if "status" in services else form


_ONLY_3 = frozenset(
    {"assured_date", "assurer_email", "fees_description", "eligibility_description", "minimum_age", "alert"}
)
_ONLY_OHANA = frozenset({"location_id", "accepted_payments", "how_to_apply", "audience"})
_ONLY_OHANA_PLACES = frozenset({"servs", "short_desc", "admin_emails"})
_ONLY_OLD = frozenset(
    {"regular_schedule", "holiday_schedule", "physical_address", "postal_address", "service_attribute", "eligibility"}
)
_TITLE = 80  # characters
_NO_TITLES = frozenset({"", "data", "csv", "json", "export", "download", "hsds", "datapackage"})

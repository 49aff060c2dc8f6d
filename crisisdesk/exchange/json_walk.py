"""Walk through a JSON directory, however it is nested, and lay its objects out as rows of HSDS's tables."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from crisisdesk.errors import FileProblem
from crisisdesk.exchange.csv_rows import CELL_LIMIT, column_name
from crisisdesk.exchange.hsds_tables import SHAPES, renamed, table_named
from crisisdesk.exchange.json_file import Json
from crisisdesk.exchange.problems import Problems
from crisisdesk.exchange.rows import Gathered, Row, row_id
from crisisdesk.exchange.texts import clean
from crisisdesk.i18n import N_, _

Object = dict[str, Json]

_ENVELOPES = ("contents", "content", "data", "results", "items", "records")
_ASK_EVERY = 64  # entries between two looks at progress and cancel
_TEXT_TOO_LONG = N_("A text of this entry holds more than 65,000 characters; that part of the entry was left out.")

# What an object points up to, where a nested object is its parent and not its child.
_UP = {
    "service": frozenset({"organization", "program"}),
    "location": frozenset({"organization"}),
    "program": frozenset({"organization"}),
    "service_at_location": frozenset({"service", "location"}),
    "attribute": frozenset({"taxonomy_term"}),
    "service_attribute": frozenset({"taxonomy_term", "taxonomy"}),
}
_KEY_OF = {"taxonomy": "taxonomy_term_id"}  # where the key isn't the table's name + "_id"

# What an entry without a name of its table is, by what is nested in it.
_TOP = ("service", "organization", "location", "service_at_location", "taxonomy_term", "taxonomy", "program")
_HINTS = {
    "service": frozenset(
        {
            *("service_at_locations", "schedules", "eligibility", "eligibilitys", "cost_options", "organization"),
            *("service_areas", "program", "required_documents", "service_taxonomys", "languages"),
            *("regular_schedules", "service_attributes"),
        }
    ),
    "organization": frozenset({"services", "locations", "programs", "organization_identifiers", "locs"}),
    "location": frozenset(
        {"addresses", "addresss", "physical_addresses", "address", "accessibility", "services", "coordinates", "hours"}
    ),
    "service_at_location": frozenset({"service", "location"}),
}
_LIKE = 0.5  # share of an object's keys that must be a table's
_FEW = 3  # keys in common below which an object is nothing that is known


@dataclass(slots=True)
class Walk:
    """One walk through one file."""

    file: str
    gathered: Gathered
    problems: Problems
    tick: Callable[[float], None]
    entry: int = 0

    def read(self, value: Json) -> None:
        """Lay out the whole file. Raises FileProblem if nothing in it is of a directory."""
        found = list(self._entries(value))
        if not any(table for table, _item in found):
            raise FileProblem(_strange(value, self.file))
        for index, (table, item) in enumerate(found):
            self.entry = index + 1
            if table:
                self._object(table, item, {}, is_nested=False)
            else:
                self.problems.skip(
                    (self.file, self.entry), _("This entry is not an organization or a service; it was left out.")
                )
            if index % _ASK_EVERY == 0:
                self.tick(index / len(found))

    def _entries(self, value: Json) -> Iterator[tuple[str, Object]]:
        """Yield the file's entries with the table of each, or nothing where it can't be told."""
        if isinstance(value, list):
            items = [item for item in value if isinstance(item, dict)]
            usual = _usual_table(items)
            for item in items:
                yield (_guess(item) or (usual if "name" in item else "")), item
            return
        if not isinstance(value, dict):
            return
        for key in _ENVELOPES:
            if isinstance(inner := value.get(key), list):
                self._note_pages(value)
                yield from self._entries(inner)
                return
        tables = {
            table_named(key.removesuffix(".csv")): inner for key, inner in value.items() if isinstance(inner, list)
        }
        if "name" not in value and tables.keys() & {"organization", "service", "location"}:
            for table, inner in tables.items():
                if table:
                    yield from ((table, item) for item in inner if isinstance(item, dict))
            return
        yield _guess(value), value

    def _note_pages(self, page: Object) -> None:
        total = str(page.get("total_pages") or page.get("totalPages") or "1")
        if total.isdecimal() and int(total[:9]) > 1:
            number = str(page.get("page_number") or page.get("number") or "1")
            self.problems.note(
                (self.file, None),
                _(
                    "This file is page {page} of {total}; the other pages hold more. "
                    "Put all pages into one folder and choose the folder."
                ),
                page=number,
                total=total,
            )

    def _object(self, table: str, item: Object, parents: dict[str, str], *, is_nested: bool = True) -> str:
        """Add a row for an object and for all that is nested in it; return its id."""
        values: dict[str, str] = dict(parents)
        nested: list[tuple[str, Json]] = []
        for key, value in item.items():
            name = column_name(key)
            inner = table_named(name)
            if inner and (isinstance(value, dict) or _holds_objects(value)):
                nested.append((inner, value))
            elif text := self._text(value):
                values.setdefault(name, text)
        self.gathered.saw(table, item)
        row = Row(table, self.file, self.entry, renamed(table, values), is_nested)
        self._point_up(row, nested)
        row.values["id"] = row_id(row)
        self.gathered.add(row)
        for inner, value in nested:
            if inner not in _UP.get(table, ()) and inner != table:
                for child in value if isinstance(value, list) else [value]:
                    if isinstance(child, dict):
                        self._child(row, inner, child)
        return row.values["id"]

    def _point_up(self, row: Row, nested: list[tuple[str, Json]]) -> None:
        """Add the objects that a row points up to, and their ids to the row."""
        for inner, value in nested:
            if not isinstance(value, dict):
                continue
            if inner in _UP.get(row.table, ()):
                made = self._object("taxonomy_term" if inner == "taxonomy" else inner, value, {})
                row.values[_KEY_OF.get(inner, f"{inner}_id")] = made
            elif inner == row.table == "location":  # a point within a place
                for column in ("latitude", "longitude"):
                    if text := self._text(value.get(column)):
                        row.values.setdefault(column, text)

    def _child(self, parent: Row, table: str, item: Object) -> None:
        """Add an object that is nested below a row."""
        links = {f"{parent.table}_id": parent.values["id"]}
        if table == "service" and parent.table == "location" and (owner := parent.get("organization_id")):
            links["organization_id"] = owner
        if table == "service" and parent.table == "location" and "name" not in item:
            links["name"] = parent.get("name")  # the oldest Ohana files name the place only
        if table == "attribute":
            links = {"link_id": parent.values["id"], "link_entity": parent.table}
        if table == "taxonomy":
            return  # the list that terms come from says nothing a clinician needs
        if table == "taxonomy_term" and parent.table == "taxonomy_term":
            links = {"parent_id": parent.values["id"]}
        made = self._object(table, item, links)
        if parent.table == "service" and table == "location":
            self._link("service_at_location", {"service_id": parent.values["id"], "location_id": made})
        elif parent.table == "service" and table == "taxonomy_term":
            self._link("service_attribute", {"service_id": parent.values["id"], "taxonomy_term_id": made})

    def _link(self, table: str, values: dict[str, str]) -> None:
        row = Row(table, self.file, self.entry, values)
        row.values["id"] = row_id(row)
        self.gathered.add(row)

    def _text(self, value: Json) -> str:
        """Return a field as a cell: a list of words becomes a list with commas."""
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, list):
            return ", ".join(filter(None, (self._text(item) for item in value if isinstance(item, str))))
        if not isinstance(value, str):
            return ""
        if len(value) > CELL_LIMIT:
            self.problems.skip((self.file, self.entry), _(_TEXT_TOO_LONG))
            return ""
        return clean(value)


def _holds_objects(value: Json) -> bool:
    return isinstance(value, list) and any(isinstance(item, dict) for item in value)


def _guess(item: Object) -> str:
    """Return the table that an object belongs to, by its keys; or nothing."""
    keys = {column_name(key) for key in item}
    if isinstance(item.get("service"), dict) and (isinstance(item.get("location"), dict) or "location_id" in keys):
        return "service_at_location"
    best, table = 0.0, ""
    for name in _TOP:
        aliases = {alias for alias, _column in SHAPES[name].aliases}
        own = len(keys & SHAPES[name].columns)
        other = len(keys & aliases - SHAPES[name].columns)
        hints = len(keys & _HINTS.get(name, frozenset()))
        score = own + other / 2 + 2 * hints
        enough = own + other + 2 * hints >= _FEW and (own + other + hints) / len(keys) >= _LIKE
        if enough and score > best and not SHAPES[name].needed - keys - aliases:
            best, table = score, name
    return table


def _usual_table(items: list[Object]) -> str:
    """Return the table to which most entries of a list belong, for those that say too little of themselves."""
    guesses = [guess for guess in map(_guess, items[:200]) if guess]
    return max(set(guesses), key=guesses.count, default="")


def _strange(value: Json, file: str) -> str:
    """Say what a JSON file is, if it is no directory."""
    keys = set(value) if isinstance(value, dict) else set()
    if "openapi_url" in keys:
        return _(
            "“{file}” only says where a directory can be fetched; it holds no organizations or services itself."
        ).format(file=file)
    if keys & {"$schema", "properties", "resources"}:
        return _("“{file}” describes how a directory is built; it holds no organizations or services itself.").format(
            file=file
        )
    if value in ([], {}) or any(value.get(key) == [] for key in _ENVELOPES if isinstance(value, dict)):
        return _("“{file}” is an empty list: it holds no organizations and no services.").format(file=file)
    return _(
        "“{file}” holds no organizations or services that CrisisDesk knows. "
        "Ask the publisher for HSDS (Open Referral) files."
    ).format(file=file)

"""The categories of a directory, and which service is in which."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from crisisdesk.exchange.build import build
from crisisdesk.exchange.needs import Term
from crisisdesk.exchange.problems import Problems
from crisisdesk.exchange.rows import Gathered, Row, row_id
from crisisdesk.exchange.values import items
from crisisdesk.i18n import N_, _
from crisisdesk.records.incoming import IncomingServiceTerm, IncomingTaxonomyTerm

_OPEN_ELIGIBILITY_ID = re.compile(r"\d{3}(?:-\d{2,3})*")  # "101-04"; in HSDS 3 the column holds another table's id
_SITUATION = "situation"  # Open Eligibility: whom a service is for, not what it does
_DEEP = 10  # levels of a taxonomy; ends a circle of parents

_NO_NAME = N_("The category has no name and was left out.")
_CODES_ONLY = N_("This file gives services categories by codes that are not in this list; they were left out.")


@dataclass(slots=True)
class Terms:
    """The terms that were read, and each service's."""

    gathered: Gathered
    problems: Problems
    service_rows: Mapping[str, Row]
    rows: dict[str, Row] = field(default_factory=dict)
    row_ids: dict[str, str] = field(default_factory=dict)  # the number of a term in its table → its id
    services: dict[str, dict[str, None]] = field(default_factory=dict)  # service → term ids, in order
    made: dict[str, Term] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._read_terms()
        self._read_attributes()
        self._read_lists()

    def of(self, service_id: str) -> list[Term]:
        """Return a service's terms."""
        return [self._term(key) for key in self.services.get(service_id, ())]

    def kept(self, services: Iterable[str]) -> tuple[tuple[IncomingTaxonomyTerm, ...], tuple[IncomingServiceTerm, ...]]:
        """Return the terms that some service has, with those above them, and which service has which."""
        links = [
            IncomingServiceTerm(service_id=service_id, term_id=key)
            for service_id in services
            for key in self.services.get(service_id, ())
        ]
        used: dict[str, None] = {}
        for link in links:
            for key in (link.term_id, *self._above(link.term_id)):
                used[key] = None
        terms = tuple(
            build(
                IncomingTaxonomyTerm,
                self.rows[key],
                self.problems,
                source_id=key,
                parent_id=parent if (parent := self.rows[key].get("parent_id")) in used and parent != key else "",
            )
            for key in used
        )
        return terms, tuple(links)

    def _read_terms(self) -> None:
        for row in self.gathered.take("taxonomy_term"):
            number = row.get("id")
            code = row.get("taxonomy_id")
            if _OPEN_ELIGIBILITY_ID.fullmatch(code) and not row.get("code"):  # Ohana: parents are given by this id
                row.values["id"] = row.values["code"] = code
            key = row.values["id"] = row_id(row)
            if not row.get("name"):
                if row.get("code"):
                    row.values["name"] = row.get("code")
                else:
                    self.problems.skip(row.place, _(_NO_NAME), column="name")
                    continue
            self.rows.setdefault(key, row)
            if number:
                self.row_ids.setdefault(number, key)

    def _read_attributes(self) -> None:
        joined = {row.get("id"): row.get("service_id") for row in self.gathered.tables.get("service_at_location", [])}
        for row in (*self.gathered.tables.get("attribute", []), *self.gathered.take("service_attribute")):
            linked = row.get("link_id") or row.get("service_id")
            self._put(joined.get(linked, linked), row.get("taxonomy_term_id"))
        for key, row in self.service_rows.items():
            for term in items(row.get("taxonomy_ids")):
                self._put(key, term)

    def _put(self, service_id: str, term: str) -> None:
        if not term or service_id not in self.service_rows:
            return
        key = term if term in self.rows else self.row_ids.get(term, "")
        if not key:
            if not _OPEN_ELIGIBILITY_ID.fullmatch(term):
                return
            key = term  # Open Eligibility's ids are known without the file that names them
            self.rows[key] = Row("taxonomy_term", "", 0, {"id": key, "code": key, "name": key})
        self.services.setdefault(service_id, {})[key] = None

    def _read_lists(self) -> None:
        """Take the lists that give categories to services by the categories' row numbers or ids (Baltimore)."""
        for file, lists in self.gathered.links:
            given = {term for terms in lists.values() for term in terms}
            by_row = sum(term in self.row_ids for term in given)
            by_id = sum(term in self.rows for term in given)
            if not given or max(by_row, by_id) * 2 < len(given) or not self.service_rows.keys() & lists.keys():
                self.problems.note((file, None), _(_CODES_ONLY))
                continue
            for service_id, terms in lists.items():
                for term in terms:
                    self._put(service_id, self.row_ids.get(term, "") if by_row >= by_id else term)

    def _above(self, key: str) -> Iterator[str]:
        """Yield the ids above a term, nearest first."""
        for _level in range(_DEEP):
            key = self.rows[key].get("parent_id")
            if key not in self.rows:
                return
            yield key

    def _term(self, key: str) -> Term:
        """Return what a term says about needs: its name, those above it, and whether it names people, not help."""
        if key not in self.made:
            names = tuple(self.rows[name].get("name") for name in (key, *self._above(key)))
            is_situation = self.rows[key].get("kind").lower() == _SITUATION
            self.made[key] = Term(names=names, code=self.rows[key].get("code"), is_situation=is_situation)
        return self.made[key]

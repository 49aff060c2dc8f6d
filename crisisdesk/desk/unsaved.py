"""What is half typed in a form, kept in the vault until the form is saved or thrown away."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from crisisdesk.vault.store import Store


@dataclass(frozen=True, kw_only=True)
class HalfTyped:
    """A form as it was last typed. ``values`` holds JSON values by field name."""

    values: Mapping[str, object]
    at: datetime


class Unsaved:
    """Keeps and gives back half-typed forms; outside the journal, so that undo never meets them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def keep(self, form: str, ref: str, values: Mapping[str, object]) -> None:
        """Keep a form's values. ``ref`` is the id that the form is about, or "" for a new one."""
        self._store.keep_draft(form, ref, json.dumps(values, ensure_ascii=False))

    def find(self, form: str, ref: str) -> HalfTyped | None:
        """Return what was half typed, or None."""
        row = self._store.draft(form, ref)
        return None if row is None else HalfTyped(values=json.loads(row.body), at=row.at)

    def forget(self, form: str, ref: str) -> None:
        """Throw away what was half typed; the form is saved."""
        self._store.drop_draft(form, ref)

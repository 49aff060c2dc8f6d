"""The practice: who she is, her letterhead, and the habits that the program follows."""

import json
from dataclasses import asdict, dataclass, fields, replace

from sqlalchemy import select

from crisisdesk.desk.drafts import Problems
from crisisdesk.i18n import _
from crisisdesk.records.practice import Setting
from crisisdesk.vault.store import Store


@dataclass(frozen=True, kw_only=True)
class Practice:
    """The settings of the practice. They lie in the vault, never in the computer's own settings."""

    clinician: str = ""
    first_name: str = ""  # how handouts call her: "Dana, 555-0101"
    credential: str = ""
    department: str = ""
    unit: str = ""
    phone: str = ""
    phone_note: str = ""  # "nights too"
    fax: str = ""
    address: str = ""
    paper: str = "letter"  # or "a4"
    large_print: bool = False
    reply_workdays: int = 3  # asks an agency again after so many working days
    region: str = ""  # "MD": which public holidays move a next step
    is_practice_desk: bool = False  # made-up people; thrown away after

    @property
    def signature(self) -> str:
        """Return "Dana Whitlock, LCSW"."""
        return ", ".join(part for part in (self.clinician, self.credential) if part)

    @property
    def called(self) -> str:
        """Return what clients call her."""
        return self.first_name or self.clinician.split(" ")[0]


class PracticeDesk:
    """Reads and keeps the settings of the practice."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self) -> Practice:
        """Return the settings; what was never set has its default."""
        with self._store.read() as s:
            rows = {key: json.loads(value) for key, value in s.execute(select(Setting.key, Setting.value))}
        known = {field.name for field in fields(Practice)}
        return replace(Practice(), **{key: value for key, value in rows.items() if key in known})

    def keep(self, practice: Practice) -> None:
        """Keep the settings. Raises Invalid without a name or a department: both stand on every page."""
        problems = Problems()
        problems.require("clinician", practice.clinician, _("Your name stands on every page. Please type it."))
        problems.require("department", practice.department, _("Your department stands on every page. Please type it."))
        problems.raise_any()
        with self._store.write("Keep settings") as s:
            for key, value in asdict(practice).items():
                text = json.dumps(value, ensure_ascii=False)
                row = s.get(Setting, key)
                if row is None:
                    s.add(Setting(key=key, value=text))
                elif row.value != text:
                    row.value = text

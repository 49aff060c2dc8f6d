"""The words of ``crisisdesk selftest``, apart from the checks themselves, which take a second to load."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from crisisdesk.i18n import _


def add(group: "argparse._SubParsersAction[Any]", run: Callable[[Any], int]) -> None:
    """Add a word for each check."""

    def word(name: str, says: str) -> argparse.ArgumentParser:
        parser: argparse.ArgumentParser = group.add_parser(name, help=says, description=says)
        parser.set_defaults(run=run, check=name)
        parser.add_argument("--json", action="store_true", help=_("answer as JSON"))
        return parser

    scenario = word("scenario", _("work through a day with thirty marked words, to look for them on the disk"))
    scenario.add_argument("--canaries", type=int, default=30, metavar="N", help=_("how many marked words"))
    scenario.add_argument("--home", type=Path, required=True, metavar="DIR", help=_("the program’s folder for the day"))
    scenario.add_argument("--words", type=Path, metavar="FILE", help=_("where the marked words are written down"))
    scenario.add_argument("--log-level", choices=("INFO", "DEBUG"), default="INFO", help=_("how much the log says"))
    crash = word("crash", _("kill a working program again and again, and count what was lost"))
    crash.add_argument("--kills", type=int, default=200, metavar="N", help=_("how often"))
    crash.add_argument("--seed", type=int, default=1, metavar="N", help=_("what the dice begin with"))
    damage = word("damage", _("damage copies of a vault in every way, and see that each is found"))
    damage.add_argument("--flips", type=int, default=400, metavar="N", help=_("how many single bits"))
    damage.add_argument("--seed", type=int, default=1, metavar="N", help=_("what the dice begin with"))
    header = word("header", _("change key files in every way, and see that none is taken"))
    header.add_argument("--flips", type=int, default=150, metavar="N", help=_("how many single bits"))
    header.add_argument("--seed", type=int, default=1, metavar="N", help=_("what the dice begin with"))
    word("lock-mem", _("look through the memory of a program that has locked"))
    word("audit-tamper", _("change the audit log in every way, and see that each is blocked or named"))
    walk = word("walk", _("go through the program once with made-up people, to see that no part of it is missing"))
    walk.add_argument("--home", type=Path, required=True, metavar="DIR", help=_("an empty folder to do it in"))
    walk.add_argument("--list", type=Path, required=True, metavar="FILE", help=_("a list of places to bring in"))

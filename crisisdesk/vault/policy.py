"""What the agency decides for its computers: one small JSON file in the system's own folder, which only IT can write.

    {"quick_unlock": false, "strict_attempts": true, "most_idle_minutes": 3}

Each line may be left out. A file that can't be read forbids quick unlock: whoever wrote it wanted something kept back.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from crisisdesk import paths

_MOST = 4096  # bytes
_LONGEST_IDLE = 15  # minutes


@dataclass(frozen=True, kw_only=True)
class Policy:
    """What is allowed; without a file, everything that the program offers."""

    quick_unlock: bool = True
    strict_attempts: bool = False
    most_idle_minutes: int = _LONGEST_IDLE


_DAMAGED = Policy(quick_unlock=False)


def read(path: Path | None = None) -> Policy:
    """Return the agency's policy."""
    try:
        with (path or paths.policy()).open("rb") as file:
            content = file.read(_MOST + 1)
    except FileNotFoundError:
        return Policy()
    except OSError:
        return _DAMAGED
    try:
        plain = json.loads(content)
        return _policy(plain) if len(content) <= _MOST else _DAMAGED
    except (ValueError, TypeError, RecursionError):
        return _DAMAGED


def _policy(plain: object) -> Policy:
    if not isinstance(plain, dict) or not plain.keys() <= asdict(Policy()).keys():
        raise TypeError
    usual = asdict(Policy())
    if any(type(value) is not type(usual[name]) for name, value in plain.items()):
        raise TypeError
    found = Policy(**plain)
    if not 1 <= found.most_idle_minutes <= _LONGEST_IDLE:
        raise ValueError
    return found

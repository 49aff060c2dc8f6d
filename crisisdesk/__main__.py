"""``python -m crisisdesk``: open the window, or do what the words after it say."""

import sys

_ANSWERED = frozenset({"--version", "--diag", "--json", "--help", "-h"})  # other options are the window's


def main() -> int:
    """Open the window; with a verb, the command line instead, without loading anything of the window."""
    first = next(iter(sys.argv[1:]), "")
    if first == "read-list":  # the process that a stranger's file is read in: no window, no vault
        from crisisdesk import hardening  # noqa: PLC0415  as below
        from crisisdesk.exchange import apart_child  # noqa: PLC0415  as below

        hardening.harden()
        return apart_child.main(sys.argv[2:])
    if first == "lock-child":  # "selftest lock-mem" looks through its memory: a hardened program would refuse that
        from crisisdesk.selftest import lock_child  # noqa: PLC0415  as below

        return lock_child.main(sys.argv[2])
    if first in _ANSWERED or (first and not first.startswith("-")):
        from crisisdesk import cli, hardening  # noqa: PLC0415  the window's start must not wait for it

        hardening.harden()
        return cli.main(sys.argv[1:])
    return _open_window()


def _open_window() -> int:
    try:
        from crisisdesk import app  # noqa: PLC0415  a command must not wait for Qt

        return app.main()
    except (ImportError, OSError) as error:
        from crisisdesk import damaged  # noqa: PLC0415  needed by hardly anyone

        if not damaged.is_damage(error):
            raise
        return damaged.tell()


if __name__ == "__main__":
    sys.exit(main())

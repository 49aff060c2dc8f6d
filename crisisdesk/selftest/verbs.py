"""Runs one check by its word, prints what it found, and says by its number whether all was well."""

import json
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

PASSED, FAILED = 0, 1


def run(options: Any) -> int:  # noqa: ANN401  argparse's namespace
    """Run the check that the options name."""
    return _CHECKS[options.check](options)


def _crash(options: Any) -> int:  # noqa: ANN401  as above
    from crisisdesk.selftest.crash import campaign  # noqa: PLC0415  one check loads only what it needs

    outcome = campaign(options.kills, options.seed)
    _say(options, {name: value for name, _, value in (part.partition("=") for part in outcome.line().split())})
    _complain(outcome.told)
    return PASSED if outcome.is_good else FAILED


def _scenario(options: Any) -> int:  # noqa: ANN401  as above
    from crisisdesk.selftest import scenario  # noqa: PLC0415  as above

    home = options.home.absolute()
    words = options.words or home.with_name(f"{home.name}-canaries.txt")
    if words.absolute().is_relative_to(home):
        _complain(["The marked words must lie outside the folder that is searched for them."])
        return FAILED
    day = scenario.run(home, options.canaries, words, level=options.log_level)
    bugs = sum(did.startswith("bug") for did in day.did)
    _say(options, {"canaries": len(day.canaries.all), "acts": len(day.did), "exceptions": bugs, "words": str(words)})
    return PASSED


def _damage(options: Any) -> int:  # noqa: ANN401  as above
    from crisisdesk.selftest import damage  # noqa: PLC0415  as above

    results = damage.damage(options.flips, options.seed)
    sys.stdout.write(damage.table(results) + "\n")
    return FAILED if any(each.outcome == damage.MISSED for each in results) else PASSED


def _header(options: Any) -> int:  # noqa: ANN401  as above
    from crisisdesk.selftest import header  # noqa: PLC0415  as above

    results = [*header.manipulations(), *header.flips(options.seed, options.flips)]
    missed = [each for each in results if each.outcome == header.TAKEN]
    memory = header.peak_memory()
    tried = sum(each.what[:4] != "bit " for each in results)
    _say(options, {"manipulations": tried, "flips": options.flips, "missed": len(missed), "peak_rss_mb": memory})
    _complain([f"{each.what}: {each.said or 'it opened'}" for each in missed])
    return FAILED if missed or memory >= header.MOST_MEMORY else PASSED


def _lock_mem(options: Any) -> int:  # noqa: ANN401  as above
    from crisisdesk.selftest import lock_mem  # noqa: PLC0415  as above

    return lock_mem.run(options)


def _audit_tamper(_options: Any) -> int:  # noqa: ANN401  as above
    from crisisdesk.selftest import audit_tamper, holding  # noqa: PLC0415  as above

    with tempfile.TemporaryDirectory(prefix="crisisdesk-trial-") as scratch:
        attempts = [*audit_tamper.audit_tamper(Path(scratch)), *holding.holding(Path(scratch) / "held")]
    sys.stdout.write(audit_tamper.table(attempts) + "\n")
    return FAILED if any(each.is_missed for each in attempts) else PASSED


def _walk(options: Any) -> int:  # noqa: ANN401  as above
    from crisisdesk.selftest import walk  # noqa: PLC0415  as above

    _say(options, walk.Walk(options.home.absolute(), options.list.absolute()).run())
    return PASSED


def _say(options: Any, facts: Mapping[str, object]) -> None:  # noqa: ANN401  as above
    if options.json:
        sys.stdout.write(json.dumps(facts, indent=1) + "\n")
    else:
        sys.stdout.write(" ".join(f"{name}={value}" for name, value in facts.items()) + "\n")


def _complain(lines: list[str]) -> None:
    for line in lines[:20]:
        sys.stderr.write(f"crisisdesk: {line}\n")


_CHECKS: Mapping[str, Callable[[Any], int]] = {
    "audit-tamper": _audit_tamper,
    "crash": _crash,
    "damage": _damage,
    "header": _header,
    "lock-mem": _lock_mem,
    "scenario": _scenario,
    "walk": _walk,
}

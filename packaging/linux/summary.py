"""Says what a build made: sizes, files, what the .deb brings along, how quickly the installed program starts."""

import json
from collections import Counter
from pathlib import Path, PurePosixPath

from steps import say


def show(build: Path, out: Path) -> None:
    """Print it, and keep the whole lists of files beside the results."""
    say("\nResults:")
    for path in sorted(out.iterdir()):
        say(f"  {path.stat().st_size / 1e6:8.1f} MB  {path.name}")
    program = build / "CrisisDesk"
    if program.exists():
        _files(program, build / "lists")
    installed = build / "linux/installed.json"
    if installed.exists():
        _facts(json.loads(installed.read_text(encoding="utf-8"))["facts"])


def _files(program: Path, lists: Path) -> None:
    """Print the program's files, many of one kind in one line."""
    files = {
        path.relative_to(program).as_posix(): path.lstat().st_size for path in program.rglob("*") if not path.is_dir()
    }
    lists.mkdir(exist_ok=True)
    place = lists / "files-linux.txt"
    place.write_text("".join(f"{size:10} {name}\n" for name, size in sorted(files.items())), encoding="utf-8")
    say(f"\nInstalled: {sum(files.values()) / 1e6:.1f} MB in {len(files)} files; each stands in {place}")
    sizes, counts = Counter[str](), Counter[str]()
    for name, size in files.items():
        group = "/".join(PurePosixPath(name).parts[:-1][:4]) or "."
        sizes[group] += size
        counts[group] += 1
    for group, size in sorted(sizes.items()):
        say(f"  {size / 1e6:7.2f} MB {counts[group]:4}  {group}")


def _facts(facts: dict[str, object]) -> None:
    """Print what the trial in the bare system measured."""
    say("\nIn a bare Debian:")
    for name, fact in sorted(facts.items()):
        if isinstance(fact, dict):
            shown = ", ".join(f"{what}: {how}" for what, how in fact.items() if isinstance(how, int | float))
        else:
            shown = " ".join(map(str, fact)) if isinstance(fact, list) else str(fact)
        say(f"  {name}: {shown}")
    say("")

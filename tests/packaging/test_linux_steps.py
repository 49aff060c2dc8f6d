"""The steps of a build run in order, at once where they can, and say what failed."""

import sys
from pathlib import Path

import build
import pytest
import steps
from steps import FailedError, Run, Step

_SCRIPT = """
import sys, time
name = sys.argv[2]
with open({log!r}, "a") as log:
    log.write(name + "\\n")
print("said by", name)
if name == "long":
    time.sleep(600)
sys.exit(name.startswith("bad"))
"""


@pytest.fixture
def run(tmp_path):
    """Return a run whose every step writes its name down; one whose name begins with "bad" fails."""
    script = tmp_path / "script.py"
    script.write_text(_SCRIPT.format(log=str(tmp_path / "done")))
    return Run(script, tmp_path / "logs")


def _step(name, *after, is_check=False):
    return Step(name=name, does=list, after=after, is_check=is_check)


def _done(tmp_path):
    return (tmp_path / "done").read_text().splitlines()


def test_a_step_waits_for_those_it_needs(run, tmp_path):
    run.all([_step("last", "middle"), _step("middle", "first"), _step("first")])
    assert _done(tmp_path) == ["first", "middle", "last"]
    assert run.failed == []


def test_what_cannot_be_made_stops_the_build_and_is_said(run, tmp_path, capsys):
    with pytest.raises(FailedError, match='"bad" failed'):
        run.all([_step("bad"), _step("next", "bad")])
    assert "next" not in _done(tmp_path)
    assert "said by bad" in capsys.readouterr().out


def test_a_check_that_finds_something_is_noted_and_the_others_go_on(run, tmp_path):
    run.all([_step("bad check", is_check=True), _step("next", "bad check")])
    assert run.failed == ["bad check"]
    assert "next" in _done(tmp_path)


def test_a_step_that_needs_one_that_is_not_there_is_refused(run):
    with pytest.raises(ValueError, match="nobody"):
        run.all([_step("one", "nobody")])


def test_findings_fail_a_check_and_are_said(capsys):
    assert steps.do(Step(name="look", does=lambda: ["this is wrong"], is_check=True)) == 1
    assert "this is wrong" in capsys.readouterr().out
    assert steps.do(Step(name="look", does=list, is_check=True)) == 0


@pytest.mark.parametrize("system", ["linux", "win32", "darwin"])
@pytest.mark.parametrize("only", ["", "linux", "windows"])
def test_on_every_system_each_step_needs_only_what_is_made_there(monkeypatch, system, only):
    monkeypatch.setattr(sys, "platform", system)
    chosen = build.steps(only)
    names = [step.name for step in chosen]
    assert len(names) == len(set(names))
    assert {name for step in chosen for name in step.after} <= set(names)
    (sums,) = (step for step in chosen if step.name == "sums")
    assert set(sums.after) == {step.name for step in chosen if not step.is_check} - {"sums"}


def test_files_are_dated_by_the_last_commit_unless_somebody_says_otherwise(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert build.moment() == "1700000000"
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert int(build.moment()) > 1_700_000_000
    monkeypatch.setenv("PATH", "")
    changelog = Path(build.ROOT, "CHANGELOG.md")
    assert int(build.moment()) == int(changelog.stat().st_mtime)


def test_what_still_runs_ends_with_the_build(run):
    with pytest.raises(FailedError):
        run.all([_step("long"), _step("bad")])  # it comes back before the long one would have ended

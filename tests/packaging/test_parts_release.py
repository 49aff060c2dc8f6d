import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import crisisdesk
from crisisdesk.vault import device, policy

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
RELEASE = (ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")


def jobs(text: str) -> dict[str, str]:
    """The text of each job of a workflow, by name."""
    whole = text.split("\njobs:\n", 1)[1]
    names = list(re.finditer(r"(?m)^  ([a-z]+):$", whole))
    ends = [*(name.start() for name in names[1:]), len(whole)]
    return {name[1]: whole[name.end() : end] for name, end in zip(names, ends, strict=True)}


def faults(text: str) -> list[str]:
    """What in a workflow could publish, or run, what nobody looked at."""
    found = [
        f"not pinned by commit: {line.strip()}"
        for line in re.findall(r"(?m)^ +-? *uses: .*$", text)
        if not re.search(r"uses: [\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line)
    ]
    found += [f"not pinned by digest: {each}" for each in re.findall(r"image: (\S+)", text) if "@sha256:" not in each]
    found += [f"runs on whatever is newest: {each}" for each in re.findall(r"runs-on: (\S+-latest\S*)", text)]
    if "\npermissions: {}\n" not in text:
        found.append("the workflow as a whole may do something")
    for name, body in jobs(text).items():
        may = re.findall(
            r"(?m)^      ([a-z-]+): (\w+)", body.split("    permissions:\n", 1)[-1].split("    steps:", 1)[0]
        )
        if dict(may) != {"contents": "write" if name == "draft" else "read"}:
            found.append(f"{name} may do {may}")
        if "timeout-minutes:" not in body:
            found.append(f"{name} could run for hours")
        if body.count("actions/checkout@") != body.count("persist-credentials: false"):
            found.append(f"{name} keeps its token in the checkout")
        if re.search(r"\$\{\{ *(github\.(event|head_ref|ref_name)|inputs)", body.split("    steps:", 1)[-1]):
            found.append(f"{name} puts what a stranger may write into a script")
    return found + publishing(text)


def publishing(text: str) -> list[str]:
    """What lets a release out without a person."""
    found = []
    if re.search(r"--draft=false|gh release edit|pull_request|schedule:|workflow_run", text):
        found.append("something could be published by itself, or started by a stranger")
    made = [name for name, body in jobs(text).items() if "gh release" in body]
    if made != ["draft"]:
        found.append(f"releases are made in {made}")
    draft = jobs(text)["draft"]
    wanted = ("    environment: release ", "    if: github.ref_type == 'tag'\n", "    needs: gather\n", " --draft ")
    return found + [f"the draft is made without {each.strip()}" for each in wanted if each not in draft]


def test_no_workflow_can_publish_or_run_what_nobody_looked_at():
    assert [path.name for path in WORKFLOWS] == ["release.yml"]
    assert faults(RELEASE) == []


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2", "actions/checkout@v6"),
        ("persist-credentials: false", "persist-credentials: true"),
        ("permissions: {}", "permissions: write-all"),
        ("contents: read", "contents: write"),
        ("    environment: release # waits here for its reviewer\n", ""),
        (" --draft ", " "),
        ("if: github.ref_type == 'tag'\n    runs-on", "runs-on"),
        ("needs: gather", "needs: linux"),
        ("on:\n  push:", "on:\n  pull_request:\n  push:"),
        ("runs-on: macos-15", "runs-on: macos-latest"),
        ("@sha256:", ":"),
        ("timeout-minutes: 45\n", ""),
        ("$GITHUB_REF_NAME", "${{ github.ref_name }}"),
    ],
)
def test_each_slip_in_the_workflow_is_noticed(was, becomes):
    assert was in RELEASE

    assert faults(RELEASE.replace(was, becomes))


def test_the_jobs_follow_one_another_and_none_can_be_left_out():
    needs = {
        name: set(re.findall(r"\w+", found[1])) if (found := re.search(r"(?m)^    needs: (.+)$", body)) else set()
        for name, body in jobs(RELEASE).items()
    }

    assert needs == {
        "agree": set(),
        "linux": {"agree"},
        "windows": {"agree"},
        "msi": {"windows"},
        "install": {"msi"},
        "macos": {"agree"},
        "gather": {"linux", "install", "macos"},
        "draft": {"gather"},
    }
    for system in ("linux", "windows", "macos"):
        assert "dev.py build" in jobs(RELEASE)[system]
        assert f"licences-{system}" in jobs(RELEASE)[system]
        assert f"sbom-{system}" in jobs(RELEASE)[system]
    assert "standin" in jobs(RELEASE)["gather"]


# --- the check list --------------------------------------------------------------------------------------------------

README = (ROOT / "packaging" / "README.md").read_text(encoding="utf-8")
CHECKS = re.findall(r"(?m)^- \*\*([WML])(\d+)\*\* (.+)\n  → (.+)$", README)


def test_each_line_of_the_check_list_says_what_to_do_and_what_must_come_of_it():
    assert len(CHECKS) == len(re.findall(r"(?m)^- \*\*", README.split("## Check list", 1)[1]))
    for system, least in (("W", 30), ("M", 20), ("L", 5)):
        numbers = [int(number) for kind, number, _do, _must in CHECKS if kind == system]
        assert numbers == list(range(1, len(numbers) + 1))
        assert len(numbers) >= least


def test_the_commands_for_macos_and_linux_can_be_copied(tmp_path):
    commands = [each for kind, _number, do, _must in CHECKS if kind in "ML" for each in re.findall(r"`([^`]+)`", do)]
    lines = [each for each in commands if " " in each and not each.startswith("CrisisDesk ")]
    assert len(lines) > 15
    (tmp_path / "lines.sh").write_text("\n".join(lines) + "\n", encoding="utf-8")
    shell = shutil.which("bash")
    assert shell or sys.platform == "win32"
    if shell:
        done = subprocess.run([shell, "-n", str(tmp_path / "lines.sh")], capture_output=True, text=True, check=False)
        assert done.stderr == ""


def test_the_hooks_that_are_described_are_those_that_are_read():
    scripts = [path for path in (ROOT / "packaging").rglob("*") if path.suffix in {".py", ".ps1"}]
    code = "\n".join(path.read_text(encoding="utf-8") for path in scripts)
    described = set(re.findall(r"`(CRISISDESK_SIGN\w*|CRISISDESK_NOTARY)`", README))

    assert described == set(re.findall(r"\b(CRISISDESK_SIGN\w*|CRISISDESK_NOTARY)\b", code))


def test_places_and_names_are_those_of_the_program():
    assert f"`{device.SERVICE}`" in README
    for place in (
        "`%LOCALAPPDATA%\\CrisisDesk`",
        "`~/.local/share/crisisdesk`",
        "`~/Library/Application Support/CrisisDesk`",
    ):
        assert place in README
    assert crisisdesk.APP_ID in README


def test_the_policy_that_is_shown_is_one_that_is_read(tmp_path):
    shown = re.search(r"```json\n(.+)\n```", README)
    assert shown
    (tmp_path / "policy.json").write_text(shown[1], encoding="utf-8")

    assert policy.read(tmp_path / "policy.json") == policy.Policy(
        quick_unlock=False, strict_attempts=True, most_idle_minutes=3
    )
    assert "`/etc/crisisdesk/policy.json`" in README

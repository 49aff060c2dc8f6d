import shlex
import shutil
import subprocess
import sys

import pytest
import sums


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.delenv(sums.SIGNER, raising=False)
    (tmp_path / "a.deb").write_bytes(b"a package")
    (tmp_path / "two words.zip").write_bytes(b"an archive")
    return tmp_path


def test_sums_are_those_of_sha256sum(folder):
    sums.write(folder)

    assert sums.check(folder) == []
    summer = shutil.which("sha256sum")
    assert summer or sys.platform == "win32"
    if summer:
        done = subprocess.run([summer, "--check", "--strict", sums.NAME], cwd=folder, capture_output=True, check=False)
        assert done.returncode == 0


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (
            lambda folder: (folder / "a.deb").write_bytes(b"another package"),
            "a.deb is not the file that SHA256SUMS means.",
        ),
        (lambda folder: (folder / "a.deb").unlink(), "a.deb is missing."),
        (lambda folder: (folder / "extra.exe").touch(), "extra.exe is not in SHA256SUMS."),
        (lambda folder: (folder / sums.NAME).unlink(), "SHA256SUMS is missing."),
        (lambda folder: _add(folder, "0" * 64 + "  ../../elsewhere\n"), "Line 3 of SHA256SUMS can't be read."),
        (lambda folder: _add(folder, "hello\n"), "Line 3 of SHA256SUMS can't be read."),
    ],
)
def test_whatever_changes_is_noticed(folder, harm, said):
    sums.write(folder)
    harm(folder)

    assert sums.check(folder) == [said]


def _add(folder, line):
    with (folder / sums.NAME).open("a") as file:
        file.write(line)


def test_without_a_signer_it_says_so_and_leaves_no_old_signature(folder, capsys):
    (folder / f"{sums.NAME}.asc").write_text("of last time")

    sums.write(folder)

    assert "IS NOT SIGNED" in capsys.readouterr().out
    assert not (folder / f"{sums.NAME}.asc").exists()


def test_a_signer_gets_the_file_and_its_signature_is_no_part_of_the_sums(folder, monkeypatch, capsys):
    program = folder.parent / "signer.py"
    program.write_text("import sys; open(sys.argv[1] + '.asc', 'w').write('signed')")
    monkeypatch.setenv(sums.SIGNER, shlex.join([sys.executable, str(program)]))

    sums.write(folder)

    assert "is signed" in capsys.readouterr().out
    assert sums.check(folder) == []


@pytest.mark.parametrize("body", ["raise SystemExit(1)", "pass"])
def test_a_signer_that_does_not_sign_stops_the_release(folder, monkeypatch, body):
    program = folder.parent / "signer.py"
    program.write_text(body)
    monkeypatch.setenv(sums.SIGNER, shlex.join([sys.executable, str(program)]))

    with pytest.raises(SystemExit, match="was not signed"):
        sums.write(folder)

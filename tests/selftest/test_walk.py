"""The walk that an installed program is checked with goes through every part, and says what came of each."""

import json
import os
from pathlib import Path

import pytest

from crisisdesk import cli
from crisisdesk.selftest import walk
from crisisdesk.ui import printing
from tests.vault.fast import FLOOR

LIST = Path(__file__).parents[1] / "data" / "hsds" / "service_full.json"


@pytest.mark.usefixtures("quick_keys", "qapp")
def test_the_walk_goes_through_everything(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(walk, "FLOOR", FLOOR)
    monkeypatch.setattr(printing, "_MOST", 72)  # coarse pages are quickly painted
    umask = os.umask(0o077)
    try:
        assert cli.main(["selftest", "walk", "--home", str(tmp_path), "--list", str(LIST), "--json"]) == 0
    finally:
        os.umask(umask)
    told = json.loads(capsys.readouterr().out)
    assert told["words"]["date"] == "2020-03-03"
    assert told["desk"] == {"found": True, "brought": 1, "pages": told["desk"]["pages"], "printed": 3}
    assert min(told["desk"]["pages"]) > 40
    assert told["older"]["backups"] == ["pre-migrate"]
    assert "newer CrisisDesk" in told["newer"]
    assert told["backup"] == {"same": True, "later": 0}
    assert (tmp_path / "packet.pdf").stat().st_mode & 0o077 == 0

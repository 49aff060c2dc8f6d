"""A hardened process leaves no memory image, and no other program of hers can read its memory."""

import os
import subprocess
import sys

import pytest

_TOLD = """
import ctypes, resource, os
from crisisdesk.hardening import harden
harden()
print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0),
      "PYTHON_KEYRING_BACKEND" in os.environ, os.environ.get("QT_QPA_PLATFORM"), os.environ["OPENSSL_CONF"])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="Linux’s way to ask")
def test_a_hardened_process_has_no_core_is_not_dumpable_and_forgets_what_would_bring_code_in():
    command = [sys.executable, "-c", _TOLD]
    environment = {**os.environ, "PYTHON_KEYRING_BACKEND": "hostile.Backend", "QT_QPA_PLATFORM": "offscreen"}
    environment["OPENSSL_CONF"] = "/hostile.cnf"
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "(0, 0) 0 False offscreen /dev/null"
    assert told.stderr == ""

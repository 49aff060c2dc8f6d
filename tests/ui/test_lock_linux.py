"""What a Linux desktop tells is heard, on real message buses with services that do what the test says."""

import queue
import sys
from pathlib import Path

import pytest

from crisisdesk.ui.lock.linux import LOGIN, LinuxListeners
from crisisdesk.ui.lock.reason import Reason
from tests import buses

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or buses.DAEMON is None, reason="a Linux desktop’s buses: needs dbus-daemon (Debian: dbus)"
)
PATIENCE = 10  # seconds for what takes a millisecond; only a failure waits so long


@pytest.fixture
def told():
    return queue.Queue()


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with buses.bus(tmp_path / "system") as address:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path / 'nobody'}")
        yield address


@pytest.fixture
def login(system):
    service = buses.Service(system, LOGIN)
    yield service
    service.close()


@pytest.fixture
def listeners(login, told):
    del login
    made = LinuxListeners()
    made.start(told.put)
    assert made.are_heard
    yield made
    made.stop()


@pytest.mark.parametrize(
    ("act", "reason"),
    [
        (buses.sleep, Reason.SLEEP),
        (buses.lock_session, Reason.SESSION),
        (buses.switch_user, Reason.SESSION),
    ],
)
def test_logind_tells_of_sleep_of_a_lock_and_of_another_user(listeners, login, told, act, reason):
    del listeners
    act(login)
    assert told.get(timeout=PATIENCE) is reason


@pytest.mark.usefixtures("listeners")
def test_waking_up_is_no_reason_to_lock(login, told):
    login.tell(buses.LOGIN, "org.freedesktop.login1.Manager", "PrepareForSleep", "b", (False,))
    buses.sleep(login)
    assert told.get(timeout=PATIENCE) is Reason.SLEEP
    assert told.empty()


@pytest.mark.usefixtures("listeners")
def test_another_session_locked_is_none_of_ours(login, told):
    login.tell("/org/freedesktop/login1/session/_32", "org.freedesktop.login1.Session", "Lock")
    buses.lock_session(login)
    assert told.get(timeout=PATIENCE) is Reason.SESSION
    assert told.empty()


def test_sleep_waits_until_the_listeners_let_go(listeners, login):
    assert "Inhibit" in login.asked
    assert not login.has_let_go()
    listeners.stop()
    assert login.has_let_go()


def test_a_screen_saver_tells(tmp_path, monkeypatch, told):
    with buses.bus(tmp_path / "session") as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path / 'nobody'}")
        saver = buses.Service(address, "org.freedesktop.ScreenSaver")
        listeners = LinuxListeners()
        listeners.start(told.put)
        assert listeners.are_heard
        buses.save_screen(saver, on=False)
        buses.save_screen(saver)
        assert told.get(timeout=PATIENCE) is Reason.SESSION
        assert told.empty()
        listeners.stop()
        saver.close()


@pytest.mark.usefixtures("system")
def test_without_anybody_to_tell_it_is_not_heard(told):
    listeners = LinuxListeners()
    listeners.start(told.put)
    assert not listeners.are_heard
    listeners.stop()

"""Private message buses for tests, with a logind and a screen saver that do what a test says."""

import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from jeepney import DBusAddress, HeaderFields, Message, MessageType, message_bus, new_method_return, new_signal
from jeepney.io.blocking import open_dbus_connection
from jeepney.wrappers import unwrap_msg

DAEMON = shutil.which("dbus-daemon")
SESSION = "/org/freedesktop/login1/session/_31"
_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <listen>unix:path={socket}</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
  </policy>
</busconfig>
"""


@contextmanager
def bus(folder: Path) -> Iterator[str]:
    """Run a message bus of its own; lend its address."""
    assert DAEMON is not None
    folder.mkdir()
    config = folder / "bus.conf"
    config.write_text(_CONFIG.format(socket=folder / "socket"), encoding="utf-8")
    command = [DAEMON, f"--config-file={config}", "--nofork", "--print-address=1"]
    daemon = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert daemon.stdout is not None
    try:
        yield daemon.stdout.readline().strip()
    finally:
        daemon.terminate()
        daemon.wait()
        daemon.stdout.close()


class Service:
    """A service of the system's: it answers whatever it is asked, and tells what a test wants it to tell."""

    def __init__(self, address: str, name: str) -> None:
        self._connection = open_dbus_connection(address, enable_fds=True)
        unwrap_msg(self._connection.send_and_get_reply(message_bus.RequestName(name)))
        self.asked: list[str] = []
        self._delays: list[tuple[int, int]] = []
        self._thread = threading.Thread(target=self._serve, name=name, daemon=True)
        self._thread.start()

    def tell(self, path: str, interface: str, member: str, signature: str = "", body: tuple[object, ...] = ()) -> None:
        """Send a signal to whoever listens."""
        address = DBusAddress(path, interface=interface)
        signal = new_signal(address, member, signature or None, body)
        self._connection.send(signal)

    def has_let_go(self) -> bool:
        """Whether the other end of the delay that was granted is closed."""
        reading, _writing = self._delays[-1]
        os.set_blocking(reading, False)
        try:
            return os.read(reading, 1) == b""
        except BlockingIOError:
            return False

    def close(self) -> None:
        """Go away."""
        with suppress(OSError):
            self._connection.sock.shutdown(2)
        self._thread.join()
        self._connection.close()
        for pair in self._delays:
            for number in pair:
                with suppress(OSError):
                    os.close(number)

    def _serve(self) -> None:
        with suppress(OSError, ValueError):
            while True:
                self._answer(self._connection.receive())

    def _answer(self, message: Message) -> None:
        if message.header.message_type is not MessageType.method_call:
            return
        member = str(message.header.fields[HeaderFields.member])
        self.asked.append(member)
        if member in {"GetSessionByPID", "GetSession"}:
            self._connection.send(new_method_return(message, "o", (SESSION,)))
        elif member == "Inhibit":
            reading, writing = os.pipe()
            self._connection.send(new_method_return(message, "h", (writing,)))
            os.close(writing)
            self._delays.append((reading, -1))


LOGIN = "/org/freedesktop/login1"


def sleep(service: Service) -> None:
    """Say that the computer goes to sleep."""
    service.tell(LOGIN, "org.freedesktop.login1.Manager", "PrepareForSleep", "b", (True,))


def lock_session(service: Service) -> None:
    """Say that her session is to be locked."""
    service.tell(SESSION, "org.freedesktop.login1.Session", "Lock")


def switch_user(service: Service) -> None:
    """Say that another user is at the screen."""
    body: tuple[object, ...] = ("org.freedesktop.login1.Session", {"Active": ("b", False)}, [])
    service.tell(SESSION, "org.freedesktop.DBus.Properties", "PropertiesChanged", "sa{sv}as", body)


def save_screen(service: Service, *, on: bool = True) -> None:
    """Say that the screen saver came up."""
    service.tell("/ScreenSaver", "org.freedesktop.ScreenSaver", "ActiveChanged", "b", (on,))

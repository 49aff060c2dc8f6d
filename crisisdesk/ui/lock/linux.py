"""What a Linux desktop tells over its two D-Bus connections, each heard on a thread of its own.

logind, on the system's bus: PrepareForSleep and PrepareForShutdown, Lock of her session, her session no longer the
active one, the lid closed. The desktop, on the session's bus: ActiveChanged of its screen saver. A delay that logind
grants lets the lock come before the sleep.
"""

import logging
import os
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from typing import Any

from jeepney import DBusAddress, HeaderFields, MatchRule, Message, MessageType, message_bus, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from jeepney.wrappers import DBusErrorResponse, unwrap_msg

from crisisdesk import logs
from crisisdesk.ui.lock.listeners import Tell
from crisisdesk.ui.lock.reason import Reason

_log = logging.getLogger(f"{logs.NAME}.lock")
_ANSWER = 2.0  # seconds that a service has
_BOTH_WAYS = 2  # socket.SHUT_RDWR; nothing of ours knows the module that can reach a network
LOGIN = "org.freedesktop.login1"
_MANAGER = DBusAddress("/org/freedesktop/login1", bus_name=LOGIN, interface=f"{LOGIN}.Manager")
_PROPERTIES = "org.freedesktop.DBus.Properties"
SAVERS = (
    "org.freedesktop.ScreenSaver",
    "org.gnome.ScreenSaver",
    "org.cinnamon.ScreenSaver",
    "org.mate.ScreenSaver",
    "org.xfce.ScreenSaver",
)
_WRONG = (OSError, DBusErrorResponse, TimeoutError, KeyError, ValueError)


class Bus:
    """One connection, and the thread that hears it."""

    def __init__(self, name: str, hear: Callable[[Message], object]) -> None:
        self._name = name
        self._hear = hear
        self._connection: DBusConnection | None = None
        self._thread: threading.Thread | None = None
        self._is_heard = False
        self._is_prepared = threading.Event()

    def open(self, prepare: Callable[["Bus"], bool]) -> None:
        """Connect, ask for what is to be heard, and listen if anybody is there to tell it; all on its own thread."""
        self._thread = threading.Thread(target=self._run, args=(prepare,), name=f"{self._name} bus", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Hang up."""
        self._is_prepared.wait()
        connection = self._connection
        if connection is not None:
            with suppress(OSError):
                connection.sock.shutdown(_BOTH_WAYS)  # wakes the thread
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    @property
    def is_heard(self) -> bool:
        """Whether somebody is there to tell; waits for the first answer."""
        self._is_prepared.wait(_ANSWER)
        return self._is_heard

    def _run(self, prepare: Callable[["Bus"], bool]) -> None:
        try:
            with open_dbus_connection(self._name, enable_fds=True) as self._connection:
                self._is_heard = prepare(self)
                self._is_prepared.set()
                while self._is_heard:
                    message = self._connection.receive()
                    if message.header.message_type is MessageType.signal:
                        self._hear(message)
        except _WRONG as error:
            _log.info(f"the {self._name} bus ended: {type(error).__name__}")
        finally:
            self._is_heard = False
            self._connection = None
            self._is_prepared.set()

    def ask(self, address: DBusAddress, method: str, signature: str = "", body: tuple[object, ...] = ()) -> Any:  # noqa: ANN401  as D-Bus has it
        """Call a method and return the first thing that it answers. Raises one of _WRONG."""
        if self._connection is None:
            raise OSError("closed")
        call = new_method_call(address, method, signature, body) if signature else new_method_call(address, method)
        answer = unwrap_msg(self._connection.send_and_get_reply(call, timeout=_ANSWER))
        return answer[0] if answer else None

    def match(self, **facts: str) -> None:
        """Ask for the signals that fit."""
        rule = MatchRule(type="signal", **facts)
        if self._connection is None:
            raise OSError("closed")
        unwrap_msg(self._connection.send_and_get_reply(message_bus.AddMatch(rule), timeout=_ANSWER))

    def has(self, name: str) -> bool:
        """Whether a service is there."""
        return bool(self.ask(message_bus, "NameHasOwner", "s", (name,)))


class LinuxListeners:
    """Both connections. One of them is enough to be heard: a desktop tells one or the other, most tell both."""

    def __init__(self) -> None:
        self._tell: Tell = lambda _reason: None
        self._login = Bus("SYSTEM", self._heard_login)
        self._desktop = Bus("SESSION", self._heard_desktop)
        self._session = ""  # the path of her session
        self._delay: Any = None

    def start(self, tell: Tell) -> None:
        """Listen from now on."""
        self._tell = tell
        self._login.open(self._prepare_login)
        self._desktop.open(self._prepare_desktop)

    def stop(self) -> None:
        """Listen no more."""
        self._login.close()
        self._desktop.close()
        self._let_go()

    @property
    def are_heard(self) -> bool:
        """Whether logind or a screen saver is there."""
        return self._login.is_heard or self._desktop.is_heard

    # logind

    def _prepare_login(self, bus: Bus) -> bool:
        if not bus.has(LOGIN):
            return False
        self._session = self._find_session(bus)
        bus.match(sender=LOGIN, interface=f"{LOGIN}.Manager")
        if self._session:
            bus.match(sender=LOGIN, interface=f"{LOGIN}.Session", path=self._session)
            bus.match(sender=LOGIN, interface=_PROPERTIES, path=self._session)
        bus.match(sender=LOGIN, interface=_PROPERTIES, path="/org/freedesktop/login1")
        with suppress(*_WRONG):
            why = ("sleep:shutdown", "CrisisDesk", "Locks the vault first", "delay")
            self._delay = bus.ask(_MANAGER, "Inhibit", "ssss", why)
        return True

    @staticmethod
    def _find_session(bus: Bus) -> str:
        with suppress(*_WRONG):
            return str(bus.ask(_MANAGER, "GetSessionByPID", "u", (os.getpid(),)))
        number = os.environ.get("XDG_SESSION_ID", "")
        with suppress(*_WRONG):
            return str(bus.ask(_MANAGER, "GetSession", "s", (number,))) if number else ""
        return ""

    def _heard_login(self, message: Message) -> None:
        member, body = message.header.fields.get(HeaderFields.member), message.body
        if member == "PrepareForSleep" and body == (True,):
            self._tell(Reason.SLEEP)
        elif member == "PrepareForShutdown" and body == (True,):
            self._tell(Reason.SHUTDOWN)
        elif member == "Lock":
            self._tell(Reason.SESSION)
        elif member == "PropertiesChanged" and len(body) > 1:
            changed = {name: value for name, (_kind, value) in body[1].items()}
            if changed.get("Active") is False or changed.get("LockedHint") is True or changed.get("LidClosed") is True:
                self._tell(Reason.SESSION)

    def _let_go(self) -> None:
        """Let the computer sleep: the vault is locked. A process that starts anew lets go by itself."""
        delay, self._delay = self._delay, None
        if delay is not None:
            with suppress(OSError), closing(delay):
                pass

    # The desktop

    def _prepare_desktop(self, bus: Bus) -> bool:
        is_there = any(bus.has(name) for name in SAVERS)
        for name in SAVERS:
            bus.match(interface=name, member="ActiveChanged")
        bus.match(interface="com.canonical.Unity.Session", member="Locked")
        return is_there

    def _heard_desktop(self, message: Message) -> None:
        member = message.header.fields.get(HeaderFields.member)
        if member == "Locked" or (member == "ActiveChanged" and message.body == (True,)):
            self._tell(Reason.SESSION)

"""What a process that reads a stranger's file may use: so much memory, so much time, and nothing beside reading.

Called by the child itself, after it has loaded what it needs and before it knows which file to read. Linux was run;
macOS takes the limits but is known not to hold the one on memory; the calls for Windows were not run.
"""

import contextlib
import ctypes
import os
import sys

_DIE_WITH_PARENT, _KILLED = 1, 9  # prctl: PR_SET_PDEATHSIG; SIGKILL
_JOB_LIMITS = 9  # JobObjectExtendedLimitInformation
# PROCESS_TIME, ACTIVE_PROCESS, PROCESS_MEMORY, DIE_ON_UNHANDLED_EXCEPTION, KILL_ON_JOB_CLOSE
_JOB_FLAGS = 0x2 | 0x8 | 0x100 | 0x400 | 0x2000
_TICKS = 10_000_000  # of Windows' time in a second


def confine(memory: int, seconds: int) -> None:
    """Keep this process to an address space in bytes and a processor time in seconds; no core, no files, no children.

    Raises OSError or ValueError if the system refuses.
    """
    os.umask(0o077)
    if sys.platform == "win32":
        _join_a_job(memory, seconds)
        return
    _limit(memory, seconds)
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_DIE_WITH_PARENT, _KILLED, 0, 0, 0)


def _limit(memory: int, seconds: int) -> None:
    import resource  # noqa: PLC0415  Windows has none

    for kind in (
        resource.RLIMIT_CORE,
        resource.RLIMIT_FSIZE,  # not a byte into any file; pipes are free
        resource.RLIMIT_NPROC,  # no process, no thread; the administrator is not held by it
    ):
        _lower(kind, 0)
    _lower(resource.RLIMIT_CPU, seconds, and_then=1)  # first the signal that says why, then the one that none survives
    with contextlib.suppress(ValueError, OSError) if sys.platform == "darwin" else contextlib.nullcontext():
        _lower(resource.RLIMIT_AS, memory)


def _lower(kind: int, most: int, and_then: int = 0) -> None:
    import resource  # noqa: PLC0415  as above

    hard = resource.getrlimit(kind)[1]
    is_free = hard == resource.RLIM_INFINITY
    soft, last = (each if is_free else min(each, hard) for each in (most, most + and_then))
    resource.setrlimit(kind, (soft, last))


class _Basic(ctypes.Structure):
    _fields_ = (
        ("process_time", ctypes.c_int64),
        ("job_time", ctypes.c_int64),
        ("flags", ctypes.c_uint32),
        ("least_working_set", ctypes.c_size_t),
        ("most_working_set", ctypes.c_size_t),
        ("processes", ctypes.c_uint32),
        ("affinity", ctypes.c_size_t),
        ("priority", ctypes.c_uint32),
        ("scheduling", ctypes.c_uint32),
    )


class _Extended(ctypes.Structure):
    _fields_ = (
        ("basic", _Basic),
        ("counters", ctypes.c_uint64 * 6),
        ("process_memory", ctypes.c_size_t),
        ("job_memory", ctypes.c_size_t),
        ("peak_process_memory", ctypes.c_size_t),
        ("peak_job_memory", ctypes.c_size_t),
    )


def _join_a_job(memory: int, seconds: int) -> None:
    """Put this process into a job of its own. Not run: no such computer here."""
    kernel = getattr(ctypes, "WinDLL")("kernel32", use_last_error=True)  # noqa: B009  Windows alone has it
    kernel.CreateJobObjectW.restype = kernel.GetCurrentProcess.restype = ctypes.c_void_p
    job = ctypes.c_void_p(kernel.CreateJobObjectW(None, None))  # never closed: it ends with this process
    limits = _Extended(process_memory=memory)
    limits.basic = _Basic(process_time=seconds * _TICKS, flags=_JOB_FLAGS, processes=1)
    size = ctypes.c_uint32(ctypes.sizeof(limits))
    is_set = kernel.SetInformationJobObject(job, _JOB_LIMITS, ctypes.byref(limits), size)
    if not is_set or not kernel.AssignProcessToJobObject(job, ctypes.c_void_p(kernel.GetCurrentProcess())):
        raise OSError("the job can't be made")

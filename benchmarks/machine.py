"""Where a measurement was made, in one line, and how much memory it took."""

import os
import platform
import resource
import sys
from pathlib import Path

__all__ = ["machine", "memory", "peak"]


def machine() -> str:
    """Return processor, cores, memory and Python."""
    cpu = Path("/proc/cpuinfo")
    names = [line.partition(":")[2].strip() for line in cpu.read_text().splitlines() if "model name" in line]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return (
        f"{names[0] if names else platform.processor() or platform.machine()}, {os.cpu_count()} cores, "
        f"{memory:.0f} GB, {platform.system()}, Python {platform.python_version()}"
    )


def peak() -> float:
    """Return this process's own peak in MB; where it can be had, without what its parent held before."""
    status = Path("/proc/self/status")
    if status.is_file():
        return int(status.read_text().partition("VmHWM:")[2].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1024)


def memory() -> float:
    """Return what this process holds now in MB.

    Raises
    ------
    OSError
        Where there is no /proc.
    """
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024

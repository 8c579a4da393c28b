"""Look whether a port is free before anything is started on it."""

import os
import socket

__all__ = ["PortError", "require_free"]


class PortError(RuntimeError):
    """Something else listens at the port, or the host is not this machine's."""


def require_free(host: str, port: int) -> None:
    """Return where a server could listen.

    Raises
    ------
    PortError
        When it could not; the message says why.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as problem:
        found = os.strerror(problem.errno) if problem.errno else str(problem)
        raise PortError(
            f"{host}:{port}: found '{found}'; expected a free port of this machine; "
            "stop what listens there, or choose another port (see docs/reference/environment.md)"
        ) from None

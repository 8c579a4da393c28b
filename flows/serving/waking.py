"""Start a deployment through the Prefect server, once per key."""

from collections.abc import Callable

from prefect.deployments import run_deployment
from prefect.exceptions import PrefectException

__all__ = ["wake"]


def wake(deployment: str, key: str) -> bool:
    """Start `deployment` under the idempotency key.

    Returns
    -------
    bool
        False once the run of that key has ended without success: it takes another key to try again. A
        server that does not answer is no failure of the run.
    """
    start: Callable[..., object] = run_deployment
    try:
        run = start(deployment, idempotency_key=key, as_subflow=False, timeout=0)
    except (PrefectException, OSError, RuntimeError):
        return True
    state = getattr(run, "state", None)
    return state is None or not state.is_final() or state.is_completed()

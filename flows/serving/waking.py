"""Start a deployment through the Prefect server, once per key."""

import logging
from collections.abc import Callable

import httpx
from prefect.deployments import run_deployment
from prefect.exceptions import PrefectException

__all__ = ["wake"]

LOG = logging.getLogger("living_review.dispatcher")


def wake(deployment: str, key: str) -> bool:
    """Start `deployment` under the idempotency key.

    Returns
    -------
    bool
        False once the run of that key has ended: what still waits then takes another key. A server that does
        not answer is no failure of the run.
    """
    start: Callable[..., object] = run_deployment
    try:
        run = start(deployment, idempotency_key=key, as_subflow=False, timeout=0)
    except (PrefectException, httpx.HTTPError, OSError, RuntimeError) as problem:
        LOG.warning("%s was not started, it will be asked for again: %s", deployment, problem)
        return True
    state = getattr(run, "state", None)
    return state is None or not state.is_final()

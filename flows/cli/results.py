"""``pool``, ``sign`` and ``publish``: from effects to an edition."""

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.options import AsJson, RehearsalFlag, ReviewFolder, account_named, opened
from flows.cli.pooled import tell_synthesis
from flows.cli.printing import complain, progress_bar, say_json, tell
from flows.cli.refusals import PARTIAL

__all__ = ["pool", "publish", "register", "sign"]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (pool, sign, publish):
        app.command()(command)


def pool(review: ReviewFolder, *, rehearsal: RehearsalFlag = False, as_json: AsJson = False) -> None:
    """Pool every analysis anew.

    The same inputs give the same digest, and nothing is written. Exit 3 where
    an analysis could not be pooled and its last result stays.
    """
    from flows.place import utc_now
    from flows.steps.baseline import take_in_baseline
    from flows.steps.left_behind import left_behind
    from flows.steps.resynthesis import pool_again
    from review.clocks import latest_syntheses

    with opened(review, rehearsal=rehearsal) as (place, store):
        take_in_baseline(place.folder, place.protocol, store, utc_now())
        again = pool_again(place.protocol, store, utc_now())
        ledger = store.ledger()
        syntheses, left = latest_syntheses(ledger), left_behind(place, ledger)
    if as_json:
        changed = [one.digest for one in again.syntheses]
        found = {"changed": changed, "not_pooled": again.refusals, "left_behind": left}
        say_json({**found, "syntheses": syntheses})
    else:
        for synthesis in syntheses:
            tell_synthesis(synthesis, new=synthesis in again.syntheses)
    for one in left:
        complain(one.sentence)
    for refusal in again.refusals:
        complain(f"{refusal.key}: not pooled; {refusal.why} What is shown of it, if anything, is older.")
    raise typer.Exit(PARTIAL if again.refusals else 0)


def sign(
    review: ReviewFolder,
    *,
    signer: Annotated[str, typer.Option("--as", help="The lead who signs.")],
    reason: Annotated[str, typer.Option(help="Why, for the page that says what changed.")],
    verdict: Annotated[str, typer.Option(help="publish, hold or nothing new.")] = "publish",
    rehearsal: RehearsalFlag = False,
    as_json: AsJson = False,
) -> None:
    """Sign the candidates.

    A decision to publish makes an edition at the next 'publish'.
    """
    from flows.by_hand.signing import sign_candidates
    from flows.place import utc_now

    with opened(review, rehearsal=rehearsal) as (place, store):
        account_named(store, signer)
        signed = sign_candidates(place.protocol, store, signer, verdict, reason, now=utc_now())
    pooled = [f"{one.key} ({one.digest[:12]})" for one in signed.syntheses]
    lost = [f"{key} (withdrawn: no study is left)" for key in signed.withdrawn]
    digests = [one.digest for one in signed.syntheses]
    said = {"verdict": verdict, "signer": signer, "syntheses": digests, "withdrawn": signed.withdrawn}
    tell(said, *(f"{verdict}: {one}, signed by {signer}" for one in (*pooled, *lost)), as_json=as_json)


def publish(
    review: ReviewFolder,
    *,
    rehearsal: RehearsalFlag = False,
    out: Annotated[
        Path | None, typer.Option(help="Where the site goes; var/<review>/site by default.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make editions of what was signed, and build the site.

    The new site takes the place of the last one in one move. With --out nothing is taken off the list of what
    is still to be published where readers look.
    """
    from flows.place import utc_now
    from flows.publishing import republish

    with opened(review, rehearsal=rehearsal) as (place, store), progress_bar(None, quiet=as_json) as advance:
        published = republish(
            place, store, utc_now(), out=out, progress=lambda done, _total, what: advance(done, what)
        )
    tell(
        {"root": published.root, "editions": published.editions},
        f"published {', '.join(published.editions) or 'a status page'} in {published.root}",
        as_json=as_json,
    )

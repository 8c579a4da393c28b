"""What a synthesis was made from, as one hash: the same digest means that there is nothing to do."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict

from review.effect import AnalysisKey, Estimate
from review.ids import StudyId
from review.protocol import Protocol
from review.result import Pending

__all__ = ["digest"]


def digest(
    key: AnalysisKey,
    estimates: Sequence[Estimate],
    imported: Sequence[bool],
    *,
    protocol: Protocol,
    pending: Sequence[Pending],
    sensitivity_sets: Mapping[str, Sequence[Estimate | StudyId]],
    high_risk: Collection[StudyId] | None,
    code_version: str,
) -> str:
    """Return the SHA-256 of everything that a synthesis depends on, in hexadecimal; the clock is no part.

    Parameters
    ----------
    key, estimates, imported, pending, sensitivity_sets, high_risk
        As given to `synthesis.living.analysis.synthesise`; their order does not matter.
    protocol
        Its version, its tables of synthesis and signals, the outcome, the time point, the subgroups and the
        moderators are part of the hash.
    code_version
        Version of the service.
    """
    outcome = protocol.find_outcome(key.outcome)
    content = {
        "code_version": code_version,
        "protocol_version": protocol.version,
        "key": asdict(key),
        "measure": protocol.measure_of(key.outcome, key.stratum),
        "outcome": asdict(outcome),
        "timepoint": [asdict(one) for one in protocol.timepoint if one.id == key.timepoint],
        "plan": asdict(protocol.synthesis),
        "signals": asdict(protocol.signals),
        "subgroups": {name: asdict(one) for name, one in protocol.subgroup.items()},
        "moderators": sorted(protocol.moderator),
        "high_risk": None if high_risk is None else sorted(high_risk),
        "estimates": sorted(
            _canonical([asdict(one), flag]) for one, flag in zip(estimates, imported, strict=True)
        ),
        "pending": sorted(_canonical(asdict(one)) for one in pending),
        "sensitivity_sets": {
            name: sorted(_canonical(one if isinstance(one, str) else asdict(one)) for one in members)
            for name, members in sensitivity_sets.items()
        },
    }
    return hashlib.sha256(_canonical(content).encode()).hexdigest()


def _canonical(content: object) -> str:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)

"""The release as data: everything the page says, in one JSON document that its schema describes."""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from importlib.resources import files

from publisher.evidence import Evidence
from publisher.impacts import impact_of
from publisher.methods import methods
from publisher.setting_aside import aside_use
from publisher.snapshot import Snapshot
from review.edition import Edition
from review.effect import AnalysisKey
from review.result import Synthesis
from synthesis.living.impact import Impact
from synthesis.living.impact.changes import GROUPS

__all__ = ["release", "release_schema"]


def release(snapshot: Snapshot, found: Evidence) -> bytes:
    """Return the release; fields follow PRISMA 2020 and its extension for living reviews."""
    protocol, labels = snapshot.protocol, snapshot.material.labels
    document = {
        "$schema": "release.schema.json",
        "review": {"id": protocol.id, "title": protocol.title, "follows": protocol.follows},
        "labels": {
            "title": labels.title,
            "disclaimers": [text for text in (labels.disclaimer, protocol.publication.disclaimer) if text],
            "rehearsal": bool(snapshot.edition and snapshot.edition.decision.signer is None),
            "drafts": protocol.drafts,
        },
        "licence": protocol.publication.licence,
        "as_of": snapshot.at,
        "clocks": asdict(snapshot.clocks),
        "edition": _edition(snapshot.edition),
        "editions": [{"id": one.id, "number": one.number, "at": one.at} for one in snapshot.ledger.editions],
        "living": _living(snapshot),
        "syntheses": [_synthesis(one) for one in snapshot.syntheses],
        "impact": [
            _impact(one.key, changed) for one in snapshot.syntheses if (changed := impact_of(snapshot, one))
        ],
        "prisma": asdict(snapshot.flow)
        | {name: getattr(snapshot.flow, name) for name in ("screened", "sought", "assessed")},
        "included": [
            {"study": one.label, "reports": [row.id for row in one.reports]} for one in found.included
        ],
        "pending": [{"study": one.label, "why": one.why} for one in found.pending],
        "held": [{"study": one.label, "why": one.reports[0].reason} for one in found.held],
        "searches": {
            "runs": len(snapshot.ledger.runs),
            "last": snapshot.ledger.runs[-1].ended if snapshot.ledger.runs else None,
            "gaps": [asdict(gap) | {"open": gap.open} for gap in snapshot.ledger.gaps],
        },
        "set_aside": _set_aside(snapshot),
        "models": [{"id": one.id, "at": one.at, "promise": one.promise} for one in snapshot.ledger.models],
    }
    return json.dumps(_plain(document), ensure_ascii=False, indent=1, allow_nan=False).encode() + b"\n"


def release_schema() -> bytes:
    """Return the JSON Schema (draft 2020-12) of a release."""
    return files("publisher").joinpath("static/release.schema.json").read_bytes()


def _edition(edition: Edition | None) -> dict[str, object] | None:
    if edition is None:
        return None
    return {
        "id": edition.id,
        "number": edition.number,
        "at": edition.at,
        "previous": edition.previous,
        "protocol_version": edition.protocol_version,
        "syntheses": edition.syntheses,
        "changes": edition.changes,
        "decision": asdict(edition.decision),
    }


def _living(snapshot: Snapshot) -> dict[str, object]:
    groups = {group.heading: group for group in methods(snapshot.protocol)}
    edition = snapshot.edition
    return {
        "parameters": {line.name: line.text for line in groups["Living mode"].lines},
        "changes_to_methods": [f"{one.version}: {one.change}" for one in snapshot.protocol.history],
        "changes_to_results": edition.changes if edition else (),
        "trigger": edition.decision.reason if edition else "",
        "roles": {"signed_by": edition.decision.signer if edition else None},
        "unsigned_candidates": len(snapshot.unsigned),
    }


def _set_aside(snapshot: Snapshot) -> dict[str, object]:
    found = aside_use(snapshot)
    return {name: getattr(found, name) for name in ("used", "now", "ever", "drawn", "read", "audit")}


def _synthesis(synthesis: Synthesis) -> dict[str, object]:
    rows = [
        asdict(row) | {"weight": weight}
        for row, weight in zip(synthesis.rows, synthesis.weights, strict=True)
    ]
    log_scale = synthesis.measure in {"RR", "OR"}
    return asdict(synthesis) | {"rows": rows, "log_scale": log_scale, "weights": synthesis.weights}


def _impact(key: AnalysisKey, found: Impact) -> dict[str, object]:
    steps = [
        {
            "cause": one.cause,
            "group": GROUPS[one.cause],
            "study": one.study,
            "reason": one.reason,
            "change": one.change,
            "before": asdict(one.before),
            "after": asdict(one.after),
        }
        for one in found.steps
    ]
    return {"key": asdict(key), "total": found.total, "steps": steps}


def _plain(value: object) -> object:
    """Return what JSON can hold: days as ISO text, numbers that are not finite as null."""
    match value:
        case float() if not math.isfinite(value):
            return None
        case datetime() | date():
            return value.isoformat()
        case Mapping():
            return {str(key): _plain(one) for key, one in value.items()}
        case list() | tuple():
            return [_plain(one) for one in value]
        case _:
            return value

"""From scores to suggestions: what a fitted model says of a batch of records."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from classifier.calibration import Calibration
from classifier.design import trial_likelihood
from classifier.ensemble import Ensemble, flags, known_rows
from classifier.explain import Explainer
from classifier.line import Line
from classifier.members import Head
from classifier.text import as_read
from review.ids import ModelId, ReportId
from review.record import Record
from review.suggestion import Suggestion

__all__ = ["Suggester"]


@dataclass(frozen=True, slots=True)
class Suggester:
    """The parts of a fitted model that speak of a record."""

    model: ModelId
    ensemble: Ensemble
    explainer: Explainer
    calibration: Calibration | None
    line: Line

    def suggest(
        self, records: Sequence[Record], reports: Sequence[ReportId], at: datetime
    ) -> list[Suggestion]:
        """Return a suggestion for each record, best first; ties in the order of the report identifiers.

        A record of which the model knows no word is always flagged and has no probability: a person must
        read it, whatever line a score in the middle would fall below.
        """
        records = [as_read(record) for record in records]
        vectors = self.ensemble.features.transform(records)
        scores, known = self.ensemble.scores(records, vectors), known_rows(vectors)
        triage, probabilities = self._triage(records, vectors), self._probabilities(scores)
        flagged = flags(scores, known, self.line.value)
        likelihoods = trial_likelihood(records)
        terms = self.explainer.term_weights(records, vectors, scores)
        included = self.explainer.nearest_included(vectors)
        excluded = self.explainer.nearest_excluded(vectors)
        order = sorted(range(len(records)), key=lambda i: (-scores[i], reports[i]))
        return [
            Suggestion(
                report=reports[i],
                model=self.model,
                score=float(scores[i]),
                rank=rank,
                of=len(records),
                flagged=bool(flagged[i]),
                at=at,
                triage=triage[i],
                probability=probabilities[i] if known[i] else None,
                trial_likelihood=float(likelihoods[i]),
                terms=terms[i],
                nearest_included=included[i],
                nearest_excluded=excluded[i],
            )
            for rank, i in enumerate(order, start=1)
        ]

    def _triage(self, records: Sequence[Record], vectors: csr_matrix) -> list[float] | list[None]:
        if Head.TRIAGE not in self.ensemble.standings:
            return [None] * len(records)
        return [float(one) for one in self.ensemble.scores(records, vectors, Head.TRIAGE)]

    def _probabilities(self, scores: NDArray[np.float64]) -> list[float] | list[None]:
        if self.calibration is None:
            return [None] * len(scores)
        return [float(one) for one in self.calibration.probability(scores)]

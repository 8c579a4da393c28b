"""Identifiers of the review's nouns: plain text, told apart by the type checker."""

from typing import NewType

__all__ = ["EditionId", "EffectId", "ModelId", "RecordId", "ReportId", "Reviewer", "RunId", "StudyId"]

RecordId = NewType("RecordId", str)
"""One entry of one source: ``pubmed:23548250``, ``baseline:Dear 2013/1``."""

ReportId = NewType("ReportId", str)
"""A document: it bears the identifier of the record through which it was first seen."""

StudyId = NewType("StudyId", str)
"""A trial, by the label reviewers use: ``Dear 2013``."""

Reviewer = NewType("Reviewer", str)
"""The account name of a person."""

RunId = NewType("RunId", str)
"""One search run: ``pubmed-0001``."""

ModelId = NewType("ModelId", str)
"""A trained model: the digest of what it was trained on and how."""

EffectId = NewType("EffectId", str)
"""One extracted or imported result."""

EditionId = NewType("EditionId", str)
"""A published edition: ``1.2.0``."""

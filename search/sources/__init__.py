"""Sources besides PubMed, each behind the same contract."""

__all__: list[str] = []

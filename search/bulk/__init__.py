"""PubMed's own files, baseline and updates, read on this machine instead of asking the E-utilities."""

__all__: list[str] = []

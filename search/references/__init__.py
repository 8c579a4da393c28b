"""From a citation in a reference list to the PubMed record it means, believed only where all of it agrees."""

__all__: list[str] = []

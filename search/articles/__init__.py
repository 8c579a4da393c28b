"""PubMed XML in pieces: the stream of tags, and what one article says."""

__all__: list[str] = []

"""PubMed XML in pieces: the stream of tags, the shape of a record, and what its parts say."""

__all__: list[str] = []

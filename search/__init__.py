"""Where the review looks: sources, strategies, readers and writers of citations, linking, a stand-in."""

__all__: list[str] = []

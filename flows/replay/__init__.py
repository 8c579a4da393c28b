"""A replay of history: one cycle a year through the real client, store, classifier and synthesis."""

__all__: list[str] = []

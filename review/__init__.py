"""What things are: the nouns of a living systematic review, and the rules that are pure functions of them.

Import from the topic modules (``review.record``, ``review.decision``, ...): this package re-exports nothing.
"""

__all__: list[str] = []

"""From ledgers to a published review: editions, pages, figures, feeds and downloads, put in place at once."""

__all__: list[str] = []

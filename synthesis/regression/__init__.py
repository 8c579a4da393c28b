"""Meta-regression: what differences between studies explain, and how sure that is."""

__all__: list[str] = []

"""Selection models: what the pool would be if studies reached print according to their p-values."""

__all__: list[str] = []

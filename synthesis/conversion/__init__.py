"""From what reports print (standard errors, p-values, medians, clusters) to the numbers that a pool needs."""

__all__: list[str] = []

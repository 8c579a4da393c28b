"""Inverse variances: between-study variance, the pooled estimate, its intervals, and refits."""

__all__: list[str] = []

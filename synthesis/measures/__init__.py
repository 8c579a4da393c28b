"""Effect sizes and their sampling variances from what trials report."""

__all__: list[str] = []

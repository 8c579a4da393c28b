"""Other ways to look at the same studies, marked as such: sequential boundaries, and a Bayesian grid."""

__all__: list[str] = []

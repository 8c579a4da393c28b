"""Several effects of one study: three levels, correlated effects, and robust standard errors."""

__all__: list[str] = []

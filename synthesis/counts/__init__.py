"""Pools of counts without effects of their own: Mantel-Haenszel, Peto, generalised mixed models."""

__all__: list[str] = []

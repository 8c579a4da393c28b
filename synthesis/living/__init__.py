"""The review's own rules: from a protocol and its estimates to a synthesis, and what changed since."""

__all__: list[str] = []

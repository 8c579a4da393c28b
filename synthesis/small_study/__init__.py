"""Whether small studies show other effects than large ones, and what the pool would be without them."""

__all__: list[str] = []

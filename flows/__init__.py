"""When things happen: steps strung together, Prefect flows around them, settings, and the command line."""

__all__: list[str] = []

"""One reader for each format: it cuts the entries out and counts them, a library reads what is inside."""

__all__: list[str] = []

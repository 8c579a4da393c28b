"""Files of citations: their encodings, formats and fields."""

__all__: list[str] = []

"""How the E-utilities answer: replies read from the body first, records fetched and accounted for."""

__all__: list[str] = []

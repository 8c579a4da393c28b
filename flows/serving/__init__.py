"""The parts that keep running: desk, dispatcher, and everything together on one machine."""

__all__: list[str] = []

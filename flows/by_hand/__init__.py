"""What people do by hand, under the rules that desk and flows follow."""

__all__: list[str] = []

"""``python -m flows`` is ``living-review``."""

from flows.cli import main

__all__: list[str] = []

if __name__ == "__main__":
    main()

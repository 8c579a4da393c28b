"""What a new trial of a given size would have to show to change the conclusion."""

from synthesis.living.contour.drawn import contour
from synthesis.living.contour.result import Contour, NewTrial
from synthesis.living.contour.stretches import Side, Stretch

__all__ = ["Contour", "NewTrial", "Side", "Stretch", "contour"]

"""What changed between two syntheses, and why: steps in one stated order that sum to the whole."""

from synthesis.living.impact.attribution import Impact, Share, impact
from synthesis.living.impact.changes import ORDER, Cause, Group
from synthesis.living.impact.explained import explained_impact
from synthesis.living.impact.steps import State, Step

__all__ = ["ORDER", "Cause", "Group", "Impact", "Share", "State", "Step", "explained_impact", "impact"]

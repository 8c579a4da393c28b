"""Accounts and what each may do."""

from dataclasses import dataclass
from enum import StrEnum

from review.ids import Reviewer

__all__ = ["Account", "Role"]


class Role(StrEnum):
    """What an account may do at the desk; a lead may do everything but settle a conflict of its own."""

    LEAD = "lead"
    REVIEWER = "reviewer"
    ADJUDICATOR = "adjudicator"
    STATISTICIAN = "statistician"
    READER = "reader"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A person who can sign in; the password's hash stays in the store."""

    name: Reviewer
    role: Role
    full_name: str = ""
    active: bool = True

"""All models of the cluster half, for everybody else to import."""

from .confirmations.models import ConfirmationRequest
from .conversation.models import Comment, Thread, Wording
from .editions.models import Edition
from .intake.models import ImportDecision, ImportDraft
from .matrix.models import (
    AuthorityNote,
    Effort,
    EffortProposal,
    Position,
    Proposal,
    ProposalGroup,
    SourceDocument,
    Theme,
)
from .setup.models import Succession

__all__ = [
    "AuthorityNote",
    "Comment",
    "ConfirmationRequest",
    "Edition",
    "Effort",
    "EffortProposal",
    "ImportDecision",
    "ImportDraft",
    "Position",
    "Proposal",
    "ProposalGroup",
    "SourceDocument",
    "Succession",
    "Theme",
    "Thread",
    "Wording",
]

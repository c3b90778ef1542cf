from .edition import Edition
from .effort import AuthorityNote, Effort, EffortProposal, Theme
from .position import Position
from .proposal import Proposal, ProposalGroup, SourceDocument
from .request import ConfirmationRequest
from .succession import Succession

__all__ = [
    "AuthorityNote",
    "ConfirmationRequest",
    "Edition",
    "Effort",
    "EffortProposal",
    "Position",
    "Proposal",
    "ProposalGroup",
    "SourceDocument",
    "Succession",
    "Theme",
]

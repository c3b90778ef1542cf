from .confirmations.models import ConfirmationRequest
from .editions.models import Edition
from .matrix.models import Proposal, ProposalGroup, SourceDocument
from .matrix.models_effort import AuthorityNote, Effort, EffortProposal, Theme
from .matrix.models_position import Position
from .setup.models import Succession

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

"""All models of the cluster half, for everybody else to import."""

from .asking.models import Ask, AskedColumn, AskedEditor, AskedField
from .confirmations.models import ConfirmationRequest
from .conversation.models import (
    Comment,
    Thread,
    Wording,
)
from .editions.models import (
    Edition,
    EditionRedaction,
    EditionText,
    ReadLink,
)
from .intake.models import ImportDecision, ImportDraft
from .matrix.models import (
    AuthorityNote,
    Effort,
    EffortProposal,
    Position,
    Proposal,
    ProposalGroup,
    RefusedSave,
    SourceDocument,
    Theme,
)
from .setup.models import Succession

__all__ = [
    "Ask",
    "AskedColumn",
    "AskedEditor",
    "AskedField",
    "AuthorityNote",
    "Comment",
    "ConfirmationRequest",
    "Edition",
    "EditionRedaction",
    "EditionText",
    "Effort",
    "EffortProposal",
    "ImportDecision",
    "ImportDraft",
    "Position",
    "Proposal",
    "ProposalGroup",
    "ReadLink",
    "RefusedSave",
    "SourceDocument",
    "Succession",
    "Theme",
    "Thread",
    "Wording",
]

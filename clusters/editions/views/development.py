"""How the answers developed: over the editions, and a proposal's way in each column."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from krams.people.requests import Request
from krams.replica.reading import allow_replica

from ...access import get_sheet
from ...matrix.concerned import concerns
from ...matrix.wording import outside_text
from ..queries import read_timeline, stages_of, visible_proposal


@require_safe
def development(request: Request, slug: str) -> HttpResponse:
    """How much was answered in each of the latest editions, and is today."""
    sheet = get_sheet(request.user, slug)
    allow_replica(request)
    context = {"cluster": sheet.cluster, "stages": stages_of(sheet)}
    return render(request, "clusters/editions/development.html", context)


@require_safe
def proposal_course(request: Request, slug: str, pk: int) -> HttpResponse:
    """When each authority answered a proposal, changed that and confirmed it."""
    sheet = get_sheet(request.user, slug)
    allow_replica(request)
    proposal = visible_proposal(sheet, pk)
    found, marks = read_timeline(sheet, proposal)
    context = {
        "cluster": sheet.cluster,
        "proposal": proposal,
        "timeline": found,
        "marks": marks,
        "authorities": {column.authority_id: column.authority for column in sheet.columns},
        "outside": {
            column.authority_id
            for column in sheet.columns
            if not concerns(proposal.concerned, column.authority.kind)
        },
        "outside_text": outside_text(),
    }
    return render(request, "clusters/editions/proposal_course.html", context)

"""Addresses of the cluster half, below /klynger/."""

from django.urls import path

from .comparison import views as comparison
from .confirmations import views as confirm
from .editions import views as editions
from .matrix.views import cell, matrix, notes, removed
from .setup.views import clusters, consent, people, proposals

app_name = "clusters"
urlpatterns = [
    path("", matrix.clusters, name="clusters"),
    path("ny/", clusters.new, name="new"),
    path("<slug:slug>/", matrix.matrix, name="matrix"),
    path("<slug:slug>/felt/<int:proposal>/<slug:authority>/", cell.cell_edit, name="cell-edit"),
    path(
        "<slug:slug>/felt/<int:proposal>/<slug:authority>/fjernet/",
        removed.cell_removed,
        name="cell-removed",
    ),
    path(
        "<slug:slug>/felt/<int:proposal>/<slug:authority>/bekraeft/",
        confirm.cell_confirm,
        name="cell-confirm",
    ),
    path(
        "<slug:slug>/felt/<int:proposal>/<slug:authority>/fortryd/",
        confirm.cell_undo,
        name="cell-undo",
    ),
    path(
        "<slug:slug>/kolonne/<slug:authority>/bekraeft/",
        confirm.column_confirm,
        name="column-confirm",
    ),
    path("<slug:slug>/bekraeftelser/", confirm.confirmations, name="confirmations"),
    path("<slug:slug>/uddybning/<slug:authority>/ny/", notes.note_add, name="note-add"),
    path("<slug:slug>/uddybning/<int:pk>/", notes.note_edit, name="note-edit"),
    path("<slug:slug>/udgaver/", editions.editions, name="editions"),
    path("<slug:slug>/udgaver/frys/", editions.freeze, name="freeze"),
    path("<slug:slug>/udgaver/<int:number>/", editions.edition, name="edition"),
    path("<slug:slug>/udgaver/<int:number>/traek-tilbage/", editions.withdraw, name="withdraw"),
    path("<slug:slug>/aendringer/", editions.changes, name="changes"),
    path("<slug:slug>/sammenlign/", comparison.compare, name="compare"),
    path("<slug:slug>/huller/", comparison.gap_list, name="gaps"),
    path("<slug:slug>/daekning/", comparison.coverage_table, name="coverage"),
    path("<slug:slug>/temaer/", comparison.themes, name="themes"),
    path("<slug:slug>/opsaetning/", clusters.setup, name="setup"),
    path("<slug:slug>/opsaetning/medlemmer/ny/", clusters.member_add, name="member-add"),
    path("<slug:slug>/opsaetning/medlemmer/flyt/", clusters.member_move, name="member-move"),
    path("<slug:slug>/opsaetning/medlemmer/<int:pk>/", clusters.member, name="member"),
    path("<slug:slug>/medlemmer/<int:pk>/ja/", consent.member_agree, name="member-agree"),
    path("<slug:slug>/medlemmer/<int:pk>/nej/", consent.member_take_back, name="member-take-back"),
    path("<slug:slug>/opsaetning/forslag/", proposals.proposals, name="setup-proposals"),
    path("<slug:slug>/opsaetning/forslag/flyt/", proposals.proposal_move, name="proposal-move"),
    path("<slug:slug>/opsaetning/forslag/kopier/", proposals.copy, name="proposals-copy"),
    path("<slug:slug>/opsaetning/forslag/<int:pk>/", proposals.proposal, name="proposal"),
    path("<slug:slug>/opsaetning/forslag/<int:pk>/udgaa/", proposals.retire, name="retire"),
    path("<slug:slug>/opsaetning/grupper/ny/", proposals.group_add, name="group-add"),
    path("<slug:slug>/opsaetning/grupper/flyt/", proposals.group_move, name="group-move"),
    path("<slug:slug>/opsaetning/grupper/<int:pk>/", proposals.group, name="group"),
    path("<slug:slug>/opsaetning/kilder/ny/", proposals.source_new, name="source-new"),
    path("<slug:slug>/opsaetning/kilder/<int:pk>/", proposals.source, name="source"),
    path("<slug:slug>/opsaetning/personer/", people.people, name="setup-people"),
    path("<slug:slug>/opsaetning/personer/<int:pk>/afslut/", people.person_end, name="role-end"),
    path("<slug:slug>/opsaetning/efterfoelger/", people.successors, name="setup-successors"),
    path(
        "<slug:slug>/opsaetning/efterfoelger/<slug:other>/",
        people.successor,
        name="setup-successor",
    ),
]

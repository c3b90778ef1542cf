"""Addresses that set a cluster up: members, proposals, people, and what follows it."""

from django.urls import path

from .views import clusters, consent, members, people, proposals, succession

SETUP = "<slug:slug>/opsaetning"

urlpatterns = [
    # Before the matrix, whose address is any word.
    path("ny/", clusters.new, name="new"),
    path(f"{SETUP}/", clusters.setup, name="setup"),
    path(f"{SETUP}/medlemmer/ny/", members.member_add, name="member-add"),
    path(f"{SETUP}/medlemmer/flyt/", members.member_move, name="member-move"),
    path(f"{SETUP}/medlemmer/<int:pk>/", members.member, name="member"),
    path("<slug:slug>/medlemmer/<int:pk>/ja/", consent.member_agree, name="member-agree"),
    path("<slug:slug>/medlemmer/<int:pk>/nej/", consent.member_take_back, name="member-take-back"),
    path(f"{SETUP}/forslag/", proposals.proposals, name="setup-proposals"),
    path(f"{SETUP}/forslag/flyt/", proposals.proposal_move, name="proposal-move"),
    path(f"{SETUP}/forslag/kopier/", proposals.copy, name="proposals-copy"),
    path(f"{SETUP}/forslag/<int:pk>/", proposals.proposal, name="proposal"),
    path(f"{SETUP}/forslag/<int:pk>/udgaa/", proposals.retire, name="retire"),
    path(f"{SETUP}/grupper/ny/", proposals.group_add, name="group-add"),
    path(f"{SETUP}/grupper/flyt/", proposals.group_move, name="group-move"),
    path(f"{SETUP}/grupper/<int:pk>/", proposals.group, name="group"),
    path(f"{SETUP}/kilder/ny/", proposals.source_new, name="source-new"),
    path(f"{SETUP}/kilder/<int:pk>/", proposals.source, name="source"),
    path(f"{SETUP}/personer/", people.people, name="setup-people"),
    path(f"{SETUP}/personer/<int:pk>/afslut/", people.person_end, name="role-end"),
    path(f"{SETUP}/efterfoelger/", succession.successors, name="setup-successors"),
    path(f"{SETUP}/efterfoelger/<slug:other>/", succession.successor, name="setup-successor"),
]

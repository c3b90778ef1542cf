"""Addresses of the matrix, its cells and the notes below it."""

from django.urls import path

from .views import edit_cell, files, matrix, notes, removed_efforts

CELL = "<slug:slug>/felt/<int:proposal>/<slug:authority>"

urlpatterns = [
    path("", matrix.clusters, name="clusters"),
    path("<slug:slug>/", matrix.matrix, name="matrix"),
    path("<slug:slug>/matrix.<str:kind>", files.matrix_file, name="matrix-file"),
    path(f"{CELL}/", edit_cell.cell_edit, name="cell-edit"),
    path(f"{CELL}/linje/", edit_cell.cell_add_line, name="cell-add-line"),
    path(f"{CELL}/vaelg/", edit_cell.cell_choose, name="cell-choose"),
    path(f"{CELL}/saml/", edit_cell.cell_merge, name="cell-merge"),
    path(f"{CELL}/luk/", edit_cell.cell_close, name="cell-close"),
    path(f"{CELL}/fjernet/", removed_efforts.cell_removed, name="cell-removed"),
    path(f"{CELL}/fortryd/", removed_efforts.cell_undo, name="cell-undo"),
    path("<slug:slug>/uddybning/<slug:authority>/ny/", notes.note_add, name="note-add"),
    path(
        "<slug:slug>/uddybning/<slug:authority>/ny/luk/",
        notes.note_add_close,
        name="note-add-close",
    ),
    path("<slug:slug>/uddybning/<int:pk>/", notes.note_edit, name="note-edit"),
    path("<slug:slug>/uddybning/<int:pk>/luk/", notes.note_close, name="note-close"),
]

"""What the portal writes for Word it reads back: taking an export in changes nothing."""

import json

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clusters.intake.comparison import preview_of
from clusters.intake.reading import as_json, of_json
from clusters.intake.table_reading import Sought, read_matrix_of
from clusters.intake.units import Kind
from clusters.matrix.word_table import as_content
from krams.documents.word import as_docx
from krams.documents.word_reading import read_docx

from .making_matrices import TODAY, matrices


def read_back(matrix, language="da"):
    with translation.override(language):
        content = as_content(matrix, title="Matrix", owner="Klynge", day=TODAY, lead=("Forslag",))
        document = read_docx(as_docx(content))
    sought = Sought(
        [column.authority for column in matrix.columns], [row.proposal for row in matrix.rows]
    )
    return read_matrix_of(document, sought)


def differences(reading, matrix) -> list:
    preview = preview_of(reading, matrix, {}, placed_columns={}, placed_rows={})
    units = [
        (unit.kind, unit.title, unit.read, unit.state, unit.efforts, unit.note, unit.doubts)
        for unit in preview.units
        if unit.kind is not Kind.SAME or unit.doubts
    ]
    return [*units, *preview.absent, *preview.left, *reading.problems]


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(matrices(), st.sampled_from(["da", "en"]))
def test_taking_an_export_in_changes_nothing(made, language):
    matrix = made.matrix
    reading = read_back(matrix, language)
    assert differences(reading, matrix) == []
    assert [line for line in reading.unplaced if line not in ("Forslag",)] == []
    stored = json.loads(json.dumps(as_json(reading), cls=DjangoJSONEncoder))
    assert of_json(stored) == reading

"""The file to fill in: the columns with an example, and what each of them may hold. Pure."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from ..documents.spreadsheets import Table
from .columns import Column


def template(title: str, columns: Sequence[Column]) -> list[Table]:
    """The table to fill in, then one that explains it, then the words that it may hold."""
    return [
        Table(
            title,
            [f"{column.heading}{' *' * column.is_required}" for column in columns],
            [[str(column.example) for column in columns]],
        ),
        Table(
            _("Explanation"),
            [_("Column"), _("Must be filled in"), _("What it holds"), _("Example")],
            [
                [
                    str(column.heading),
                    _("yes") if column.is_required else _("no"),
                    _explained(column),
                    str(column.example),
                ]
                for column in columns
            ],
            wraps=True,
        ),
        Table(
            _("Allowed words"),
            [_("Column"), _("Word")],
            [
                [str(column.heading), str(choice.label)]
                for column in columns
                for choice in column.choices
            ],
        ),
    ]


def _explained(column: Column) -> str:
    said = [str(column.explained)] if column.explained else []
    if column.choices:
        said.append(
            _("One or more of the words on the third sheet, with commas between.")
            if column.is_several
            else _("One of the words on the third sheet.")
        )
    return " ".join(said)

"""Files of a spreadsheet for tests, and the two steps of taking one in."""

import io
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile


def xlsx(*rows, **more_sheets) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for title, lines in more_sheets.items():
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(line)
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def upload(client, url: str, content: bytes, name: str = "fil.xlsx") -> Any:
    return client.post(url, {"file": SimpleUploadedFile(name, content)})


def agree(client, url: str, response: Any) -> Any:
    """Press the button below the preview."""
    assert response.status_code in (200, 409), problems(response)
    return client.post(url, agreed(response))


def agreed(response: Any) -> dict[str, str]:
    form = response.context["agree"]
    return {field.name: str(field.value()) for field in form}


def problems(response: Any) -> list[tuple[int | None, str, str]]:
    report = response.context["report"]
    if report is None:
        return [(None, "", text) for text in response.context["form"].errors["file"]]
    return [(one.row, one.column, one.text) for one in report.problems]


def states(response: Any) -> list[str]:
    return [line.state.value for line in response.context["report"].lines]

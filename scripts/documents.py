"""Documents that are made of code: written, or held up against what the code says."""

from pathlib import Path


def write_or_check(made: dict[Path, str], arguments: list[str], *, by: str) -> int:
    """Write each text into its document; with ``--check`` compare only, and say what differs.

    Returns the exit code: 1 where ``--check`` found a difference. ``by`` is the script to run.
    """
    if "--check" not in arguments:
        for document, text in made.items():
            document.write_text(text, encoding="utf-8")
        return 0
    differing = [
        document
        for document, text in made.items()
        if not document.exists() or document.read_text(encoding="utf-8") != text
    ]
    for document in differing:
        print(f"docs/{document.name} says otherwise than the code: run {by}")
    return int(bool(differing))

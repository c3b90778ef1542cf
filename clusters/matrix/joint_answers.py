"""Which cells below each other are one answer, and how far down it is drawn. Pure."""

from collections.abc import Iterable

from .cell_status import Cell


def is_one_answer(cell: Cell, other: Cell) -> bool:
    """Whether both proposals have one answer: state, date and at least one effort alike."""
    return (
        cell.is_filled
        and bool(cell.lines)
        and cell.state is other.state
        and cell.state_from == other.state_from
        and cell.proposal.group_id == other.proposal.group_id
        and {line.effort.pk for line in cell.lines} == {line.effort.pk for line in other.lines}
    )


def join(cells: list[Cell]) -> None:
    """Tell adjacent cells of a column with one answer that they belong together."""
    run: list[Cell] = []
    for cell in cells:
        if run and not is_one_answer(run[-1], cell):
            _tell(run)
            run = []
        run.append(cell)
    if run:
        _tell(run)


def _tell(run: list[Cell]) -> None:
    if len(run) == 1:
        [alone] = run
        alone.versions = f"{alone.proposal.pk}:{alone.version}"
        return
    joint = tuple(one.proposal for one in run)
    versions = " ".join(f"{one.proposal.pk}:{one.version}" for one in run)
    # One answer is as fresh as the oldest confirmation that it stands for.
    dates = [one.confirmed_on for one in run if one.confirmed_on is not None]
    oldest = min(dates) if len(dates) == len(run) else None
    for one in run:
        one.joint, one.confirmed_on, one.versions = joint, oldest, versions


def span(cells: Iterable[Cell]) -> None:
    """How many rows each cell of a column reaches down, of the rows that are shown."""
    above: Cell | None = None
    for cell in cells:
        if above and cell.is_joint and cell.joint == above.joint:
            cell.rowspan, above.rowspan = 0, above.rowspan + 1
        else:
            cell.rowspan, above = 1, cell

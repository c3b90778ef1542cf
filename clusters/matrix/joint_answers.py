"""Which cells below each other are one answer, and how far down it is drawn. Pure."""

from .cell_status import Cell


def is_one_answer(cell: Cell, other: Cell) -> bool:
    """Whether both proposals have one answer: state, date and at least one effort alike."""
    efforts = {line.effort.pk for line in cell.lines}
    return (
        cell.is_filled
        and bool(efforts)
        and cell.proposal.group_id == other.proposal.group_id
        and (cell.state, cell.state_from) == (other.state, other.state_from)
        and efforts == {line.effort.pk for line in other.lines}
    )


def join(cells: list[Cell]) -> None:
    """Tell adjacent cells of a column with one answer that they belong together."""
    run: list[Cell] = []
    for cell in [*cells, None]:
        if run and (cell is None or not is_one_answer(run[-1], cell)):
            _tell(run)
            run = []
        run.append(cell)


def _tell(run: list[Cell]) -> None:
    joint = tuple(one.proposal for one in run)
    versions = " ".join(f"{one.proposal.pk}:{one.version}" for one in run)
    # One answer is as fresh as the oldest confirmation that it stands for.
    dates = [one.confirmed_on for one in run]
    oldest = None if None in dates else min(dates)
    for one in run:
        one.joint, one.confirmed_on, one.versions = joint, oldest, versions


def span(cells: list[Cell]) -> None:
    """How many rows each cell of a column reaches down, of the rows that are shown."""
    above = None
    for cell in cells:
        if above and cell.is_joint and cell.joint == above.joint:
            cell.rowspan, above.rowspan = 0, above.rowspan + 1
        else:
            cell.rowspan, above = 1, cell

"""What a night's run says at its end, so that it can be repeated."""

from . import sending


def pytest_terminal_summary(terminalreporter):
    if sending.TOLD:
        terminalreporter.section("fuzzing")
        terminalreporter.write_line(
            f"NIGHTLY_SEED={sending.SEED} NIGHTLY_EXAMPLES={sending.EXAMPLES} sends the same again."
        )
        for line in sending.TOLD:
            terminalreporter.write_line(line)

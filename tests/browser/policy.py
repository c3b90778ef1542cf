"""What the Content-Security-Policy blocks on a page, by the browser's own event.

What the browser writes to the console differs from version to version.
"""

from pathlib import Path

from playwright.sync_api import Page

POLICY = (Path(__file__).parent / "policy.js").read_text()


def ask_what_is_blocked(page: Page, found: dict) -> int:
    """On the page, and in what is swapped into it by one of each kind of link that fetches a part.

    ``page`` was opened with ``POLICY``, and is left as another page. Gives how many parts came.
    """

    def accept(dialog):
        dialog.accept()

    page.on("dialog", accept)
    followed, swaps = page.evaluate("swapAll()")
    page.remove_listener("dialog", accept)
    if followed and not swaps:
        found["swaps"] = f"{followed} links followed, and no part came"
    if blocked := page.evaluate("blocked"):
        found["blocked"] = blocked
    return swaps

"""Every page for everybody: WCAG checks, no sideways scrolling, light and dark, wide and narrow."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.pages import PAGES

pytestmark = pytest.mark.browser

OVERFLOW = "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"


@pytest.mark.parametrize("subject", PAGES, ids=str)
def test_page_is_accessible_and_fits(subject, open_as, prepared):
    page = open_as(subject.who, prepared.paths[str(subject)])
    found = {}
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            for violation in Axe().run(page).response["violations"]:
                targets = [node["target"] for node in violation["nodes"]][:3]
                found[f"{width} {scheme} {violation['id']}"] = (violation["help"], targets)
    for width in (360, 320):
        page.set_viewport_size({"width": width, "height": 800})
        if (overflow := page.evaluate(OVERFLOW)) > 0:
            found[f"{width} overflow"] = overflow
    assert found == {}

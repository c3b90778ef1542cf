"""The paper of Klynge Syd contradicts itself in its title: its coordinator's business alone."""

from clusters.models import Edition, Proposal, SourceDocument
from krams.models import Cluster
from tests.demo import DemoTestCase
from tests.pages import PAGES

REMARK = "Kildens titel siger"


class TestRemarkOfTheSource(DemoTestCase):
    def test_it_is_on_pages_of_who_coordinates_only(self):
        assert REMARK in SourceDocument.objects.get(cluster__slug="syd").remark
        shown = set()
        for page in PAGES:
            if page.name.startswith("clusters:") or page.name in ("search", "home"):
                answer = self.client_of(page.who).get(page.path())
                if REMARK in answer.content.decode():
                    shown.add((page.who, page.name))
        assert ("koordinator", "clusters:matrix") in shown
        assert {who for who, _name in shown} <= {"koordinator", "admin"}
        # Neither what is frozen nor what is compared with it.
        assert not {name for _who, name in shown} & {"clusters:edition", "clusters:changes"}

    def test_no_edition_and_no_other_cluster_has_it(self):
        assert Edition.objects.exists()
        assert REMARK not in str(list(Edition.objects.values_list("content", flat=True)))
        client = self.client_of("admin")
        other = Cluster.objects.get(slug="limfjorden")
        data = {"kopi-origin": Cluster.objects.get(slug="syd").pk}
        client.post(f"/klynger/{other.slug}/opsaetning/forslag/kopier/", data)
        assert Proposal.objects.filter(cluster=other).count() == 9
        assert {one.remark for one in SourceDocument.objects.filter(cluster=other)} == {""}

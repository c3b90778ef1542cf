"""The proxy on another machine: TLS to the portal, of one authority alone (docs/security.md)."""

import os
import re
import ssl
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from .servers import HOST, ROOT, Caddy, Portal, Process, call, program

DESCRIBED = (ROOT / "docs" / "security.md").read_text()


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Two authorities, each with a certificate for this machine."""
    made = tmp_path_factory.mktemp("tls")
    for name in ("ours", "other"):
        ca, key, request = made / f"{name}-ca.pem", made / f"{name}.key", made / f"{name}.csr"
        curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        ca_key = made / f"{name}-ca.key"
        subject = ["-subj", f"/CN={name}"]
        own = ["-keyout", str(ca_key), "-out", str(ca)]
        call("openssl", "req", "-x509", "-days", "2", *curve, *subject, *own)
        call("openssl", "req", *curve, *subject, "-keyout", str(key), "-out", str(request))
        extension = made / "extension"
        extension.write_text("subjectAltName = IP:127.0.0.1")
        signed = ["-CA", str(ca), "-CAkey", str(ca_key), "-CAcreateserial", "-days", "2"]
        out = ["-extfile", str(extension), "-out", str(made / f"{name}.pem")]
        call("openssl", "x509", "-req", "-in", str(request), *signed, *out)
    return made


class TlsPortal(Portal):
    """As ``TLS_CERTIFICATE`` and ``TLS_KEY`` have it."""

    def __init__(self, database: str, folder: Path) -> None:
        self.context = ssl.create_default_context(cafile=str(folder / "ours-ca.pem"))
        pair = {"TLS_CERTIFICATE": str(folder / "ours.pem"), "TLS_KEY": str(folder / "ours.key")}
        super().__init__(database, BEHIND_PROXY="1", **pair)

    def answers(self) -> bool:
        url = f"https://127.0.0.1:{self.port}/readyz"
        request = urllib.request.Request(url, headers={"Host": HOST})
        try:
            urllib.request.urlopen(request, timeout=5, context=self.context).close()
        except OSError:
            return False
        return True


class TlsCaddy(Caddy):
    """``deploy/Caddyfile`` with the lines of the document in it."""

    def __init__(self, portal: Portal, ca: Path) -> None:
        Process.__init__(self, "caddy")
        [lines] = re.findall(r"```caddyfile\n(.*?)```", DESCRIBED, re.DOTALL)
        lines = lines.replace("/etc/caddy/portal-ca.pem", str(ca))
        shipped = (ROOT / "deploy" / "Caddyfile").read_text()
        config = self.folder / "Caddyfile"
        before = "\t\tlb_policy"
        assert shipped.count(before) == 1
        config.write_text(shipped.replace(before, f"{lines}{before}"))
        own = {
            "PORTAL_HOST": f"http://{HOST}:{self.port}",
            "PORTAL_UPSTREAM": f"https://127.0.0.1:{portal.port}",
            "CADDY_ADMIN": "off",
            "XDG_DATA_HOME": str(self.folder),
            "XDG_CONFIG_HOME": str(self.folder),
        }
        command = [program("caddy", "caddy"), "run", "--config", str(config)]
        command += ["--adapter", "caddyfile"]
        self.run(command, env={**os.environ, **own}, cwd=self.folder)
        self.wait()

    def status(self) -> int:
        request = urllib.request.Request(f"{self.address}/hjaelp/", headers={"Host": HOST})
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code


def test_the_proxy_believes_the_authority_that_it_was_told_of_and_no_other(database, folder):
    with TlsPortal(database, folder) as portal:
        with TlsCaddy(portal, folder / "ours-ca.pem") as proxy:
            assert proxy.status() == 200
        with TlsCaddy(portal, folder / "other-ca.pem") as proxy:
            # It is not asked: one that cannot be trusted, or is down for that.
            assert proxy.status() in (502, 503)


def test_the_portal_speaks_nothing_but_tls_then(database, folder):
    with TlsPortal(database, folder) as portal:
        with pytest.raises(ConnectionError):
            urllib.request.urlopen(f"http://127.0.0.1:{portal.port}/readyz", timeout=5)
        portal.context = ssl.create_default_context(cafile=str(folder / "other-ca.pem"))
        assert not portal.answers()

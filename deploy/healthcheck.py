"""Exit 0 if the portal on this machine answers, as the container's health.

A database that is away is no reason to restart the portal: it waits and recovers by itself.
"""

import os
import urllib.request

port = os.environ.get("BIND", "127.0.0.1:8000").rpartition(":")[2]
# The portal answers only to its own names.
host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".*")
request = urllib.request.Request(
    f"http://127.0.0.1:{port}/healthz", headers={"Host": host or "localhost"}
)
with urllib.request.urlopen(request, timeout=5) as response:
    assert response.read() == b"ok"

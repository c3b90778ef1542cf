"""The token of a read link: unguessable, and stored only as what it hashes to. Pure.

It is made of the id of the form that asked for it and the portal's secret key. The same form sent
twice so gives the same link, and who reads the database alone can make none.
"""

import datetime as dt
import hashlib
import uuid
from base64 import urlsafe_b64encode

from django.utils.crypto import salted_hmac

_SALT = "clusters.editions.read_links"
# Politicians read for a term of meetings, not for ever.
LONGEST = dt.timedelta(days=365)
USUAL = dt.timedelta(days=60)
# So long the page shows a new link to who made it: enough to copy it, and to load the page again.
SHOWN_FOR = dt.timedelta(minutes=15)


def token_of(submission_id: uuid.UUID) -> str:
    """43 letters of 256 bits."""
    made = salted_hmac(_SALT, submission_id.hex, algorithm="sha256").digest()
    return urlsafe_b64encode(made).decode().rstrip("=")


def hash_of(token: str) -> str:
    """What is stored. No salt: nobody guesses 256 bits, and a link is found by this."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()

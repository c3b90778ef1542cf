"""Answers on their way from the organisation's form to the browser that asked.

The organisation's page posts from another site, and browsers send no session cookie with that
(SameSite=Lax). So the answer waits in the shared cache under the request that it answers, and the
browser is sent on to a page of ours, where its session tells which requests are its own. Neither a
cookie more nor anything in the address is needed, and another browser's answer is never found.
"""

from allauth.socialaccount.internal.statekit import get_states
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from .assertions import Proof

# Only as long as one redirect takes.
WAITING_SECONDS = 300


def keep(proof: Proof) -> None:
    cache.set(_key(proof.request_id), proof, WAITING_SECONDS)


def take(request: HttpRequest) -> Proof | None:
    """The answer to a request of this browser's own, if one waits; it is there once."""
    for name in get_states(request):
        if proof := cache.get(_key(name)):
            cache.delete(_key(name))
            return proof
    return None


def _key(request_id: str) -> str:
    return "saml:answer:" + salted_hmac("krams.saml", request_id, algorithm="sha256").hexdigest()

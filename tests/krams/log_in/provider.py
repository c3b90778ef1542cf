"""A provider of OpenID Connect that answers on loopback, and a browser that goes there and back.

It is ``oidc-provider-mock``, which speaks the whole protocol; what an attacker would send is its
own answer, changed and signed anew.
"""

import json
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode, urlsplit

import flask
import jwt
import oidc_provider_mock
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from django.contrib.auth import SESSION_KEY
from django.core.cache import cache
from django.test import Client
from oidc_provider_mock._server import _threaded_server

from krams.enums import Role
from krams.env import Env
from krams.models import User

START = "/konto/oidc/organisation/login/"


@dataclass
class Tampering:
    """What is changed of the provider's answers; nothing, if it is left alone."""

    claims: dict = field(default_factory=dict)
    without: tuple = ()
    key: object = None
    algorithm: str = "RS256"
    kid: str | None = ""
    header: dict = field(default_factory=dict)
    config: dict = field(default_factory=dict)
    userinfo: dict = field(default_factory=dict)
    drop_token: bool = False
    # A key pair that the provider itself signs with from then on.
    own_key: rsa.RSAPrivateKey | None = None
    # A path that is answered with a redirect, and where that leads.
    leads_on: str = ""
    leads_to: str = ""


@pytest.fixture(scope="module")
def server():
    app = oidc_provider_mock.app(require_nonce=True)
    app.tampering = Tampering()

    @app.after_request
    def tamper(response):
        how, path = app.tampering, flask.request.path
        app.own_key = flask.g.oidc_provider_mock_storage.jwk.as_dict(is_private=True)
        if path == how.leads_on:
            return flask.redirect(how.leads_to)
        if path.endswith("openid-configuration"):
            response.data = json.dumps(response.json | how.config)
        elif path == "/jwks" and how.own_key:
            public = jwt.algorithms.RSAAlgorithm.to_jwk(how.own_key.public_key(), as_dict=True)
            response.data = json.dumps({"keys": [public]})
        elif path == "/userinfo":
            response.data = json.dumps(response.json | how.userinfo)
        elif path == "/oauth2/token" and "id_token" in (response.json or {}):
            answer = response.json
            answer["id_token"] = forged(answer["id_token"], how)
            if how.drop_token:
                del answer["id_token"]
            response.data = json.dumps(answer)
        return response

    def forged(token: str, how: Tampering) -> str:
        own = app.own_key
        header = jwt.get_unverified_header(token)
        claims = jwt.decode(token, options={"verify_signature": False}) | how.claims
        for name in how.without:
            del claims[name]
        key = how.own_key or (jwt.PyJWK(own, "RS256").key if how.key is None else how.key)
        kid = header.get("kid") if how.kid == "" and not how.own_key else how.kid
        headers = ({"kid": kid} if kid else {}) | how.header
        return jwt.encode(claims, key, how.algorithm, headers=headers)

    with _threaded_server(app) as running:
        running.tampered = app
        # Its key is known from its first answer on, whichever test comes first.
        requests.get(f"http://localhost:{running.server_port}/jwks", timeout=5).raise_for_status()
        yield running


@pytest.fixture
def tampering(server):
    server.tampered.tampering = Tampering()
    return server.tampered.tampering


@pytest.fixture
def organisation(server, tampering, settings):
    """Its address, after the portal was told of it."""
    cache.clear()
    address = f"http://localhost:{server.server_port}"
    told = {"OIDC_URL": address, "OIDC_CLIENT_ID": "portal", "OIDC_CLIENT_SECRET": "hemmelig"}
    settings.SOCIALACCOUNT_PROVIDERS = Env(told).openid_connect()
    return address


@pytest.fixture
def person(make_user, facility):
    return make_user(Role.STAFF, facility=facility)


def knows(organisation: str, sub: str, **claims) -> None:
    requests.put(f"{organisation}/users/{sub}", json=claims, timeout=5).raise_for_status()


def go(
    client: Client,
    sub: str,
    sent: dict | None = None,
    back: dict | None = None,
    process: str = "login",
    **fields,
):
    """There and back: ``sent`` and ``back`` change what the browser carries each way."""
    away = client.post(f"{START}?{urlencode({'process': process})}", fields)
    assert away.status_code == 302, away.content
    parts = urlsplit(away.url)
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()} | (sent or {})
    there = f"{parts.scheme}://{parts.netloc}{parts.path}?{urlencode(asked)}"
    answer = requests.post(there, {"sub": sub}, allow_redirects=False, timeout=5)
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    told = {name: values[0] for name, values in query.items()} | (back or {})
    return client.get("/konto/oidc/organisation/login/callback/", told, follow=True)


def is_in(client) -> User | None:
    if client.get("/konto/indstillinger/").status_code != 200:
        return None
    return User.objects.get(pk=client.session[SESSION_KEY])


def log_in(organisation, person, client=None, **claims) -> Client:
    client = client or Client()
    known = {"email": person.email, "email_verified": True} | claims
    knows(organisation, "a1", **known)
    go(client, "a1")
    return client


def signed(server, claims: dict, **header) -> str:
    """A token of the provider's own, as it signs them."""
    own = server.tampered.own_key
    return jwt.encode(
        claims, jwt.PyJWK(own, "RS256").key, "RS256", headers={"kid": own["kid"]} | header
    )

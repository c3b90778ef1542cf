"""The organisation's SAML log-in: an answer that is as it should be gets in, and each that is not
is refused, with a page, a line and an entry.

The other side is pysaml2 (``saml_idp``); what an attacker would send is its answer, changed and
signed anew where an attacker could.
"""

import copy
import datetime as dt
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
import xmlsec
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.urls import resolve
from lxml import etree

from krams.enums import AuditKind, Role
from krams.env import Env
from krams.limits.table import READ, WAYS_IN, WRITE, Limit
from krams.models import AuditEntry, LogIn, User
from krams.settings import saml

from ...conftest import PASSWORD
from . import saml_idp
from .saml_idp import NSIS, Provider, encoded, found, make_pair, one, tag

pytestmark = pytest.mark.django_db
PLACE = "/konto/saml/organisation/"
START, ACS, SLS = f"{PLACE}login/?process=login", f"{PLACE}acs/", f"{PLACE}sls/"
PORTAL, BASE = "http://testserver", "https://login.kommune.example"
DOMAIN = "x.example"
NOW = dt.datetime(2026, 11, 21, 10, 0, 0, tzinfo=dt.UTC)
DID_NOT_WORK = "Det lykkedes ikke at logge ind"


@pytest.fixture(scope="module")
def pairs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("keys")
    return {name: make_pair(folder, name) for name in ("idp", "own", "stranger")}


@pytest.fixture(scope="module")
def told(pairs, tmp_path_factory):
    """The variables of an installation whose metadata is a file."""
    file = tmp_path_factory.mktemp("metadata") / "idp.xml"
    file.write_bytes(saml_idp.metadata(BASE, pairs["idp"]))
    return {
        "SAML_METADATA": str(file),
        "SAML_KEY": pairs["own"].key_file,
        "SAML_CERTIFICATE": pairs["own"].certificate_file,
        "SAML_EMAIL_DOMAINS": DOMAIN,
    }


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def idp(told, pairs, settings, clock):
    """The other side, after each was told of the other."""
    cache.clear()
    settings.SOCIALACCOUNT_PROVIDERS = saml.provider(Env(told))
    return Provider(BASE, pairs["idp"], Client().get(f"{PLACE}metadata/").content)


@pytest.fixture
def person(make_user, facility):
    return make_user(Role.STAFF, facility=facility)


@pytest.fixture(autouse=True)
def domain_of_everybody(told, person):
    told["SAML_EMAIL_DOMAINS"] = person.email.partition("@")[2]


def configured(settings, told, **changes) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = saml.provider(Env(told | changes))


def away(client, **fields) -> str:
    answer = client.post(START, fields)
    assert answer.status_code == 302, answer.content
    return answer.url


def post(client, root):
    """The organisation's page posts from another site: no cookie of ours comes along."""
    answer = Client().post(ACS, {"SAMLResponse": encoded(root), "RelayState": "//ond.example"})
    if answer.status_code != 302:
        return answer
    assert answer.url == f"{ACS}finish/"
    assert not answer.cookies
    return client.get(answer.url, follow=True)


def log_in(idp, person, client=None, **about) -> Client:
    client = client or Client()
    root = idp.answer(away(client), **{"email": person.email} | about)
    post(client, idp.signed(root))
    return client


def is_in(client) -> User | None:
    if client.get("/konto/indstillinger/").status_code != 200:
        return None
    return User.objects.get(pk=client.session[SESSION_KEY])


def must_be_refused(client, answer, *, why: str, caplog) -> None:
    """A page with 4xx, nobody in, a line that tells which check it was, and an entry."""
    assert 400 <= answer.status_code < 500, answer.status_code
    assert DID_NOT_WORK in answer.content.decode()
    assert is_in(client) is None
    assert not SocialAccount.objects.exists()
    lines = [one for one in caplog.records if one.name == "krams.log_in"]
    assert [one.reason for one in lines if one.message == "SAML refused"] == [why]
    assert [one.reason for one in lines if one.message == "log-in refused"] == ["organisation"]
    entry = AuditEntry.objects.get(kind=AuditKind.LOG_IN_FAILED)
    assert entry.details == {"reason": "organisation"}


# --- Who gets in ----------------------------------------------------------------------------------


def test_a_proven_address_opens_its_account_and_then_the_subject_does(idp, person):
    assert is_in(log_in(idp, person)) == person
    link = SocialAccount.objects.get(user=person)
    assert (link.provider, link.uid) == (saml.PROVIDER_ID, "a1")
    assert link.extra_data == {"sub": "a1", "email": person.email, "iss": f"{BASE}/idp"}
    # The address at the organisation has changed, and is another person's here.
    assert is_in(log_in(idp, person, email="ny@andre.example")) == person
    # The first time took the password away.
    person.refresh_from_db()
    assert not person.has_usable_password()


def test_we_ask_signed_for_a_lasting_name_and_where_to_go_on_stays_here(idp, person):
    client = Client()
    page = client.get("/konto/login/").content.decode()
    assert "Log ind med kommunens login" in page
    there = away(client, next="/konto/indstillinger/")
    sent = parse_qs(urlsplit(there).query)
    assert sent["SigAlg"] == ["http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"]
    # It has none: an empty one is not read.
    assert "RelayState" not in sent
    request = idp.asked(there)
    assert request.destination == f"{BASE}/sso"
    assert request.assertion_consumer_service_url == PORTAL + ACS
    assert request.name_id_policy.format.endswith(":persistent")
    page = post(client, idp.signed(idp.answer(there, email=person.email)))
    assert page.redirect_chain[-1][0] == "/konto/indstillinger/"


ELSEWHERE = ("//ond.example", "https://ond.example/", "javascript:alert(1)", "/\\ond.example")


@pytest.mark.parametrize("onwards", ELSEWHERE)
def test_no_way_leads_on_to_another_site(idp, person, onwards):
    client = Client()
    there = away(client, next=onwards)
    page = post(client, idp.signed(idp.answer(there, email=person.email)))
    assert is_in(client) == person
    assert all(urlsplit(one).netloc in ("", "testserver") for one, _status in page.redirect_chain)


def test_the_tick_of_a_shared_computer_counts_there_too(idp, person):
    client = Client()
    there = away(client, shared_computer="on")
    post(client, idp.signed(idp.answer(there, email=person.email)))
    assert is_in(client) == person
    assert client.session["shared_computer"]


def test_both_signatures_and_an_encrypted_assertion_are_taken(idp, person, pairs):
    client = Client()
    root = idp.signed(idp.answer(away(client), email=person.email), message=True)
    post(client, root)
    assert is_in(client) == person
    for how in ({}, {"content": xmlsec.constants.TransformAes256Gcm}):
        client = Client()
        root = idp.signed(idp.answer(away(client), email=person.email))
        post(client, saml_idp.encrypt(root, pairs["own"].certificate, **how))
        assert is_in(client) == person


def test_an_address_outside_the_domains_opens_nobodys_account(idp, person, told, settings):
    configured(settings, told, SAML_EMAIL_DOMAINS="andre.example")
    assert is_in(log_in(idp, person)) is None
    configured(settings, told, SAML_EMAIL_DOMAINS="")
    assert is_in(log_in(idp, person)) is None
    assert not SocialAccount.objects.exists()


def test_an_address_without_an_account_makes_none(idp, person):
    client = Client()
    address = f"fremmed@{person.email.partition('@')[2]}"
    page = post(client, idp.signed(idp.answer(away(client), email=address)))
    assert "Du har ikke en konto endnu" in page.content.decode()
    assert User.objects.count() == 1


def test_a_closed_account_stays_closed(idp, person):
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert is_in(log_in(idp, person)) is None


def test_a_subject_of_another_issuer_opens_nothing(idp, person, caplog):
    """The metadata names another provider, where the same subject is somebody else."""
    log_in(idp, person)
    SocialAccount.objects.update(extra_data={"sub": "a1", "iss": "https://foer.example"})
    assert is_in(log_in(idp, person)) is None
    assert [one.reason for one in caplog.records if one.message == "SAML refused"] == [
        "subject of another issuer"
    ]


def test_two_addresses_are_none(idp, person):
    """Which of them is whose cannot be told."""
    client = Client()
    root = idp.answer(away(client), email=person.email)
    told = one(root, "//saml:Attribute")
    etree.SubElement(told, tag("saml:AttributeValue")).text = "en.anden@x.example"
    post(client, idp.signed(root))
    assert is_in(client) is None


def test_the_subject_may_be_an_attribute(idp, person, told, settings):
    configured(settings, told, SAML_SUBJECT_ATTRIBUTE="urn:uuid")
    assert is_in(log_in(idp, person)) is None
    client = log_in(idp, person, **{"urn:uuid": "b-2"})
    assert is_in(client) == person
    assert SocialAccount.objects.get().uid == "b-2"


def test_a_comment_cuts_nothing_off(idp, make_user, facility, told, settings):
    """``mette@x.example<!-- -->.ond.example`` is one address, and not the first half of it."""
    victim = make_user(Role.STAFF, facility=facility)
    domain = victim.email.partition("@")[2]
    configured(settings, told, SAML_EMAIL_DOMAINS=f"{domain},{domain}.ond.example")
    client = Client()
    root = idp.answer(away(client), email=victim.email, subject="a1")
    for path in ("//saml:AttributeValue", "//saml:NameID"):
        node = one(root, path)
        comment = etree.Comment("x")
        comment.tail = ".ond.example"
        node.append(comment)
    idp.signed(root)
    page = post(client, root)
    assert "Du har ikke en konto endnu" in page.content.decode()
    assert is_in(client) is None


def test_nor_does_a_comment_that_was_encrypted_too(idp, pairs, make_user, facility, told, settings):
    """Whoever has a signed answer may encrypt it for the portal, with a comment in it: a signature
    is of the text without comments. What is decrypted is parsed with them."""
    victim = make_user(Role.STAFF, facility=facility)
    domain = victim.email.partition("@")[2]
    configured(settings, told, SAML_EMAIL_DOMAINS=f"{domain},{domain}.ond.example")
    client = Client()
    root = idp.signed(idp.answer(away(client), email=f"{victim.email}.ond.example"))
    node = one(root, "//saml:AttributeValue")
    comment = etree.Comment("x")
    node.text, comment.tail = victim.email, ".ond.example"
    node.append(comment)
    page = post(client, saml_idp.encrypt(root, pairs["own"].certificate))
    assert "Du har ikke en konto endnu" in page.content.decode()
    assert is_in(client) is None
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize(
    ("wanted", "shown", "gets_in"),
    [
        ("Substantial", "Substantial", True),
        ("Substantial", "https://data.gov.dk/concept/core/nsis/loa/High", True),
        ("Substantial", "High", True),
        ("Substantial", "Low", False),
        ("Substantial", "3", False),
        ("Substantial", None, False),
        ("urn:staerk", None, False),
        (saml_idp.PASSWORD, None, True),
    ],
)
def test_the_level_of_assurance(idp, person, told, settings, caplog, wanted, shown, gets_in):
    configured(settings, told, SAML_LEVEL=wanted)
    client = Client()
    about = {NSIS: shown} if shown else {}
    there = away(client)
    asked = idp.asked(there).requested_authn_context
    assert asked.comparison == ("minimum" if wanted == "Substantial" else "exact")
    answer = post(client, idp.signed(idp.answer(there, email=person.email, **about)))
    if gets_in:
        assert is_in(client) == person
    else:
        must_be_refused(client, answer, why="level", caplog=caplog)


# --- What is refused ------------------------------------------------------------------------------


def the(path: str, **values):
    """A change of one element; None takes an attribute away."""

    def change(root):
        node = one(root, path)
        for name, value in values.items():
            node.attrib.pop(name) if value is None else node.set(name, value)

    return change


def text(path: str, value: str):
    def change(root):
        one(root, path).text = value

    return change


def without(path: str):
    def change(root):
        node = one(root, path)
        node.getparent().remove(node)

    return change


def at(minutes: float) -> str:
    return (NOW + dt.timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")


DATA, CONDITIONS = "//saml:SubjectConfirmationData", "//saml:Conditions"
# Signed by the organisation all the same: what is wrong is what it says.
CHANGES = {
    "audience": (text("//saml:Audience", "https://en.anden"), "wrong audience"),
    "no audience": (without("//saml:AudienceRestriction"), "no audience"),
    "receiver": (the(DATA, Recipient="https://en.anden/acs/"), "wrong subjectconfirmation"),
    "receiver around ours": (
        the(DATA, Recipient=f"https://ond.example/?{PORTAL}{ACS}"),
        "receiver",
    ),
    "no receiver": (the(DATA, Recipient=None), "receiver"),
    "destination": (the("/samlp:Response", Destination="https://en.anden/"), "wrong destination"),
    "destination beyond ours": (
        the("/samlp:Response", Destination=f"{PORTAL}{ACS}mere"),
        "destination",
    ),
    "no destination": (the("/samlp:Response", Destination=None), "destination"),
    "issuer": (text("//saml:Assertion/saml:Issuer", "https://ond.example"), "wrong issuer"),
    "issuer of the message": (text("/samlp:Response/saml:Issuer", "https://b"), "wrong issuer"),
    "no issuer": (text("//saml:Assertion/saml:Issuer", ""), "issuer"),
    "expired": (the(CONDITIONS, NotOnOrAfter=at(-2)), "expired"),
    "expired for the receiver": (the(DATA, NotOnOrAfter=at(-2)), "wrong subjectconfirmation"),
    "never ends": (the(DATA, NotOnOrAfter=None), "never ends"),
    "conditions never end": (the(CONDITIONS, NotOnOrAfter=None), "never ends"),
    "not yet": (the(CONDITIONS, NotBefore=at(2)), "not yet"),
    "log-in of the future": (
        the("//saml:AuthnStatement", AuthnInstant=at(2)),
        "time of the log-in",
    ),
    "no conditions": (without(CONDITIONS), "missing conditions"),
    "no statement": (without("//saml:AuthnStatement"), "wrong number of authstatements"),
    "session over": (
        the("//saml:AuthnStatement", SessionNotOnOrAfter=at(-2)),
        "session expired",
    ),
    "answers another request": (the(DATA, InResponseTo="_x"), "wrong subjectconfirmation"),
    "assertion answers none": (the(DATA, InResponseTo=None), "answers no request"),
    "message answers none": (the("/samlp:Response", InResponseTo=None), "answers no request"),
    "name of the day": (
        the("//saml:NameID", Format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient"),
        "no lasting subject",
    ),
    "address as a name": (
        the("//saml:NameID", Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"),
        "no lasting subject",
    ),
    "name for another portal": (
        the("//saml:NameID", SPNameQualifier="https://en.anden"),
        "sp name qualifier name mismatch",
    ),
    "no name": (text("//saml:NameID", ""), "empty nameid"),
    "holder of a key": (
        the("//saml:SubjectConfirmation", Method="urn:oasis:names:tc:SAML:2.0:cm:holder-of-key"),
        "wrong subjectconfirmation",
    ),
    "status": (
        the(
            "/samlp:Response/samlp:Status/samlp:StatusCode",
            Value="urn:oasis:names:tc:SAML:2.0:status:Responder",
        ),
        "status",
    ),
    "version": (the("/samlp:Response", Version="1.1"), "unsupported saml version"),
}


@pytest.mark.parametrize("how", CHANGES)
def test_what_it_says_must_be_for_us_here_and_today(idp, person, caplog, how):
    change, why = CHANGES[how]
    client = Client()
    root = idp.answer(away(client), email=person.email)
    change(root)
    must_be_refused(client, post(client, idp.signed(root)), why=why, caplog=caplog)


def test_clocks_may_be_a_minute_apart(idp, person, clock):
    """So that those above are refused for what was changed."""
    client = Client()
    root = idp.answer(away(client), email=person.email)
    the(CONDITIONS, NotBefore=at(0.9), NotOnOrAfter=at(-0.9))(root)
    post(client, idp.signed(root))
    assert is_in(client) == person


# Whoever has no key of the organisation changes the message, or signs otherwise.
def unsigned(idp, pairs, root):
    return root


def signed_by_a_stranger(idp, pairs, root):
    saml_idp.sign(one(root, "saml:Assertion"), pairs["stranger"])
    return root


def signed_by_our_key(idp, pairs, root):
    saml_idp.sign(one(root, "saml:Assertion"), pairs["own"])
    return root


def only_the_message_signed(idp, pairs, root):
    saml_idp.sign(root, idp.pair)
    return root


def sha1(idp, pairs, root):
    return idp.signed(root, method=xmlsec.constants.TransformRsaSha1)


def sha1_of_the_content(idp, pairs, root):
    return idp.signed(root, digest=xmlsec.constants.TransformSha1)


def changed_afterwards(idp, pairs, root):
    idp.signed(root)
    one(root, "//saml:NameID").text = "en-anden"
    return root


def message_of_a_stranger(idp, pairs, root):
    """The assertion is right; the answer around it is signed by somebody else."""
    idp.signed(root)
    saml_idp.sign(root, pairs["stranger"])
    return root


def whole_document(idp, pairs, root):
    """A signature of "the document", without an ID."""
    idp.signed(root)
    one(root, "//ds:Reference").set("URI", "")
    return root


def hmac_of_the_public_key(idp, pairs, root):
    """What everybody knows is no secret: were it taken for one, anybody could sign."""
    idp.signed(root)
    one(root, "//ds:SignatureMethod").set(
        "Algorithm", "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"
    )
    return root


def brings_its_own_key(idp, pairs, root):
    """A signature that says by which certificate it is to be checked."""
    saml_idp.sign(one(root, "saml:Assertion"), pairs["stranger"])
    signature = one(root, "//ds:Signature")
    info = etree.SubElement(signature, tag("ds:KeyInfo"))
    data = etree.SubElement(info, tag("ds:X509Data"))
    certificate = pairs["stranger"].certificate.decode().splitlines()[1:-1]
    etree.SubElement(data, tag("ds:X509Certificate")).text = "".join(certificate)
    return root


def a_transform_more(idp, pairs, root):
    """One that leaves something out of what is signed (XPath, XSLT)."""
    idp.signed(root)
    path = "http://www.w3.org/TR/1999/REC-xpath-19991116"
    transforms = one(root, "//ds:Transforms")
    more = etree.SubElement(transforms, tag("ds:Transform"), Algorithm=path)
    etree.SubElement(more, tag("ds:XPath")).text = "not(ancestor-or-self::*)"
    return root


FORGED = {
    hmac_of_the_public_key: "weak signature",
    brings_its_own_key: "invalid signature",
    a_transform_more: "transforms",
    unsigned: "no signed assertion",
    signed_by_a_stranger: "invalid signature",
    signed_by_our_key: "invalid signature",
    only_the_message_signed: "no signed assertion",
    sha1: "weak signature",
    sha1_of_the_content: "weak signature",
    changed_afterwards: "invalid signature",
    message_of_a_stranger: "invalid signature",
    whole_document: "signature of another element",
}


@pytest.mark.parametrize("how", FORGED, ids=lambda how: how.__name__)
def test_a_forged_signature_is_refused(idp, pairs, person, caplog, how):
    client = Client()
    root = how(idp, pairs, idp.answer(away(client), email=person.email))
    must_be_refused(client, post(client, root), why=FORGED[how], caplog=caplog)


# --- Wrapped signatures: Somorovsky et al., "On Breaking SAML" (2012), XSW 1 to 8 -----------------
# Each has the assertion that was signed, and one of the attacker's, of another subject.


def evil_of(root):
    evil = copy.deepcopy(one(root, "saml:Assertion"))
    for signature in found(evil, "ds:Signature"):
        evil.remove(signature)
    one(evil, "saml:Subject/saml:NameID").text = "en-anden"
    return evil


def xsw1(root):
    """The message's signature holds the message that was signed; around it is another one."""
    evil = copy.deepcopy(root)
    signature = one(evil, "ds:Signature")
    kept = copy.deepcopy(root)
    kept.remove(one(kept, "ds:Signature"))
    signature.append(kept)
    one(evil, "saml:Assertion/saml:Subject/saml:NameID").text = "en-anden"
    evil.set("ID", "_ond")
    return evil


def xsw2(root):
    """The same, beside the signature."""
    evil = copy.deepcopy(root)
    kept = copy.deepcopy(root)
    kept.remove(one(kept, "ds:Signature"))
    evil.insert(1, kept)
    one(evil, "saml:Assertion/saml:Subject/saml:NameID").text = "en-anden"
    evil.set("ID", "_ond")
    return evil


def xsw3(root):
    """The attacker's assertion before the one that was signed."""
    evil = evil_of(root)
    evil.set("ID", "_ond")
    root.insert(list(root).index(one(root, "saml:Assertion")), evil)
    return root


def xsw4(root):
    """The one that was signed inside the attacker's."""
    evil, kept = evil_of(root), one(root, "saml:Assertion")
    evil.set("ID", "_ond")
    root.replace(kept, evil)
    evil.append(kept)
    return root


def xsw5(root):
    """The attacker's has the signature; the one that was signed follows, without it."""
    kept = one(root, "saml:Assertion")
    evil = evil_of(root)
    evil.set("ID", "_ond")
    evil.insert(1, one(kept, "ds:Signature"))
    root.replace(kept, evil)
    root.append(kept)
    return root


def xsw6(root):
    """The one that was signed inside the signature of the attacker's."""
    kept = one(root, "saml:Assertion")
    evil, signature = evil_of(root), one(kept, "ds:Signature")
    evil.set("ID", "_ond")
    evil.insert(1, signature)
    root.replace(kept, evil)
    signature.append(kept)
    return root


def xsw7(root):
    """The attacker's inside an extension, where the schema takes anything."""
    extension = etree.Element(tag("samlp:Extensions"))
    extension.append(evil_of(root))
    root.insert(1, extension)
    return root


def xsw8(root):
    """The one that was signed inside an object of the attacker's signature."""
    kept = one(root, "saml:Assertion")
    evil, signature = evil_of(root), one(kept, "ds:Signature")
    root.replace(kept, evil)
    evil.insert(1, signature)
    etree.SubElement(signature, tag("ds:Object")).append(kept)
    return root


def same_id(root):
    """Two assertions with the ID that was signed."""
    root.append(evil_of(root))
    return root


def evil_encrypted(root):
    """The attacker's comes encrypted, for which our certificate suffices."""
    own = saml_idp.CERTIFICATES["own"]
    other = copy.deepcopy(root)
    other.replace(one(other, "saml:Assertion"), evil_of(root))
    root.append(one(saml_idp.encrypt(other, own), "saml:EncryptedAssertion"))
    return root


def encrypted(wrap):
    """Wrapped first, and all of it encrypted then: nothing can be seen before it is opened."""

    def change(root):
        root = wrap(root)
        for assertion in found(root, "saml:Assertion"):
            alone = copy.deepcopy(root)
            for each in found(alone, "saml:Assertion"):
                alone.remove(each)
            alone.append(copy.deepcopy(assertion))
            saml_idp.encrypt(alone, saml_idp.CERTIFICATES["own"])
            root.replace(assertion, found(alone, "saml:EncryptedAssertion")[-1])
        return root

    change.__name__ = f"{wrap.__name__}_encrypted"
    return change


def written_with_entities(root):
    """What is encrypted declares entities, for a parser that would read a file by them."""
    own = saml_idp.CERTIFICATES["own"]
    saml_idp.encrypt(root, own)
    around = one(root, "saml:EncryptedAssertion")
    for old in list(around):
        around.remove(old)
    written = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>'
    around.append(saml_idp.encrypted_text(around, own, written))
    return root


WRAPPED = [*map(encrypted, (xsw3, xsw4, xsw5, xsw6, xsw7, xsw8, same_id)), written_with_entities]
WRAPPED += [xsw1, xsw2, xsw3, xsw4, xsw5, xsw6, xsw7, xsw8, same_id, evil_encrypted]


@pytest.mark.parametrize("wrap", WRAPPED, ids=lambda wrap: wrap.__name__)
def test_a_wrapped_signature_is_refused(idp, pairs, person, make_user, facility, caplog, wrap):
    victim = make_user(Role.MANAGER, facility=facility)
    SocialAccount.objects.create(user=victim, provider=saml.PROVIDER_ID, uid="en-anden")
    saml_idp.CERTIFICATES["own"] = pairs["own"].certificate
    client = Client()
    root = idp.answer(away(client), email=person.email)
    root = wrap(idp.signed(root, message=wrap in (xsw1, xsw2)))
    answer = post(client, root)
    assert 400 <= answer.status_code < 500
    assert DID_NOT_WORK in answer.content.decode()
    assert is_in(client) is None
    assert SocialAccount.objects.count() == 1
    assert AuditEntry.objects.filter(kind=AuditKind.LOG_IN_FAILED).count() == 1


def test_weak_encryption_is_refused(idp, person, pairs, caplog):
    client = Client()
    root = idp.signed(idp.answer(away(client), email=person.email))
    saml_idp.encrypt(root, pairs["own"].certificate)
    for method in found(root, "//xenc:EncryptedKey/xenc:EncryptionMethod"):
        method.set("Algorithm", "http://www.w3.org/2001/04/xmlenc#rsa-1_5")
    must_be_refused(client, post(client, root), why="weak encryption", caplog=caplog)


def test_what_was_encrypted_for_somebody_else_is_refused(idp, person, pairs, caplog):
    client = Client()
    root = idp.signed(idp.answer(away(client), email=person.email))
    saml_idp.encrypt(root, pairs["stranger"].certificate)
    answer = post(client, root)
    must_be_refused(client, answer, why="not for our key", caplog=caplog)


BROKEN = {
    "no message": (None, "XMLSyntaxError"),
    "no base64": ("æ%", "base64"),
    "no XML": (encoded(b"hej"), "XMLSyntaxError"),
    "another encoding": (encoded("<a/>".encode("utf-16")), "encoding"),
    "a document type": (
        encoded(b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
        "document type",
    ),
    "a bomb": (
        encoded(b'<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><a>&c;</a>'),
        "document type",
    ),
    "another message": (encoded(b"<a/>"), "status"),
    "too long": ("A" * 500_000, "too long"),
    "very deep": (encoded(b"<a>" * 5000 + b"</a>" * 5000), "XMLSyntaxError"),
}


@pytest.mark.parametrize("how", BROKEN)
def test_what_is_no_answer_is_refused(idp, person, caplog, how):
    sent, why = BROKEN[how]
    client = Client()
    away(client)
    answer = client.post(ACS, {} if sent is None else {"SAMLResponse": sent})
    must_be_refused(client, answer, why=why, caplog=caplog)


def test_no_words_of_a_message_are_logged(idp, person, caplog):
    client = Client()
    root = idp.answer(away(client), email=person.email, subject="hemmeligt-navn")
    text("//saml:Audience", "hemmelig-modtager")(root)
    post(client, idp.signed(root))
    written = " ".join(str(vars(one)) for one in caplog.records)
    assert "SAML refused" in written
    for word in (person.email, "hemmeligt-navn", "hemmelig-modtager", "SAMLResponse"):
        assert word not in written


def given_up(root):
    code = one(root, "/samlp:Response/samlp:Status/samlp:StatusCode")
    code.set("Value", "urn:oasis:names:tc:SAML:2.0:status:Responder")
    inner = "urn:oasis:names:tc:SAML:2.0:status:AuthnFailed"
    etree.SubElement(code, tag("samlp:StatusCode"), Value=inner)
    return root


def test_who_gives_up_there_is_told_so_and_is_no_attack(idp, person):
    client = Client()
    root = given_up(idp.answer(away(client)))
    page = Client().post(ACS, {"SAMLResponse": encoded(root)}, follow=True)
    assert "Du er ikke logget ind" in page.content.decode()
    assert not AuditEntry.objects.filter(kind=AuditKind.LOG_IN_FAILED).exists()


def test_answers_that_are_none_come_to_an_end(idp, settings):
    """Each costs a check of signatures, and leaves an entry."""
    settings.RATE_LIMITS = True
    assert READ["saml_sls"] == READ["saml_finish_acs"] == WRITE["saml_acs"] == WAYS_IN
    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(WRITE, "saml_acs", Limit("ways-in", 3, 60, ""))
        codes = [Client().post(ACS, {"SAMLResponse": "x"}).status_code for _one in range(4)]
    assert codes == [401, 401, 401, 429]
    assert AuditEntry.objects.filter(kind=AuditKind.LOG_IN_FAILED).count() == 3


# --- Whose browser it is --------------------------------------------------------------------------


def test_an_answer_counts_once(idp, person, caplog):
    client = Client()
    root = idp.signed(idp.answer(away(client), email=person.email))
    post(client, root)
    assert is_in(client) == person
    client.post("/konto/logout/")
    SocialAccount.objects.all().delete()
    must_be_refused(client, post(client, root), why="shown before", caplog=caplog)


def test_a_waiting_answer_is_there_once(idp, person):
    client = Client()
    root = idp.signed(idp.answer(away(client), email=person.email))
    post(client, root)
    client.post("/konto/logout/")
    assert client.get(f"{ACS}finish/").status_code == 401
    assert is_in(client) is None


def test_an_answer_to_another_browser_is_refused(idp, person, caplog):
    """Somebody has the victim's browser post an answer of their own: log-in CSRF."""
    victim, attacker = Client(), Client()
    away(victim)
    root = idp.signed(idp.answer(away(attacker), email=person.email))
    answer = post(victim, root)
    must_be_refused(victim, answer, why="no request of this browser", caplog=caplog)


def test_what_nobody_asked_for_is_refused(idp, person, caplog):
    """Log-in that begins at the organisation."""
    client = Client()
    root = idp.answer(away(Client()), email=person.email)
    for path in ("/samlp:Response", DATA):
        one(root, path).set("InResponseTo", "_ukendt")
    answer = post(client, idp.signed(root))
    must_be_refused(client, answer, why="no request of this browser", caplog=caplog)


def test_an_answer_that_comes_too_late_is_refused(idp, person, clock):
    client = Client()
    root = idp.signed(idp.answer(away(client), email=person.email))
    clock.shift(dt.timedelta(minutes=7))
    assert DID_NOT_WORK in post(client, root).content.decode()
    assert is_in(client) is None


def test_asking_whether_the_portal_is_there_sends_nobody_away(idp, client):
    """The script does so before it lets the form go; of another site it would hear nothing."""
    assert client.options(START).status_code == 405


def test_roles_follow_the_groups_that_it_tells(idp, person, settings, facility):
    group = "http://schemas.xmlsoap.org/claims/Group"
    settings.LOGIN_ROLES_CLAIM = group
    place = {"facility": facility.slug}
    settings.LOGIN_ROLES = [{"value": "KRAMS leder", "role": "manager"} | place]
    log_in(idp, person, **{group: "KRAMS leder"})
    assert {one.role for one in person.memberships.valid_on()} == {Role.STAFF, Role.MANAGER}
    log_in(idp, person)
    assert {one.role for one in person.memberships.valid_on()} == {Role.STAFF}


# --- Off, away, and no other way in ---------------------------------------------------------------


PATHS = ("login/", "acs/", "acs/finish/", "sls/", "metadata/")


def test_no_address_leads_to_what_is_less_strict():
    """allauth has views of its own at the same addresses."""
    for path in PATHS:
        view = resolve(PLACE + path).func
        assert getattr(view, "view_class", view).__module__ == "krams.log_in.views.saml", path


@pytest.mark.parametrize("path", PATHS)
def test_where_it_is_off_there_is_nothing(client, person, path):
    for place in (PLACE, "/konto/saml/en-anden/"):
        assert client.get(place + path).status_code in (404, 405)
        assert client.post(place + path).status_code in (404, 405)
    assert client.get(PLACE + path).status_code == (405 if path == "acs/" else 404)
    assert client.post(f"{PLACE}acs/").status_code == 404


def test_its_second_step_counts_where_the_setting_says_so(idp, make_user, facility, settings):
    settings.REQUIRE_SECOND_STEP = settings.OIDC_SECOND_STEP = True
    manager = make_user(Role.MANAGER, facility=facility)
    client = log_in(idp, manager)
    assert client.get("/konto/indstillinger/").url == "/konto/andet-trin/"
    settings.SAML_SECOND_STEP = True
    assert is_in(client) == manager


def test_without_passwords_it_is_the_only_way_in(idp, person, settings):
    settings.PASSWORD_LOGIN = False
    client = Client()
    page = client.get("/konto/login/").content.decode()
    assert "Log ind med kommunens login" in page
    assert "password" not in page
    client.post("/konto/login/", {"login": person.email, "password": PASSWORD})
    assert is_in(client) is None
    assert is_in(log_in(idp, person)) == person


# --- Asked once more who one is; test_again.py has what is the same by OpenID Connect -------------

AGAIN, ADDING = f"{PLACE}login/?process=again", "/konto/2fa/webauthn/add/"


def ask(client, **fields) -> str:
    return client.post(AGAIN, fields).url


def test_who_has_no_password_is_asked_there_anew_and_goes_on(idp, person):
    client = log_in(idp, person)
    assert idp.asked(away(client)).force_authn != "true"
    asked = client.get(ADDING)
    assert asked.url.startswith("/konto/reauthenticate/organisation/?next=")
    assert PLACE in client.get(asked.url).content.decode()
    there = ask(client, next=ADDING)
    assert idp.asked(there).force_authn == "true"
    before = client.session.session_key
    page = post(client, idp.signed(idp.answer(there, index="s2")))
    assert (page.redirect_chain[-1][0], page.status_code) == (ADDING, 200)
    assert client.session.session_key != before
    # The organisation ends it by the name that it has there now.
    assert client.get(idp.leave(PORTAL + SLS, "a1", "s2")).status_code == 302
    assert is_in(client) is None


def test_another_persons_answer_opens_nothing_and_ends_nothing(idp, person, caplog):
    client = log_in(idp, person)
    page = post(client, idp.signed(idp.answer(ask(client), email=person.email, subject="b2")))
    assert page.status_code == 403
    assert "hører til en anden konto" in page.content.decode()
    assert is_in(client) == person
    assert client.get(ADDING).status_code == 302
    assert [one.uid for one in SocialAccount.objects.all()] == ["a1"]
    line = next(one for one in caplog.records if one.message == "not confirmed")
    assert line.reason == "another_account"


@pytest.mark.parametrize(("minutes", "opens"), [(-30, False), (-1, True)])
def test_who_was_logged_in_there_already_has_not_been_asked(idp, person, minutes, opens):
    client = log_in(idp, person)
    root = idp.answer(ask(client))
    the("//saml:AuthnStatement", AuthnInstant=at(minutes))(root)
    page = post(client, idp.signed(root))
    assert page.status_code == (200 if opens else 403)
    assert (client.get(ADDING).status_code == 200) is opens
    assert is_in(client) == person


def test_who_gives_up_when_asked_again_is_still_logged_in(idp, person):
    client = log_in(idp, person)
    root = given_up(idp.answer(ask(client)))
    answer = Client().post(ACS, {"SAMLResponse": encoded(root)})
    assert "Din konto er ikke ændret." in client.get(answer.url).content.decode()
    assert is_in(client) == person


# --- Logging out ----------------------------------------------------------------------------------


def test_logging_out_here_logs_out_there(idp, person):
    client = log_in(idp, person, index='s1"<&')
    there = client.post("/konto/logout/")
    assert there.status_code == 302
    assert there.url.startswith(f"{BASE}/slo?")
    assert "storage" in there.headers["Clear-Site-Data"]
    assert is_in(client) is None
    page = client.get(idp.left(there.url, PORTAL + SLS), follow=True)
    assert "Du er også logget ud" in page.content.decode()
    # It counts once.
    assert client.get(idp.left(there.url, PORTAL + SLS)).status_code == 400


def test_what_is_asked_of_it_names_the_log_in(idp, person):
    client = log_in(idp, person, index="s7")
    there = client.post("/konto/logout/").url
    request = idp.leaving(there)
    assert request.name_id.text == "a1"
    assert request.session_index[0].text == "s7"
    assert request.issuer.text == f"{PORTAL}{PLACE}metadata/"


def test_who_came_by_password_is_not_sent_there(idp, person):
    client = Client()
    client.post("/konto/login/", {"login": person.email, "password": PASSWORD})
    assert is_in(client) == person
    assert client.post("/konto/logout/").url == "/konto/login/"


def test_logging_out_there_ends_that_log_in_and_no_other(idp, person, make_user, facility):
    work, home = log_in(idp, person, index="s1"), log_in(idp, person, index="s2")
    other = make_user(Role.STAFF, facility=facility)
    others = log_in(idp, other, subject="b2", index="s1")
    # It goes through some browser, which need not be the one.
    answer = Client().get(idp.leave(PORTAL + SLS, "a1", "s1"))
    assert answer.status_code == 302
    assert answer.url.startswith(f"{BASE}/slo?")
    told = idp.told(answer.url)
    assert told.status.status_code.value.endswith(":Success")
    assert parse_qs(urlsplit(answer.url).query)["RelayState"] == ["til"]
    assert [is_in(one) for one in (work, home, others)] == [None, person, other]
    entry = AuditEntry.objects.filter(kind=AuditKind.LOG_OUT).get()
    assert (entry.about, entry.details) == (f"account:{person.pk}", {"reason": "organisation"})


def test_without_a_session_it_ends_all_of_the_person(idp, person):
    clients = [log_in(idp, person, index=index) for index in ("s1", "s2")]
    by_password = Client()
    by_password.force_login(User.objects.get(pk=person.pk))
    Client().get(idp.leave(PORTAL + SLS, "a1"))
    assert [is_in(one) for one in clients] == [None, None]
    assert is_in(by_password) == person
    assert LogIn.objects.get().user == person


def test_the_browser_that_brings_it_keeps_nothing(idp, person):
    client = log_in(idp, person)
    answer = client.get(idp.leave(PORTAL + SLS, "a1", "s1"))
    assert answer.status_code == 302
    assert "storage" in answer.headers["Clear-Site-Data"]
    assert is_in(client) is None
    assert Session.objects.count() == 0 or SESSION_KEY not in client.session


def test_a_log_in_that_got_another_key_is_ended_too(idp, person):
    client = log_in(idp, person)
    session = client.session
    before = session.session_key
    session.cycle_key()
    session.save()
    client.cookies["sessionid"] = session.session_key
    assert session.session_key != before
    assert is_in(client) == person
    Client().get(idp.leave(PORTAL + SLS, "a1", "s1"))
    assert is_in(client) is None


def forged_leaves(idp, pairs):
    """Address -> why it is refused. A person could be logged out by whoever likes to."""
    good = idp.leave(PORTAL + SLS, "a1", "s1")
    start, _question, query = good.partition("?")
    request, relay, algorithm, signature = query.split("&")
    sha1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1"
    evil = idp.leave(PORTAL + SLS, "b2", "s1").partition("?")[2].split("&")[0]
    leave = idp.leave
    return {
        "unsigned": (f"{start}?{request}", "not signed"),
        "no signature": (f"{start}?{request}&{relay}&{algorithm}", "not signed"),
        "stranger": (leave(PORTAL + SLS, "a1", "s1", pair=pairs["stranger"]), "signature"),
        "our key": (leave(PORTAL + SLS, "a1", "s1", pair=pairs["own"]), "signature"),
        "relay state": (f"{start}?{request}&RelayState=ond&{algorithm}&{signature}", "signature"),
        "another message": (f"{start}?{evil}&{relay}&{algorithm}&{signature}", "signature"),
        "sha1": (leave(PORTAL + SLS, "a1", "s1", algorithm=sha1), "weak signature"),
        "two messages": (f"{good}&{evil}", "parts of the address"),
        "hidden message": (
            f"{good}&{evil.replace('SAMLRequest', '%53AMLRequest')}",
            "parts of the address",
        ),
        "expired": (leave(PORTAL + SLS, "a1", "s1", NotOnOrAfter=at(-2)), "expired"),
        "old": (leave(PORTAL + SLS, "a1", "s1", IssueInstant=at(-8)), "expired"),
        "of the future": (leave(PORTAL + SLS, "a1", "s1", IssueInstant=at(2)), "expired"),
        "destination": (leave(PORTAL + SLS, "a1", "s1", Destination="https://b/"), "destination"),
        "issuer": (leave(PORTAL + SLS, "a1", "s1", issuer="https://ond.example"), "issuer"),
        "nonsense": (f"{start}?SAMLRequest=a&{algorithm}&{signature}", "signature"),
        "nothing": (start, "parts of the address"),
    }


LEAVES = (
    *("unsigned", "no signature", "stranger", "our key", "relay state", "another message", "sha1"),
    *("two messages", "hidden message", "expired", "old", "of the future", "destination"),
    *("issuer", "nonsense", "nothing"),
)


@pytest.mark.parametrize("how", LEAVES)
def test_a_forged_log_out_is_refused(idp, pairs, person, caplog, how):
    client = log_in(idp, person)
    address, why = forged_leaves(idp, pairs)[how]
    answer = client.get(address)
    assert answer.status_code == 400
    assert "Det lykkedes ikke at logge ud" in answer.content.decode()
    assert [one.reason for one in caplog.records if one.message == "SAML refused"] == [why]
    assert is_in(client) == person


@pytest.mark.parametrize("name", [" ", "\n"])
def test_a_log_out_that_names_nobody_ends_nothing(idp, person, caplog, name):
    clients = [log_in(idp, person), Client()]
    clients[1].force_login(User.objects.get(pk=person.pk))
    assert Client().get(idp.leave(PORTAL + SLS, name)).status_code == 400
    assert [one.reason for one in caplog.records if one.message == "SAML refused"] == ["no name"]
    assert [is_in(one) for one in clients] == [person, person]


def test_a_log_out_counts_once(idp, person):
    address = idp.leave(PORTAL + SLS, "a1", "s1")
    assert Client().get(address).status_code == 302
    assert Client().get(address).status_code == 400


def test_a_bomb_in_an_address_is_refused(idp, pairs, person, caplog):
    root = etree.Element(tag("samlp:LogoutRequest"))
    root.text = "a" * 2_000_000
    query = saml_idp.signed_query("SAMLRequest", root, pairs["idp"])
    assert len(query) < 4_000
    assert Client().get(f"{SLS}?{query}").status_code == 400
    assert [one.reason for one in caplog.records if one.message == "SAML refused"] == ["too long"]


@pytest.mark.parametrize("how", ["stranger", "answers another"])
def test_a_forged_answer_to_our_log_out_is_refused(idp, pairs, person, how):
    client = log_in(idp, person)
    there = client.post("/konto/logout/").url
    changes = {"InResponseTo": "_x"} if how == "answers another" else {}
    pair = pairs["stranger"] if how == "stranger" else None
    address = idp.left(there, PORTAL + SLS, pair=pair, **changes)
    assert client.get(address).status_code == 400

"""An identity provider for the tests of SAML: pysaml2's, with keys of its own.

It reads our metadata, checks the signatures of what we ask, and makes its answers; what an attacker
would send is one of them, changed. pysaml2 signs with a program that Debian packs; here its place
takes the library that the portal has anyway.
"""

import base64
import datetime as dt
import uuid
import zlib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, quote_plus, urlsplit

import saml2.samlp
import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID
from lxml import etree
from saml2 import BINDING_HTTP_REDIRECT, sigver
from saml2.config import IdPConfig
from saml2.saml import NAMEID_FORMAT_PERSISTENT, NameID
from saml2.server import Server

NAMES = {
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "xenc": "http://www.w3.org/2001/04/xmlenc#",
}
EMAIL = "https://data.gov.dk/model/core/eid/email"
NSIS = "https://data.gov.dk/concept/core/nsis/loa"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
PASSWORD = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"


# What an attacker has: certificates are public.
CERTIFICATES: dict[str, bytes] = {}


@dataclass(frozen=True)
class Pair:
    """A key and its certificate, as PEM and in files."""

    key_file: str
    certificate_file: str

    @property
    def key(self) -> bytes:
        return Path(self.key_file).read_bytes()

    @property
    def certificate(self) -> bytes:
        return Path(self.certificate_file).read_bytes()


def make_pair(folder: Path, name: str, *, bits: int = 2048, days: int = 3650) -> Pair:
    key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    begin = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + dt.timedelta(days=days))
        .sign(key, hashes.SHA256())
    )
    pair = Pair(str(folder / f"{name}.key"), str(folder / f"{name}.crt"))
    form = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    Path(pair.key_file).write_bytes(key.private_bytes(*form))
    Path(pair.certificate_file).write_bytes(certificate.public_bytes(Encoding.PEM))
    return pair


def metadata(base: str, pair: Pair) -> bytes:
    """What the provider at ``base`` says of itself."""
    der = "".join(pair.certificate.decode().splitlines()[1:-1])
    return f"""<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata"
        xmlns:ds="{NAMES["ds"]}" entityID="{base}/idp">
      <md:IDPSSODescriptor WantAuthnRequestsSigned="true"
          protocolSupportEnumeration="{NAMES["samlp"]}">
        <md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>
          {der}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
        <md:SingleLogoutService Binding="{BINDING_HTTP_REDIRECT}" Location="{base}/slo"/>
        <md:SingleSignOnService Binding="{BINDING_HTTP_REDIRECT}" Location="{base}/sso"/>
      </md:IDPSSODescriptor>
    </md:EntityDescriptor>""".encode()


class NoProgram(sigver.CryptoBackend):
    """pysaml2 asks for a program of this kind; the messages here are signed below."""

    version = "1.3.0"


class Provider:
    """``base`` is its address, ``portal`` the metadata of ours."""

    def __init__(self, base: str, pair: Pair, portal: bytes):
        self.base, self.pair = base, pair
        config = IdPConfig()
        # What it would sign XML with.
        sigver.CryptoBackendXMLSecurity = NoProgram
        service = {
            "endpoints": {
                "single_sign_on_service": [(f"{base}/sso", BINDING_HTTP_REDIRECT)],
                "single_logout_service": [(f"{base}/slo", BINDING_HTTP_REDIRECT)],
            },
            "want_authn_requests_signed": True,
            "policy": {"default": {"lifetime": {"minutes": 5}, "attribute_restrictions": None}},
        }
        config.load(
            {
                "entityid": f"{base}/idp",
                "service": {"idp": service},
                "key_file": pair.key_file,
                "cert_file": pair.certificate_file,
                "crypto_backend": "XMLSecurity",
                "metadata": {"inline": [portal.decode()]},
            }
        )
        self.server = Server(config=config)
        self.server.sec.sec_backend = sigver.RSACrypto(load_pem_private_key(pair.key, None))

    @property
    def entity_id(self) -> str:
        return f"{self.base}/idp"

    def asked(self, address: str):
        """What we ask, its signature checked. Raises where that is not ours."""
        return self.server.parse_authn_request(
            binding=BINDING_HTTP_REDIRECT, **parts_of(address, "SAMLRequest", "enc_request")
        ).message

    def answer(
        self,
        address: str,
        *,
        email: str = "",
        subject: str = "a1",
        index: str = "s1",
        **attributes: str,
    ) -> etree._Element:
        """An answer to what we ask at ``address``, unsigned: change it, then ``signed``."""
        request = self.asked(address)
        name = NameID(
            format=NAMEID_FORMAT_PERSISTENT,
            text=subject,
            sp_name_qualifier=request.issuer.text.strip(),
            name_qualifier=self.entity_id,
        )
        made = self.server.create_authn_response(
            {},
            in_response_to=request.id,
            destination=request.assertion_consumer_service_url,
            sp_entity_id=request.issuer.text.strip(),
            name_id=name,
            authn={"class_ref": PASSWORD},
            session_not_on_or_after=None,
            sign_assertion=False,
            sign_response=False,
        )
        root = etree.fromstring(str(made).encode())
        assertion = one(root, "saml:Assertion")
        one(assertion, "saml:AuthnStatement").set("SessionIndex", index)
        for statement in found(assertion, "saml:AttributeStatement"):
            assertion.remove(statement)
        if told := ({EMAIL: email} if email else {}) | attributes:
            add_attributes(assertion, told)
        return root

    def signed(self, root: etree._Element, *, message: bool = False, **how) -> etree._Element:
        """Its assertion signed, and with ``message`` the answer around it too."""
        sign(one(root, "saml:Assertion"), self.pair, **how)
        if message:
            sign(root, self.pair, **how)
        return root

    def leave(
        self,
        destination: str,
        subject: str,
        *indexes: str,
        pair: Pair | None = None,
        issuer: str = "",
        algorithm: str = RSA_SHA256,
        **changes: str,
    ) -> str:
        """The address by which it logs somebody out."""
        _request_id, request = self.server.create_logout_request(
            destination,
            self.entity_id,
            name_id=NameID(format=NAMEID_FORMAT_PERSISTENT, text=subject),
            session_indexes=list(indexes),
        )
        root = etree.fromstring(str(request).encode())
        root.set("ID", f"_{uuid.uuid4().hex}")
        if issuer:
            one(root, "saml:Issuer").text = issuer
        for name, value in changes.items():
            root.set(name, value)
        query = signed_query("SAMLRequest", root, pair or self.pair, algorithm=algorithm)
        return f"{destination}?{query}"

    def leaving(self, address: str):
        """Our request to log somebody out, its signature checked."""
        return self.server.parse_logout_request(
            binding=BINDING_HTTP_REDIRECT, **parts_of(address, "SAMLRequest", "xmlstr")
        ).message

    def told(self, address: str):
        """Our answer to its log-out, its signature checked: pysaml2 does so for requests alone."""
        sent = parts_of(address, "SAMLResponse", "SAMLResponse")
        message = {"SAMLResponse": sent["SAMLResponse"], "RelayState": sent["relay_state"]}
        message |= {"SigAlg": sent["sigalg"], "Signature": sent["signature"]}
        [(_name, certificate), *_more] = self.server.metadata.certs(
            next(iter(self.server.metadata.keys())), "spsso", "signing"
        )
        assert sigver.verify_redirect_signature(message, self.server.sec.sec_backend, certificate)
        return saml2.samlp.logout_response_from_string(
            zlib.decompress(base64.b64decode(sent["SAMLResponse"]), -15)
        )

    def left(self, address: str, destination: str, *, pair: Pair | None = None, **changes) -> str:
        """The address that answers our log-out at ``address``, its signature checked."""
        request = self.leaving(address)
        made = self.server.create_logout_response(request, [BINDING_HTTP_REDIRECT], sign=False)
        root = etree.fromstring(str(made).encode())
        root.set("Destination", destination)
        for name, value in changes.items():
            root.set(name, value)
        return f"{destination}?{signed_query('SAMLResponse', root, pair or self.pair)}"


def parts_of(address: str, part: str, name: str) -> dict[str, str | None]:
    """Of an address, as pysaml2 takes them: the message under ``name``."""
    query = parse_qs(urlsplit(address).query, keep_blank_values=True)
    sent = {key: values[0] for key, values in query.items()}
    return {
        name: sent[part],
        "relay_state": sent.get("RelayState"),
        "sigalg": sent["SigAlg"],
        "signature": sent["Signature"],
    }


def found(element: etree._Element, path: str) -> list:
    return element.xpath(path, namespaces=NAMES)


def one(element: etree._Element, path: str) -> etree._Element:
    [node] = found(element, path)
    return node


def tag(name: str) -> str:
    prefix, _colon, local = name.partition(":")
    return f"{{{NAMES[prefix]}}}{local}"


def add_attributes(assertion: etree._Element, told: dict[str, str]) -> None:
    statement = etree.SubElement(assertion, tag("saml:AttributeStatement"))
    for name, value in told.items():
        node = etree.SubElement(statement, tag("saml:Attribute"), Name=name)
        etree.SubElement(node, tag("saml:AttributeValue")).text = value


def sign(
    element: etree._Element,
    pair: Pair,
    *,
    method=xmlsec.constants.TransformRsaSha256,
    digest=xmlsec.constants.TransformSha256,
) -> None:
    """Enveloped, as saml-core-2.0, section 5 has it."""
    signature = xmlsec.template.create(element, xmlsec.constants.TransformExclC14N, method, ns="ds")
    element.insert(1, signature)
    reference = xmlsec.template.add_reference(signature, digest, uri="#" + element.get("ID"))
    xmlsec.template.add_transform(reference, xmlsec.constants.TransformEnveloped)
    xmlsec.template.add_transform(reference, xmlsec.constants.TransformExclC14N)
    xmlsec.tree.add_ids(element, ["ID"])
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(pair.key, xmlsec.constants.KeyDataFormatPem)
    context.sign(signature)


def encrypt(
    root: etree._Element,
    certificate: bytes,
    *,
    content=xmlsec.constants.TransformAes256Cbc,
    key=xmlsec.constants.TransformRsaOaep,
) -> etree._Element:
    """The assertion for who has the key of ``certificate``."""
    assertion = one(root, "saml:Assertion")
    around = etree.Element(tag("saml:EncryptedAssertion"))
    root.replace(assertion, around)
    around.append(assertion)
    data = xmlsec.template.encrypted_data_create(
        around, content, type=xmlsec.constants.TypeEncElement, ns="xenc"
    )
    xmlsec.template.encrypted_data_ensure_cipher_value(data)
    info = xmlsec.template.encrypted_data_ensure_key_info(data, ns="ds")
    xmlsec.template.encrypted_data_ensure_cipher_value(xmlsec.template.add_encrypted_key(info, key))
    manager = xmlsec.KeysManager()
    manager.add_key(xmlsec.Key.from_memory(certificate, xmlsec.constants.KeyDataFormatCertPem))
    context = xmlsec.EncryptionContext(manager)
    context.key = xmlsec.Key.generate(
        xmlsec.constants.KeyDataAes, 256, xmlsec.constants.KeyDataTypeSession
    )
    context.encrypt_xml(data, assertion)
    return root


def encrypted_text(around: etree._Element, certificate: bytes, written: bytes) -> etree._Element:
    """Anything that calls itself an element, for who has the key of ``certificate``."""
    constants = xmlsec.constants
    data = xmlsec.template.encrypted_data_create(
        around, constants.TransformAes256Cbc, type=constants.TypeEncElement, ns="xenc"
    )
    xmlsec.template.encrypted_data_ensure_cipher_value(data)
    info = xmlsec.template.encrypted_data_ensure_key_info(data, ns="ds")
    key = xmlsec.template.add_encrypted_key(info, constants.TransformRsaOaep)
    xmlsec.template.encrypted_data_ensure_cipher_value(key)
    manager = xmlsec.KeysManager()
    manager.add_key(xmlsec.Key.from_memory(certificate, constants.KeyDataFormatCertPem))
    context = xmlsec.EncryptionContext(manager)
    context.key = xmlsec.Key.generate(constants.KeyDataAes, 256, constants.KeyDataTypeSession)
    return context.encrypt_binary(data, written)


def encoded(root: etree._Element | bytes) -> str:
    written = root if isinstance(root, bytes) else etree.tostring(root)
    return base64.b64encode(written).decode()


def signed_query(
    part: str,
    root: etree._Element,
    pair: Pair,
    *,
    algorithm: str = RSA_SHA256,
    relay_state: str | None = "til",
) -> str:
    """The address's part after "?", signed as a whole (saml-bindings-2.0, section 3.4.4.1)."""
    deflated = zlib.compress(etree.tostring(root))[2:-4]
    parts = {part: base64.b64encode(deflated).decode()}
    if relay_state is not None:
        parts["RelayState"] = relay_state
    parts["SigAlg"] = algorithm
    query = "&".join(f"{name}={quote_plus(value)}" for name, value in parts.items())
    key = load_pem_private_key(pair.key, password=None)
    kind = hashes.SHA1() if algorithm.endswith("sha1") else hashes.SHA256()
    signature = key.sign(query.encode(), padding.PKCS1v15(), kind)
    return f"{query}&Signature={quote_plus(base64.b64encode(signature).decode())}"

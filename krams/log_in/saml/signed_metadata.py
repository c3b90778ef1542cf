"""Whether metadata is what the organisation has signed, where the operator has named its key."""

import xmlsec
from onelogin.saml2.xml_utils import OneLogin_Saml2_XML as Xml

from ...settings.saml_metadata import BadMetadata, parsed
from . import structure
from .refused import Refused


def must_be_signed(written: bytes, certificates: list[str]) -> None:
    """By the key of one of ``certificates`` (PEM), and all of it. Raises ``BadMetadata``.

    What the signature brings along of keys is not read.
    """
    root = parsed(written)
    try:
        structure.must_be_sound(root)
    except Refused as refused:
        raise BadMetadata(f"its signature cannot be taken: {refused.why}.") from refused
    signatures = Xml.query(root, "/*/ds:Signature")
    if len(signatures) != 1:
        raise BadMetadata("it is not signed.")
    xmlsec.tree.add_ids(root, ["ID"])
    if not any(_is_signed_by(one, signatures[0]) for one in certificates):
        raise BadMetadata("it is not signed by a key of SAML_METADATA_CERTIFICATE.")


def _is_signed_by(certificate: str, signature: object) -> bool:
    context = xmlsec.SignatureContext()
    form = xmlsec.constants.KeyDataFormatCertPem
    context.key = xmlsec.Key.from_memory(certificate, form)
    try:
        context.verify(signature)
    except xmlsec.Error:
        return False
    return True

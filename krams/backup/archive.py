"""The file of a backup: a tar with ``manifest.json`` and the database, encrypted as age does it.

The manifest stands first and says what the database held, so that what comes out of a restore can
be compared with it. age: https://age-encryption.org/v1
"""

import hashlib
import json
import os
import tarfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from typing import IO

import pyrage

# The first form told by weaker hashes whether rows came back; it can be restored and compared.
FORMAT, FORMATS = 2, (1, 2)
MANIFEST, ENCRYPTED = "manifest.json", ".age"
_AGE = b"age-encryption.org/v1\n"
_PORTION = 1 << 20


class BadBackup(Exception):
    """The file is no backup of ours, is damaged, or cannot be decrypted; says which."""


@dataclass(frozen=True)
class Table:
    """How many rows it has, and a checksum of all that stands in them, in whatever order."""

    rows: int
    checksum: str


@dataclass(frozen=True)
class Manifest:
    """What a backup holds.

    ``made`` is UTC as ISO 8601, ``vendor`` "sqlite" or "postgresql", ``server`` its version, and
    ``migrations`` those that had been applied, as "app.name".
    """

    made: str
    vendor: str
    server: str
    migrations: list[str]
    tables: dict[str, Table]
    format: int = FORMAT

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())


def write(path: Path, manifest: Manifest, dump: Path, recipients: Sequence[str]) -> None:
    """The backup is whole under its name, on the disk, or is not there at all.

    It is built beside ``dump``, which must be in a folder of the same disk. ``recipients`` are
    public keys of age; without one the file is not encrypted.
    """
    content = asdict(manifest) | {
        "file": dump.name,
        "bytes": dump.stat().st_size,
        "sha256": _sha256(dump),
    }
    packed = dump.with_name("packed.tar")
    with tarfile.open(packed, "w") as tar:
        text = json.dumps(content, indent=1).encode()
        member = tarfile.TarInfo(MANIFEST)
        member.size = len(text)
        tar.addfile(member, BytesIO(text))
        member = tarfile.TarInfo(dump.name)
        member.size = dump.stat().st_size
        with dump.open("rb") as file:
            tar.addfile(member, file)
    if recipients:
        keys = [pyrage.x25519.Recipient.from_str(one) for one in recipients]
        encrypted = dump.with_name("encrypted")
        with packed.open("rb") as source, encrypted.open("wb") as target:
            pyrage.encrypt_io(source, target, keys)
        packed = encrypted
    packed.chmod(0o600)
    _sync(packed)
    packed.rename(path)
    _sync(path.parent)


def read(path: Path, identities: Sequence[str], into: Path) -> tuple[Manifest, Path]:
    """The manifest, and where in the folder ``into`` the database now lies; raises BadBackup.

    ``identities`` are secret keys of age (``AGE-SECRET-KEY-1…``).
    """
    packed = _decrypted(path, identities, into)
    try:
        with tarfile.open(packed) as tar:
            content = json.loads(_member(tar, MANIFEST).read())
            if content["format"] not in FORMATS:
                raise BadBackup(f"{path} has form {content['format']}; this portal reads {FORMAT}.")
            tables = {name: Table(**one) for name, one in content["tables"].items()}
            manifest = Manifest(
                made=content["made"],
                vendor=content["vendor"],
                server=content["server"],
                migrations=content["migrations"],
                tables=tables,
                format=content["format"],
            )
            dump = into / "dump"
            with _member(tar, content["file"]) as source, dump.open("wb") as target:
                while portion := source.read(_PORTION):
                    target.write(portion)
    except (tarfile.TarError, KeyError, TypeError, ValueError, EOFError) as error:
        raise BadBackup(f"{path} is no whole backup of the portal.") from error
    if _sha256(dump) != content["sha256"]:
        raise BadBackup(f"{path} is damaged: its database is not the one that was put in.")
    return manifest, dump


def _decrypted(path: Path, identities: Sequence[str], into: Path) -> Path:
    with path.open("rb") as source:
        if source.read(len(_AGE)) != _AGE:
            return path
        source.seek(0)
        if not identities:
            raise BadBackup(f"{path} is encrypted: give the file with its secret key (--identity).")
        try:
            keys = [pyrage.x25519.Identity.from_str(one) for one in identities]
        except pyrage.IdentityError as error:
            raise BadBackup("The file given as --identity holds no secret key of age.") from error
        decrypted = into / "decrypted.tar"
        with decrypted.open("wb") as target:
            try:
                pyrage.decrypt_io(source, target, keys)
            except (pyrage.DecryptError, OSError) as error:
                raise BadBackup(
                    f"{path} cannot be decrypted: another key, or it is damaged."
                ) from error
    return decrypted


def _member(tar: tarfile.TarFile, name: str) -> IO[bytes]:
    found = tar.extractfile(name)
    if found is None:
        raise KeyError(name)
    return found


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    """Until the disk has it."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

"""How often a password may be guessed: per account, per account and address, and per address.

Counted in the shared cache, so that all processes know the same. An attempt is counted before the
password is looked at and taken back when it was right: guesses sent at once are all counted.

- An account at one address waits after five wrong passwords, twice as long after each further one.
- An account waits after twenty from wherever they come: many addresses give no more guesses. That
  keeps its person out too; a passkey, the organisation's log-in and a new password do not wait.
- An address waits when a hundred different accounts have failed there within the hour and have not
  got in since. A town hall behind one address is not locked out by one person's wrong passwords.

An e-mail address without an account is counted as others are: the answer tells nothing about it.
"""

import hashlib
import ipaddress
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypedDict

from django.core.cache import cache

FREE_AT_ONE_ADDRESS = 5
FREE_FROM_ANYWHERE = 20
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 60, 15 * 60
# What is wrong is forgotten a day after the last time.
REMEMBERED_SECONDS = 24 * 3600
MOST_ACCOUNTS_AT_AN_ADDRESS, ADDRESS_SECONDS = 100, 3600
# A lock that a killed process left behind.
LOCK_SECONDS, LOCK_TRIES = 10, 50


class Locked(Exception):
    """No password is looked at for so many ``seconds``."""

    def __init__(self, seconds: int):
        super().__init__(seconds)
        self.seconds = seconds


class Count(TypedDict):
    failed: int
    until: float


@dataclass(frozen=True)
class Keys:
    """Of the cache; hashed, since an e-mail address may hold anything and is nobody's business."""

    account: str
    pair: str
    address: str
    name: str

    @classmethod
    def of(cls, email: str, address: str) -> "Keys":
        account, place = _hash(email.strip().casefold()), _hash(whose(address))
        return cls(
            account=f"log-in:account:{account}",
            pair=f"log-in:pair:{account}:{place}",
            address=f"log-in:address:{place}",
            name=account,
        )


def begin(email: str, address: str) -> None:
    """Count an attempt that may fail. Raises ``Locked``, which counts nothing."""
    keys, now = Keys.of(email, address), time.time()
    with _locked(keys.account):
        pair, account = _count(keys.pair), _count(keys.account)
        if (until := max(pair["until"], account["until"])) > now:
            raise Locked(_seconds(until - now))
        with _locked(keys.address):
            failing = _failing(keys.address, now)
            if keys.name not in failing and len(failing) >= MOST_ACCOUNTS_AT_AN_ADDRESS:
                raise Locked(_seconds(min(failing.values()) + ADDRESS_SECONDS - now))
            failing[keys.name] = now
            cache.set(keys.address, failing, ADDRESS_SECONDS)
        _add(keys.pair, pair, FREE_AT_ONE_ADDRESS, now)
        _add(keys.account, account, FREE_FROM_ANYWHERE, now)


def succeeded(email: str, address: str) -> None:
    """Take back what failed at this address; what others tried elsewhere still counts."""
    keys, now = Keys.of(email, address), time.time()
    with _locked(keys.account):
        account = _count(keys.account)
        account["failed"] = max(0, account["failed"] - _count(keys.pair)["failed"])
        account["until"] = now + _wait(account["failed"], FREE_FROM_ANYWHERE)
        if account["failed"]:
            cache.set(keys.account, account, REMEMBERED_SECONDS)
        else:
            cache.delete(keys.account)
        cache.delete(keys.pair)
    _leave(keys, now)


def forget(email: str, address: str) -> None:
    """Who has chosen a new password begins anew."""
    keys = Keys.of(email, address)
    cache.delete_many([keys.account, keys.pair])
    _leave(keys, time.time())


def _leave(keys: Keys, now: float) -> None:
    with _locked(keys.address):
        failing = _failing(keys.address, now)
        if failing.pop(keys.name, None):
            cache.set(keys.address, failing, ADDRESS_SECONDS)


def _wait(failed: int, free: int) -> int:
    if failed < free:
        return 0
    # A day of attempts must not make a number that is too large for a float.
    return min(FIRST_WAIT_SECONDS * 2 ** min(failed - free, 10), LONGEST_WAIT_SECONDS)


def _add(key: str, count: Count, free: int, now: float) -> None:
    failed = count["failed"] + 1
    found = Count(failed=failed, until=now + _wait(failed, free))
    cache.set(key, found, REMEMBERED_SECONDS)


def _count(key: str) -> Count:
    return cache.get(key) or Count(failed=0, until=0.0)


def _failing(key: str, now: float) -> dict[str, float]:
    """The accounts that failed at an address within the hour, and when."""
    found = cache.get(key) or {}
    return {name: at for name, at in found.items() if at > now - ADDRESS_SECONDS}


def _seconds(rest: float) -> int:
    return max(1, round(rest))


def whose(address: str) -> str:
    """The address; of IPv6 what one household or office has, which is 2^64 of them."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network(f"{found}/64", strict=False)) if found.version == 6 else address


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@contextmanager
def _locked(key: str) -> Iterator[None]:
    """One process at a time; who does not get in is told to wait, as for a wrong password."""
    lock = f"{key}:lock"
    for _one in range(LOCK_TRIES):
        if cache.add(lock, True, LOCK_SECONDS):
            break
        time.sleep(0.02)
    else:
        raise Locked(FIRST_WAIT_SECONDS)
    try:
        yield
    finally:
        cache.delete(lock)

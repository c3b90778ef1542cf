"""Where a request came from, without saying which machine it was. Pure."""

import ipaddress

# How much of an address names the network: what data protection authorities call shortened.
KEPT_BITS = {4: 24, 6: 48}


def network_of(address: str | None) -> str:
    """ "192.0.2.17" is "192.0.2.0/24"; "" for what is no address."""
    try:
        found = ipaddress.ip_address((address or "").strip())
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return str(ipaddress.ip_network(f"{found}/{KEPT_BITS[found.version]}", strict=False))


def in_words(network: str) -> str:
    """ "192.0.2.0/24" is "192.0.2.…": what people know from their own address."""
    address = network.partition("/")[0]
    if ":" in address:
        return f"{address.removesuffix('::')}:…"
    return f"{address.rpartition('.')[0]}.…" if address else ""

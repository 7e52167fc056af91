"""A second implementation of what proves a ledger, with nothing but Python's standard library.

Reads what the API gave as JSON from standard input, computes everything again, and writes what it found as JSON. It shares
no code with the project: RFC 9162 (tree and proofs), RFC 8785 (canonical JSON, as far as events need it: whole numbers and
strings), RFC 8032 (Ed25519) and DSSE 1.0 are written down here once more, by their definitions.
"""

import base64
import hashlib
import json
import sys


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def leaf(event):
    return hashlib.sha256(b"\x00" + canonical(event)).digest()


def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def split(n):
    return 1 << ((n - 1).bit_length() - 1)


def root(leaves):
    """MTH(D_n), by the recursion of section 2.1.1."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return node(root(leaves[:k]), root(leaves[k:]))


def inclusion(index, leaves):
    """PATH(m, D_n), section 2.1.3.1."""
    if len(leaves) <= 1:
        return []
    k = split(len(leaves))
    if index < k:
        return inclusion(index, leaves[:k]) + [root(leaves[k:])]
    return inclusion(index - k, leaves[k:]) + [root(leaves[:k])]


def consistency(first, leaves, whole=True):
    """SUBPROOF(m, D_n, b), section 2.1.4.1."""
    n = len(leaves)
    if first == n:
        return [] if whole else [root(leaves)]
    k = split(n)
    if first <= k:
        return consistency(first, leaves[:k], whole) + [root(leaves[k:])]
    return consistency(first - k, leaves[k:], False) + [root(leaves[:k])]


def name(digest):
    return "sha256:" + digest.hex()


# Ed25519: points as (x, y) over the field of p, slow and plain.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def add(a, b):
    (x1, y1), (x2, y2) = a, b
    product = D * x1 * x2 * y1 * y2 % P
    x = (x1 * y2 + x2 * y1) * pow(1 + product, P - 2, P) % P
    y = (y1 * y2 + x1 * x2) * pow(1 - product, P - 2, P) % P
    return x, y


def times(scalar, point):
    result = (0, 1)
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    return result


def decode(data):
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & ((1 << 255) - 1)
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or y >= P:
        raise ValueError("no point of the curve")
    return (P - x if (x & 1) != sign else x), y


BASE = decode(bytes([0x58] + [0x66] * 31))


def verifies(key, message, signature):
    s = int.from_bytes(signature[32:], "little")
    if s >= L:
        return False
    digest = hashlib.sha512(signature[:32] + key + message).digest()
    h = int.from_bytes(digest, "little") % L
    return times(s, BASE) == add(decode(signature[:32]), times(h, decode(key)))


def opened(envelope):
    """The payload of an envelope whose signature holds, and the key."""
    payload = base64.b64decode(envelope["payload"])
    kind = envelope["payloadType"].encode()
    encoded = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)
    (signature,) = envelope["signatures"]
    key = bytes.fromhex(signature["keyid"].removeprefix("ed25519:"))
    if not verifies(key, encoded, base64.b64decode(signature["sig"])):
        return None
    return {"key": signature["keyid"], "payload": json.loads(payload)}


given = json.load(sys.stdin)
leaves = [leaf(event) for event in given["events"]]
json.dump(
    {
        "root": name(root(leaves)),
        "head": opened(given["envelope"]),
        "inclusion": [[name(x) for x in inclusion(i, leaves)] for i in range(len(leaves))],
        "consistency": [[name(x) for x in consistency(n, leaves)] for n in range(1, len(leaves) + 1)],
        "evidence": [envelope and opened(envelope) for envelope in given["evidence"]],
        "run": given.get("run") and opened(given["run"]),
    },
    sys.stdout,
)

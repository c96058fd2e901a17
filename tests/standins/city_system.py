"""A system of the city that is told of events, and checks who tells it."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from standardwebhooks.webhooks import Webhook

from tests.standins.recorder import Call
from tests.standins.server import Answer, Drop, Hang, StandIn, json_answer

TEN_MEGABYTES = 10 * 1024 * 1024


class CitySystem(StandIn):
    """Takes what is signed with one of its `secrets`, and refuses everything else."""

    provider = "city"

    def __init__(self, *secrets: str, port: int = 0) -> None:
        super().__init__(port=port)
        self.secrets = list(secrets)

    @property
    def hook(self) -> str:
        return f"{self.url}/events"

    def take(self, call: Call) -> Answer | Drop:
        """Answer a request. It is no provider's, so no judge sees it."""
        fault = self.fault_for(call)
        self.calls.append(call)
        if isinstance(fault, Hang):
            self.sleeps(fault.seconds)
        with self.changed:
            self.changed.notify_all()
        return fault if isinstance(fault, Answer | Drop) else self.answer(call)

    def sleeps(self, seconds: float) -> None:
        """Let a request wait, no longer than the test lasts."""
        with self.changed:
            self.changed.wait_for(lambda: False, seconds)

    def answer(self, call: Call) -> Answer:
        if not any(is_signed(call, secret) for secret in self.secrets):
            return json_answer(401, {"error": "unsigned"})
        return Answer(204)

    @property
    def told(self) -> list[dict[str, Any]]:
        """The bodies of all requests, in the order in which they came."""
        return [call.json for call in self.calls]


def is_signed(call: Call, secret: str) -> bool:
    """Check a signature as the library makes it, at whatever moment it names."""
    moment = datetime.fromtimestamp(int(call.headers["webhook-timestamp"]), UTC)
    made = Webhook(secret).sign(call.headers["webhook-id"], moment, call.body.decode())
    return made in call.headers["webhook-signature"].split(" ")


def with_tls(system: CitySystem, folder: Path) -> None:
    """Let a system speak TLS, with a certificate that nobody trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    alternative = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(alternative, critical=False)
        .sign(key, hashes.SHA256())
    )
    held = folder / "city.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    held.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(held)
    system._server.socket = context.wrap_socket(system._server.socket, server_side=True)

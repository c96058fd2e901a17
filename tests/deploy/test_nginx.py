"""The proxy example, as it is, with the real nginx before the real application."""

import datetime as dt
import ipaddress
import os
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.browser.city import running_city
from tests.e2e.city import free_port
from tests.need import ROOT, nginx_path
from tests.serving import serving
from tests.standins.twilio import SENDER, SID, TOKEN, TwilioStandIn

EXAMPLE = ROOT / "deploy/nginx/buurtstem.conf"
SLOW_SECONDS = 1
FORGED = "198.51.100.66"


@dataclass(frozen=True)
class Front:
    """An nginx that runs: its address, and the certificate to trust."""

    url: str
    port: int
    trusted: str

    def get(self, path: str, **options: Any) -> requests.Response:
        return requests.get(self.url + path, verify=self.trusted, timeout=20, **options)

    def post(self, path: str, **options: Any) -> requests.Response:
        return requests.post(
            self.url + path, verify=self.trusted, timeout=60, **options
        )


def certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate for this machine; return its path and its key's."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "buurtstem.example")])
    now = dt.datetime.now(dt.UTC)
    here = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder(name, name, key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([here]), critical=False)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "fullchain.pem", folder / "key.pem"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths


def configured(folder: Path, front: int, plain: int, behind: int) -> str:
    """Return the example for this machine; each change must find its place."""
    chain, key = certificate(folder)
    text = EXAMPLE.read_text("utf-8")
    for there, here in {
        "    listen [::]:80;\n": "",
        "    listen [::]:443 ssl http2;\n": "",
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ssl http2;": f"listen 127.0.0.1:{front} ssl http2;",
        "server 127.0.0.1:8080;": f"server 127.0.0.1:{behind};",
        "/etc/ssl/buurtstem/fullchain.pem": str(chain),
        "/etc/ssl/buurtstem/key.pem": str(key),
        "client_header_timeout 10s;": f"client_header_timeout {SLOW_SECONDS}s;",
        "client_body_timeout 10s;": f"client_body_timeout {SLOW_SECONDS}s;",
    }.items():
        assert there in text, there
        text = text.replace(there, here)
    places = "".join(
        f"{each}_temp_path {folder / each};\n"
        for each in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if os.geteuid() == 0 else ""
    return (
        f"{user}daemon off;\nworker_processes 1;\npid {folder / 'nginx.pid'};\n"
        f"error_log {folder / 'error.log'};\nevents {{}}\n"
        f"http {{\n{places}{text}}}\n"
    )


@contextmanager
def nginx(folder: Path, front: int, behind: int) -> Iterator[Front]:
    program, plain = nginx_path(), free_port()
    path = folder / "nginx.conf"
    path.write_text(configured(folder, front, plain, behind), "utf-8")
    command = [program, "-e", str(folder / "error.log"), "-c", str(path)]
    checked = subprocess.run([*command, "-t"], check=False, capture_output=True)
    assert checked.returncode == 0, checked.stderr.decode()
    assert b"[warn]" not in checked.stderr, checked.stderr.decode()
    server = subprocess.Popen([*command, "-p", str(folder)], stderr=subprocess.DEVNULL)
    try:
        _wait_for(front)
        yield Front(f"https://127.0.0.1:{front}", front, str(folder / "fullchain.pem"))
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_for(port: int) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("nginx does not listen")


@pytest.fixture(scope="module")
def twilio() -> Iterator[TwilioStandIn]:
    with TwilioStandIn() as standing_in:
        yield standing_in


@pytest.fixture(scope="module")
def front(
    tmp_path_factory: pytest.TempPathFactory, twilio: TwilioStandIn
) -> Iterator[Front]:
    nginx_path()
    folder, port = tmp_path_factory.mktemp("front"), free_port()
    settings = {
        "PUBLIC_URL": f"https://127.0.0.1:{port}",
        "PROXIES": "1",
        "TWILIO_ACCOUNT_SID": SID,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_SENDER": SENDER,
        "TWILIO_API": twilio.url,
        "SECURITY_CONTACT": "mailto:security@city.example",
    }
    with running_city(folder, **settings) as city:
        behind = int(city.url.rpartition(":")[2])
        with nginx(folder, port, behind) as proxy:
            yield proxy


def test_a_signed_webhook_passes_and_a_forged_one_does_not(
    front: Front, twilio: TwilioStandIn
) -> None:
    url = f"{front.url}/whatsapp?from=twilio&x=%C3%A9"
    form = {
        "MessageSid": "SM" + "1" * 32,
        "AccountSid": SID,
        "From": "whatsapp:+31600000001",
        "To": SENDER,
        "Body": "hallo",
        "NumMedia": "0",
    }
    signed = twilio.signed(form, url)
    path = url.removeprefix(front.url)
    passed = front.post(path, data=signed.body, headers=signed.headers)
    assert (passed.status_code, "<Response" in passed.text) == (200, True)
    forged = {**signed.headers, "X-Twilio-Signature": "bm8="}
    assert front.post(path, data=signed.body, headers=forged).status_code == 403
    other = front.post("/whatsapp", data=signed.body, headers=signed.headers)
    assert other.status_code == 403, "the query is part of what is signed"


def test_what_is_too_large_is_refused_before_the_application(front: Front) -> None:
    fits = front.post("/phone/sound", data=b"x" * (16 * 1024 * 1024))
    assert fits.status_code != 413
    assert front.post("/phone/sound", data=b"x" * (18 * 1024 * 1024)).status_code == 413


@pytest.mark.parametrize(
    "sent",
    [
        b"POST /telegram HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nx",
        b"POST /telegram HTTP/1.1\r\nHost: a\r\nX-Slow",
    ],
    ids=["in the body", "in the head"],
)
def test_who_sends_slowly_is_cut_off(front: Front, sent: bytes) -> None:
    context = ssl.create_default_context(cafile=front.trusted)
    with (
        socket.create_connection(("127.0.0.1", front.port), timeout=20) as plain,
        context.wrap_socket(plain, server_hostname="127.0.0.1") as line,
    ):
        begun = time.monotonic()
        line.sendall(sent)
        heard = b"".join(iter(lambda: line.recv(4096), b""))
        assert time.monotonic() - begun < SLOW_SECONDS + 10
    assert heard == b"" or b" 408 " in heard.split(b"\r\n")[0]


@pytest.mark.parametrize("path", ["/phone", "/open", "/desk/login", "/healthz"])
def test_no_header_is_there_twice(front: Front, path: str) -> None:
    answer = front.get(path)
    assert answer.status_code == 200
    names = [name.lower() for name, _ in answer.raw.headers.iteritems()]
    single = [name for name in names if name != "set-cookie"]
    assert sorted(single) == sorted(set(single))
    every = answer.raw.headers.getlist("strict-transport-security")
    assert len(every) == 1
    assert "nginx/" not in answer.headers.get("server", "")


def test_files_are_packed_and_pages_are_not(front: Front) -> None:
    packed = front.get("/desk/static/desk.css")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "--paper" in front.get("/open/static/base.css").text
    for page in ("/desk/login", "/open", "/phone"):
        assert "Content-Encoding" not in front.get(page).headers


def test_cookies_are_for_https_alone(front: Front) -> None:
    kept = front.get("/desk/login").headers["Set-Cookie"]
    assert "__Host-" in kept
    assert "Secure" in kept


def test_figures_are_not_for_everybody(front: Front) -> None:
    assert front.get("/metrics").status_code == 404


def test_security_txt_names_the_public_address(front: Front) -> None:
    told = front.get("/.well-known/security.txt").text
    assert f"Canonical: {front.url}/.well-known/security.txt\n" in told


@pytest.fixture(scope="module")
def mirror(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """The same proxy before a server that tells what reached it."""
    nginx_path()

    def told(environ: Any, start: Any) -> Any:
        start("200 OK", [("Content-Type", "text/plain")])
        seen = environ.get("HTTP_X_FORWARDED_FOR", ""), environ.get("HTTP_HOST", "")
        return ["|".join(seen).encode()]

    folder = tmp_path_factory.mktemp("mirror")
    with serving(told) as url:
        behind = int(url.rpartition(":")[2])
        with nginx(folder, free_port(), behind) as proxy:
            yield proxy


def test_the_address_is_what_the_proxy_saw_not_what_the_client_says(
    mirror: Front,
) -> None:
    answer = mirror.get("/", headers={"X-Forwarded-For": FORGED})
    seen, host = answer.text.split("|")
    assert seen == "127.0.0.1"
    assert host == "127.0.0.1"
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"

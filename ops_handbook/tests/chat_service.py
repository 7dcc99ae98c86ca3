"""A local HTTPS server that checks group robot messages as WeCom, DingTalk and Feishu do.

It knows one robot of each: its key, its signing secret, what a message must look like, how long it may be; it answers as the
services answer, and can be told to fail, to hang, to redirect or to drip.
"""

import base64
import hashlib
import hmac
import ipaddress
import json
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

KEYS = {"wecom": "693axxx6-7aoc-4bc4", "dingtalk": "d1ngt4lk-t0ken", "feishu": "f3ishu-hook-uuid"}
SECRETS = {"dingtalk": "SEC0123456789abcdef", "feishu": "feishu-signing-secret"}
PATHS = {
    "wecom": f"/cgi-bin/webhook/send?key={KEYS['wecom']}",
    "dingtalk": f"/robot/send?access_token={KEYS['dingtalk']}",
    "feishu": f"/open-apis/bot/v2/hook/{KEYS['feishu']}",
}


def certificate(folder):
    """Write a certificate for 127.0.0.1, signed by itself, and return its path; the key stands in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=4_000)).not_valid_after(now + timedelta(days=4_000))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = Path(folder) / "service.pem"
    path.write_bytes(signed.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption(),
    ))
    return str(path)


class Refusal(Exception):
    """What the service answers instead of ok: its number and words."""


def _need(condition, number, words):
    if not condition:
        raise Refusal(number, words)


def check_wecom(query, body, size, now):
    _need(query.get("key") == [KEYS["wecom"]], 93000, "invalid webhook url")
    kind = body.get("msgtype")
    _need(kind in ("text", "markdown"), 40008, "invalid message type")
    _need(set(body) == {"msgtype", kind} and isinstance(body[kind].get("content"), str), 40035, "invalid parameter")
    _need(len(body[kind]["content"].encode()) <= {"text": 2_048, "markdown": 4_096}[kind], 40058, "content exceed max length")
    for name in ("mentioned_list", "mentioned_mobile_list"):
        _need(kind == "text" or name not in body[kind], 40035, "invalid parameter")


def check_dingtalk(query, body, size, now):
    _need(query.get("access_token") == [KEYS["dingtalk"]], 300001, "token is not exist")
    timestamp = query.get("timestamp", [""])[0]
    sign = hmac.new(SECRETS["dingtalk"].encode(), f"{timestamp}\n{SECRETS['dingtalk']}".encode(), hashlib.sha256).digest()
    _need(query.get("sign") == [base64.b64encode(sign).decode()], 310000, "sign not match")
    _need(abs(int(timestamp) / 1000 - now) < 3_600, 310000, "invalid timestamp")
    _need(body.get("msgtype") == "markdown" and {"title", "text"} == set(body["markdown"]), 40035, "missing parameter")
    _need(body["markdown"]["title"] and body["markdown"]["text"], 40035, "missing parameter text")
    _need(size <= 20_000, 460101, "message too long, exceed 20000 bytes")
    for mobile in body.get("at", {}).get("atMobiles", ()):
        _need(f"@{mobile}" in body["markdown"]["text"], 40035, "mobile not in the text")


def check_feishu(query, body, size, now):
    key = f"{body.get('timestamp')}\n{SECRETS['feishu']}".encode()
    sign = base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()
    _need(body.get("sign") == sign, 19021, "sign match fail or timestamp is not within one hour from current time")
    _need(abs(int(body["timestamp"]) - now) < 3_600, 19021, "sign match fail")
    _need(body.get("msg_type") == "interactive", 9499, "Bad Request")
    card = body["card"]
    _need(card["header"]["title"]["tag"] == "plain_text" and card["header"]["title"]["content"], 11246, "card header invalid")
    _need(all(part["tag"] == "markdown" and "content" in part for part in card["elements"]), 11246, "card element invalid")
    _need(size <= 20_000, 11232, "request body too large")


CHECKS = {
    "/cgi-bin/webhook/send": ("wecom", check_wecom), "/robot/send": ("dingtalk", check_dingtalk),
    f"/open-apis/bot/v2/hook/{KEYS['feishu']}": ("feishu", check_feishu),
}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        service, parts = self.server.service, urlsplit(self.path)
        data = self.rfile.read(int(self.headers["Content-Length"]))
        service.requests.append((self.path, data))
        trouble = service.trouble.pop(0) if service.trouble else service.always
        if trouble:
            return trouble(self)
        if parts.path not in CHECKS:
            return self.answer(404, b"<html>not found</html>")
        name, check = CHECKS[parts.path]
        try:
            _need(self.headers["Content-Type"].startswith("application/json"), 40035, "content type")
            body = json.loads(data)
            check(parse_qs(parts.query), body, len(data), service.now())
        except Refusal as refusal:
            return self.answer(200, self.words(name, *refusal.args))
        service.taken.append((name, body))
        return self.answer(200, self.words(name, 0, "success" if name == "feishu" else "ok"))

    def words(self, name, number, words):
        answer = {"code": number, "msg": words} if name == "feishu" else {"errcode": number, "errmsg": words}
        return json.dumps(answer).encode()

    def answer(self, status, body, **headers):
        self.send_response(status)
        for header, value in headers.items():
            self.send_header(header, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args):
        """Quiet."""


def error(status):
    return lambda handler: handler.answer(status, b"")


def refuse(number, words):
    return lambda handler: handler.answer(200, json.dumps({"errcode": number, "errmsg": words}).encode())


def repeat(handler):
    """Say again all that is secret about the robot that was asked for."""
    name = CHECKS[urlsplit(handler.path).path][0]
    refuse(1, f"unknown {KEYS[name]} in {handler.path} or {SECRETS.get(name)}")(handler)


def redirect(target):
    return lambda handler: handler.answer(302, b"", Location=target)


def hang(seconds):
    return lambda handler: time.sleep(seconds)


def endless(handler):
    """An answer that never ends: fast, and of no use."""
    handler.send_response(200)
    handler.end_headers()
    with_end = time.monotonic() + 5
    try:
        while time.monotonic() < with_end:
            handler.wfile.write(b"x" * 65_536)
    except OSError:
        pass


class ChatService:
    """The server. ``taken`` holds (service, body) of what was right, ``trouble`` what it does instead of answering well.

    :param now: its clock, in seconds since 1970
    """

    def __init__(self, now=time.time):
        self.now = now
        self.folder = TemporaryDirectory()
        self.certificate = certificate(self.folder.name)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.service = self
        self.server.daemon_threads = True
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        self.host = f"127.0.0.1:{self.port}"
        self.clear()
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    def clear(self):
        self.requests, self.taken, self.trouble, self.always = [], [], [], None

    def url(self, service):
        return f"https://{self.host}{PATHS[service]}"

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.folder.cleanup()

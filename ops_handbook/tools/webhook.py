"""Posting to the address of a chat robot. The address is the secret: it appears in no error and no log.

Which addresses are allowed is decided by :func:`problem_of`, before each post as well: who may write an address need not be
who may let Odoo talk to the machines around it.
"""

import json
import logging
import threading
import time
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import requests

TIMEOUT = 8.0  # seconds to connect, and for each part of the answer
PATIENCE = 15.0  # seconds for the whole answer
ANSWER = 4_096  # bytes of the answer that are read
HTTPS = 443

_sending = threading.local()


class Unreachable(Exception):
    """No answer: ``why`` is ``timeout``, ``certificate`` or ``connection``."""

    def __init__(self, why):
        self.why = why
        super().__init__(why)


class _Discreet(logging.Filter):
    """Keeps the library below from logging the address that is being posted to."""

    def filter(self, record):
        return not getattr(_sending, "now", False)


logging.getLogger("urllib3.connectionpool").addFilter(_Discreet())


def problem_of(url: str, host: str, more_hosts: str = "") -> str | None:
    """Return what is wrong with the address of a robot: ``form``, ``https``, ``user``, ``host``, or None.

    :param url: the address
    :param host: the host of the service
    :param more_hosts: what a system administrator allows besides, ``host`` or ``host:port``, separated by blanks or commas

    >>> wecom = "qyapi.weixin.qq.com"
    >>> problem_of("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1", wecom)
    >>> problem_of("http://qyapi.weixin.qq.com/x", wecom), problem_of("https://evil.example/x", wecom)
    ('https', 'host')
    >>> problem_of("https://qyapi.weixin.qq.com:8443/x", wecom), problem_of("https://a:b@qyapi.weixin.qq.com/x", wecom)
    ('host', 'user')
    >>> problem_of("https://qyapi.weixin.qq.com.evil.example/", wecom), problem_of("https://qyapi.weixin.qq.com\\\\@evil/", wecom)
    ('host', 'form')
    >>> problem_of("https://gate.local:8443/x", wecom, "gate.local:8443"), problem_of("https://gate.local/x", wecom, "gate.local:8443")
    (None, 'host')
    >>> problem_of("https://GATE.local/x", wecom, "other, gate.local")
    >>> problem_of("https://qyapi.weixin.qq.com:99999/", wecom), problem_of("https://[::1/", wecom), problem_of("", wecom)
    ('form', 'form', 'form')
    """
    if not url or not url.isascii() or not url.isprintable() or set(url) & set(' \\"<>^`{|}#') or len(url) > 1_000:
        return "form"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "form"
    if parts.scheme != "https":
        return "https"
    if "@" in parts.netloc:
        return "user"
    allowed = {host, *more_hosts.lower().replace(",", " ").split()}
    name = (parts.hostname or "").rstrip(".")
    names = {f"{name}:{port or HTTPS}"} | ({name} if (port or HTTPS) == HTTPS else set())
    return None if name and names & allowed else "host"


def with_parameters(url: str, parameters: dict[str, str]) -> str:
    """Return the address with these parameters instead of those of the same names.

    >>> with_parameters("https://x/send?access_token=a&sign=old", {"sign": "a+b="})
    'https://x/send?access_token=a&sign=a%2Bb%3D'
    """
    parts = urlsplit(url)
    query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in parameters]
    return urlunsplit(parts._replace(query=urlencode([*query, *parameters.items()])))


def post(url: str, body: dict) -> tuple[int, bytes]:
    """Post ``body`` as JSON and return (status, the first bytes of the answer). Follows no redirect.

    :raise Unreachable: without an answer in time; it does not name the address, and neither does its traceback
    """
    data, why = json.dumps(body, ensure_ascii=False).encode(), None
    _sending.now = True
    try:
        with requests.post(
            url, data=data, headers={"Content-Type": "application/json; charset=utf-8"}, timeout=TIMEOUT,
            allow_redirects=False, stream=True,
        ) as response:
            return response.status_code, _read(response)
    except requests.exceptions.SSLError:
        why = "certificate"
    except (requests.exceptions.Timeout, TimeoutError):
        why = "timeout"
    except (requests.exceptions.RequestException, OSError, ValueError):
        why = "connection"
    finally:
        _sending.now = False
    raise Unreachable(why)


def _read(response):
    """Read a little of the answer, byte by byte: one that drips must not hold the job up."""
    answer, end = bytearray(), time.monotonic() + PATIENCE
    for byte in response.iter_content(1):
        answer += byte
        if len(answer) >= ANSWER:
            break
        if time.monotonic() > end:
            raise TimeoutError
    return bytes(answer)

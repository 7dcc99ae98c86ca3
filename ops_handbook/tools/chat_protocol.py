"""How the group robots are spoken to besides the message itself: signatures, and what their answers mean. Pure Python."""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Sequence

from .chat import plain

# -- signatures -------------------------------------------------------------------------------------------------------


def sign_dingtalk(timestamp: int, secret: str) -> str:
    """Return DingTalk's signature; the secret is the key, and with the time in ms the text.

    >>> sign_dingtalk(1577262236757, "this is secret")
    'hmPWwU+7lVdm3ZZz0r9tSfx0L4Q26jWOZr9+Gs6EZQM='
    """
    text = f"{timestamp}\n{secret}".encode()
    return base64.b64encode(hmac.new(secret.encode(), text, hashlib.sha256).digest()).decode()


def sign_feishu(timestamp: int, secret: str) -> str:
    """Return Feishu's signature; the time in s and the secret are the key of an empty text.

    >>> sign_feishu(1599360473, "demo")
    'l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8='
    """
    key = f"{timestamp}\n{secret}".encode()
    return base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()


def signed(service: str, payload: dict, secret: str | None, timestamp: float) -> tuple[dict, dict]:
    """Return what goes into the address and the body of a request, as (parameters, body).

    :param timestamp: seconds since 1970

    >>> signed("wecom", {"msgtype": "text"}, "unused", 1.5)
    ({}, {'msgtype': 'text'})
    >>> sorted(signed("dingtalk", {}, "s", 1577262236.757)[0].items())[1]
    ('timestamp', '1577262236757')
    >>> list(signed("feishu", {"msg_type": "text"}, "s", 1599360473.9)[1])
    ['timestamp', 'sign', 'msg_type']
    """
    if secret and service == "dingtalk":
        milliseconds = round(timestamp * 1000)
        return {"timestamp": str(milliseconds), "sign": sign_dingtalk(milliseconds, secret)}, payload
    if secret and service == "feishu":
        seconds = int(timestamp)
        return {}, {"timestamp": str(seconds), "sign": sign_feishu(seconds, secret), **payload}
    return {}, payload


# -- answers ----------------------------------------------------------------------------------------------------------


def refusal(status: int, body: bytes) -> str | None:
    """Return why a service did not take a message, None when it did: all of them say it in the body of a 200.

    >>> refusal(200, b'{"errcode":0,"errmsg":"ok"}'), refusal(200, b'{"StatusCode":0,"code":0,"msg":"success"}')
    (None, None)
    >>> refusal(200, b'{"errcode":93000,"errmsg":"invalid webhook url"}')
    '93000 invalid webhook url'
    >>> refusal(200, b'{"code":19021,"msg":"sign match fail"}'), refusal(429, b""), refusal(200, b"<html>")
    ('19021 sign match fail', 'HTTP 429', 'HTTP 200')
    >>> refusal(200, b'{"errcode": "0"}'), refusal(302, b'{"errcode":0}'), refusal(200, b'{}')
    (None, 'HTTP 302', 'HTTP 200')
    """
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        return f"HTTP {status}"
    codes = [answer[name] for name in ("errcode", "code", "StatusCode") if name in answer]
    if status == 200 and codes and all(str(code) == "0" for code in codes):
        return None
    wrong = next((code for code in codes if str(code) != "0"), None)
    if wrong is None:
        return f"HTTP {status}"
    words = answer.get("errmsg") or answer.get("msg") or answer.get("StatusMessage") or ""
    return plain(f"{wrong} {words}", 200)


def redacted(text: str, secrets: Sequence[str | None]) -> str:
    """Return ``text`` without any of ``secrets``: a service may repeat what it was asked.

    >>> redacted("unknown key abcd-1234", ["https://x/send?key=abcd-1234"])
    'unknown key ●●●'
    """
    pieces = {piece for secret in secrets if secret for piece in re.split(r"[/?&=#]", secret) if len(piece) >= 8}
    for piece in sorted(pieces | {secret for secret in secrets if secret}, key=len, reverse=True):
        text = text.replace(piece, "●●●")
    return text

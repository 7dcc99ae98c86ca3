"""Debian's Chromium, driven by playwright."""

import os
import re
import shutil
import time
from urllib.parse import urlsplit

from .server import HOUSE

DESKTOP = {"viewport": {"width": 1400, "height": 900}}
PHONE = {"viewport": {"width": 375, "height": 667}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}

WAITED_FOR = {"xhr", "fetch", "script", "stylesheet"}

# Noise that is not ours: the web client says this when a page is left while a request is under way.
HARMLESS = re.compile(r"Failed to fetch|net::ERR_ABORTED|ConnectionLostError|favicon")


def launch(playwright):
    """Start Chromium; root may only without its sandbox."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    arguments = ["--no-sandbox", "--disable-dev-shm-usage", "--lang=en-US"] if os.geteuid() == 0 else ["--disable-dev-shm-usage"]
    return playwright.chromium.launch(executable_path=program, args=arguments)


def open_page(browser, server, client=None, lang=None, phone=False, timezone=None):
    """A page of a fresh browser context, signed in as the user of `client` (nobody without one).

    The language is the user's: `lang` ("zh_CN", "en_US") writes it into their preferences first.
    Errors of the page are collected in `page.errors`.
    """
    if client and lang:
        client.call("res.users", "write", [client.uid], {"lang": lang})
    options = dict(PHONE if phone else DESKTOP)
    options["locale"] = (lang or "en_US").replace("_", "-")
    options["timezone_id"] = timezone or "Asia/Shanghai"
    context = browser.new_context(base_url=server.url, **options)
    if client:
        context.add_cookies([{"name": "session_id", "value": client.cookie, "domain": urlsplit(server.url).hostname, "path": "/"}])
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.set_default_navigation_timeout(120_000)  # the first page makes the bundles of scripts and styles
    if server.offset:
        page.clock.install(time=time.time() + server.offset)
    page.errors = []
    watch_requests(page)
    page.on("pageerror", lambda error: note(page, str(error)))
    page.on("console", lambda message: message.type == "error" and note(page, message.text))
    return page


def note(page, text):
    if not HARMLESS.search(text):
        page.errors.append(text)


def watch_requests(page):
    """Keep the requests of a page that wait for their answer in `page.waiting`."""
    page.waiting = set()
    page.on("request", lambda request: page.waiting.add(request))
    page.on("requestfinished", lambda request: page.waiting.discard(request))
    page.on("requestfailed", lambda request: page.waiting.discard(request))


def settle(page, seconds=60):
    """Wait until the web client has drawn its action and no request to the server is under way.

    Playwright's own "networkidle" never comes: the script of the web client's shared worker is never reported as loaded.
    """
    page.wait_for_load_state("load")
    quiet = 0
    for _ in range(seconds * 10):
        busy = [r.url for r in page.waiting if r.resource_type in WAITED_FOR and "websocket_worker" not in r.url]
        busy += page.locator(".o_loading_indicator, .o_blockUI").all()
        quiet = 0 if busy else quiet + 1
        if quiet == 4:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"the page did not come to rest within {seconds} s: {busy}")


def screenshot(page, name, full=False):
    """A picture in .odoo/screens/NAME.png; returns its path. Fonts and pictures are loaded first."""
    path = HOUSE / "screens" / f"{name}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    settle(page)
    page.evaluate("document.fonts.ready")
    page.screenshot(path=path, full_page=full, animations="disabled")
    return path


def scrolls_sideways(page):
    """Whether the page is wider than the screen: on a phone it never should be."""
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")


def accessibility(page, within=None, rules=("wcag2a", "wcag2aa")):
    """Violations that axe-core finds within a CSS selector: lists of [rule, help, html]."""
    page.evaluate((HOUSE / "web" / "axe.min.js").read_text(encoding="utf-8"))
    result = page.evaluate(
        "([within, rules]) => axe.run(within ? within : document, {runOnly: {type: 'tag', values: rules}})",
        [within, list(rules)],
    )
    return [[v["id"], v["help"], node["html"]] for v in result["violations"] for node in v["nodes"]]

"""Finds English words where there should be Chinese ones."""

import html
import re

# names, formats, codes of rules and numbers of forms: the same in every language
NEUTRAL = {
    "odoo", "qr", "pdf", "jpeg", "jpg", "png", "webp", "heic", "mb", "kb", "excel", "xlsx", "csv", "txt", "id", "url", "http", "https", "utc", "gmt",
    "english", "language", "pr", "asia", "shanghai", "am", "pm", "gm", "api", "kpi", "eml", "administrator", "admin",
}
# e-mail addresses, links, numbers of forms such as PR-2026-0001, codes such as I1, file names, time zones, and what
# administrators type as a program reads it: conditions and names of fields
CODES = re.compile(r"\[\('[^\]]*\]|\b[a-z]+(?:_[a-z]+)+(?:\.[a-z_]+)*\b|\S+@\S+|https?://\S+|/odoo/\S*|\b[A-Z]{1,4}\d?-[\w-]+|\b[A-Z]\d\b|\b\w+\.\w{2,4}\b|\b[A-Z]\w+/\w+|\b[a-z]+\d\b")
# what Odoo's own widgets say in English whatever the language: put together in a template, or never translated
ODOOS = re.compile(r"\bDownload\b( \S+)?|\bInsert image,? icon,? or video\b|\bInsert image, video or icon\b")


def english_words(text):
    """The English words in a text, in their order, without those that any language has."""
    text = CODES.sub(" ", ODOOS.sub(" ", text))
    return [word for word in re.findall(r"[A-Za-z]{2,}", text) if word.lower() not in NEUTRAL]


def plain(source):
    """The visible text of HTML."""
    source = re.sub(r"(?s)<(style|script|head).*?</\1>|<!--.*?-->", " ", source)
    return html.unescape(re.sub(r"<[^>]+>", " ", source))


def visible(page, selector="body"):
    """All that a page says within a selector: its text, placeholders, titles and labels."""
    return page.evaluate("""selector => [...document.querySelectorAll(selector)].map(root => [
        root.innerText,
        ...[...root.querySelectorAll('[placeholder], [title], [aria-label], [alt], [data-tooltip]')]
            .flatMap(node => ['placeholder', 'title', 'aria-label', 'alt', 'data-tooltip'].map(name => node.getAttribute(name) || '')),
        ...[...root.querySelectorAll('select option')].map(node => node.textContent),
    ].join(' \\n ')).join(' \\n ')""", selector)

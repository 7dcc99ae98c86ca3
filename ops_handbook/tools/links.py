"""Addresses that people type."""


def is_link(text: str | bool | None) -> bool:
    """Tell whether a text is an address that a browser opens: nothing else may become a link.

    >>> is_link("https://meeting.example/1"), is_link("HTTP://meeting.example"), is_link("javascript:alert(1)")
    (True, True, False)
    >>> is_link("腾讯会议 123-456-789"), is_link(False)
    (False, False)
    """
    return (text or "").strip().lower().startswith(("http://", "https://"))

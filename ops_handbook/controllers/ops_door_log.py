import logging
import re

# address of the visitor - - [time] "POST /ops/follow/secret?lang=… HTTP/1.1" 200 -
PAGES = ("/ops/follow/", "/ops/report/", "/ops/minutes/")
LINE = re.compile(r"^\S+( - - \[[^]]*\] .*/ops/)(follow|report|minutes)/[^\s?\"]+")


class DoorLogFilter(logging.Filter):
    """Keeps the visitor's address and the private link of the public pages out of the log, which may be a table."""

    def filter(self, record):
        """Rewrite a line about one of our pages; let every line pass."""
        message = record.getMessage()
        if any(page in message for page in PAGES):
            record.msg, record.args = LINE.sub(r"-\1\2/…", message), None
        return True


logging.getLogger("werkzeug").addFilter(DoorLogFilter())

"""What the site tells whoever runs it, without the links that let people in.

Paths end up in many records: "Not Found: …", a traceback, the request lines of the server. So they are hidden when a
record is made, before any handler gets it, be it ours, Django's, or the web server's for its access log.
"""

import logging
import logging.config
import re
from typing import Any

HIDDEN = "***"
# The part of an address that `events/urls.py` calls a token, the key to a picture, and what looks like a token:
# secrets.token_urlsafe(32).
_IN_ADDRESS = re.compile(r"(/(?:confirm|my-events/enter)/+|/pictures/[^?\s]*\?key=)[^/\s\"'<>()?#]+", re.IGNORECASE)
_ALONE = re.compile(r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Z])[\w-]{43}(?![\w-])", re.ASCII)

_formatter = logging.Formatter()


def configure(config: dict[str, Any]) -> None:
    """What Django calls with LOGGING."""
    logging.setLogRecordFactory(make_record)
    logging.config.dictConfig(config)


def hide_tokens(text: str) -> str:
    """`text` with stars in place of tokens."""
    return _ALONE.sub(HIDDEN, _IN_ADDRESS.sub(rf"\1{HIDDEN}", text))


def make_record(*args: Any, **kwargs: Any) -> logging.LogRecord:
    record = logging.LogRecord(*args, **kwargs)
    message = _read_message(record)
    if (hidden := hide_tokens(message)) != message:
        record.msg, record.args = hidden, None
    if record.exc_info and record.exc_info[0]:
        # Handlers take this text instead of making their own.
        record.exc_text = hide_tokens(_formatter.formatException(record.exc_info))
    if record.stack_info:
        record.stack_info = hide_tokens(record.stack_info)
    return record


def _read_message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception:  # the handler would show both: what is logged never fails whoever logs it
        return f"{record.msg} {record.args}"

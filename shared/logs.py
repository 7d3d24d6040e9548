"""Logs: one JSON object a line on standard output, without patient data and without the text of any exception.

Code logs `log.info("event-name", key=value)`: a stable name and values, never a sentence made of data. What libraries
log is routed through the same processors.
"""

import logging
import logging.config
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

import structlog

from shared.config import optional
from shared.redaction import redacted

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("frontdesk")

# Libraries that tell each step of theirs; only their warnings matter here.
_QUIET = ("amqp", "kombu", "pika", "werkzeug", "urllib3", "eventlet", "nameko", "falcon", "asyncio")
_MAX_FRAMES = 12


def configure_logs(process: str) -> None:
    """Sets up logging for this process (`scheduling-serve`, `relay`); call once, before anything else logs."""
    logging.config.dictConfig(_logging_config(optional("FRONTDESK_LOG_LEVEL", "INFO").upper()))
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.clear_contextvars()
    _process.update(process=process)


@contextmanager
def correlated(correlation_id: str, **more: str) -> Iterator[None]:
    """Every line logged inside bears this correlation id."""
    with structlog.contextvars.bound_contextvars(correlation_id=correlation_id, **more):
        yield


def without_values(error: BaseException) -> dict[str, Any]:
    """An exception as its type, the stack's frames and its cause: no message and no local value."""
    frames = traceback.extract_tb(error.__traceback__)[-_MAX_FRAMES:]
    shown: dict[str, Any] = {
        "type": f"{type(error).__module__}.{type(error).__qualname__}",
        "frames": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }
    if code := getattr(error, "pgcode", None) or getattr(error, "slug", None):
        shown["code"] = code
    if (cause := error.__cause__ or (None if error.__suppress_context__ else error.__context__)) is not None:
        shown["cause"] = without_values(cause)
    return shown


_process: dict[str, str] = {}
Line = MutableMapping[str, Any]


def _exception_without_values(_logger: Any, _method: str, line: Line) -> Line:
    given = line.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        line["exception"] = without_values(error)
    line.pop("stack_info", None)
    return line


def _redact(_logger: Any, _method: str, line: Line) -> Line:
    kept = {key: line.pop(key) for key in ("_record", "_from_structlog", "exception") if key in line}
    return {**_process, **redacted(line), **kept}


class _LibraryText(logging.Filter):
    """A library's message may quote an exception: such arguments become the exception's type."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(_argument(argument) for argument in record.args)
        return True


def _argument(argument: Any) -> Any:
    return f"<{type(argument).__qualname__}>" if isinstance(argument, BaseException) else argument


_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    _exception_without_values,
    _redact,
]


def _logging_config(level: str) -> dict[str, Any]:
    final = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, structlog.processors.JSONRenderer(default=str)]
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "processors": final,
        "foreign_pre_chain": _SHARED,
        "keep_exc_info": False,
    }
    handler = {
        "class": "logging.StreamHandler",
        "stream": "ext://sys.stdout",
        "formatter": "json",
        "filters": ["library"],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,  # True would silence nameko
        "filters": {"library": {"()": _LibraryText}},
        "formatters": {"json": formatter},
        "handlers": {"stdout": handler},
        "root": {"level": level, "handlers": ["stdout"]},
        "loggers": {name: {"level": "WARNING"} for name in _QUIET},
    }

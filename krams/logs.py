"""Logs as one JSON object a line. They hold what happened, never what a form held."""

import json
import logging
from datetime import UTC, datetime

# What a line may carry beside its message; everything else on the record stays out.
ALLOWED_EXTRAS = ("method", "path", "status", "duration_ms", "user_id", "request_id")


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        for name in ALLOWED_EXTRAS:
            if (value := getattr(record, name, None)) is not None:
                line[name] = value
        if record.exc_info:
            # Names and lines of code only: the message of a database error can quote a form.
            line["exception"] = record.exc_info[0].__name__
            line["trace"] = _places(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False)


def _places(trace) -> list[str]:
    places = []
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return places

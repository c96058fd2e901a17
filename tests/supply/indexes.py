"""A package index of our own, which knows what it is given."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from werkzeug.wrappers import Request, Response

from tests.serving import serving


@contextmanager
def index(known: Mapping[str, Any]) -> Iterator[str]:
    """Serve what is known of each path, as JSON, until the block ends."""

    @Request.application
    def answer(request: Request) -> Response:
        assert "+json" in request.headers["Accept"]
        if request.path not in known:
            return Response(status=404)
        return Response(json.dumps(known[request.path]), mimetype="application/json")

    with serving(answer) as url:
        yield f"{url}/simple/"

"""A package index of our own, which knows what it is given."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response


@contextmanager
def index(known: Mapping[str, Any]) -> Iterator[str]:
    """Serve what is known of each path, as JSON, until the block ends."""

    @Request.application
    def answer(request: Request) -> Response:
        assert "+json" in request.headers["Accept"]
        if request.path not in known:
            return Response(status=404)
        return Response(json.dumps(known[request.path]), mimetype="application/json")

    server = make_server("127.0.0.1", 0, answer)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}/simple/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

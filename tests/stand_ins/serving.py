"""An application → an address on 127.0.0.1: in a thread of the test, or in a process of its own that ends by itself."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp

LONGEST_SECONDS = 900


@contextlib.contextmanager
def serving(application: ASGIApp, port: int = 0) -> Iterator[str]:
    """Serve in a thread until the block ends; yields the address, without a slash at its end."""
    with _listening(port) as listener:
        server = _server(application)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            if not thread.is_alive():
                raise RuntimeError("the stand-in did not start")
            time.sleep(0.005)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = server.force_exit = True
            thread.join(10)


def serve(application: ASGIApp, port: int, seconds: float = LONGEST_SECONDS) -> None:
    """Serve in this process, for so many seconds at most."""
    with _listening(port) as listener:
        server = _server(application)
        threading.Timer(seconds, lambda: setattr(server, "should_exit", True)).start()
        server.run(sockets=[listener])


@contextlib.contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        yield listener


def _server(application: ASGIApp) -> uvicorn.Server:
    return uvicorn.Server(uvicorn.Config(application, log_level="critical", access_log=False, lifespan="off"))

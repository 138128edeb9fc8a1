"""A bad line between phone and server: it loses requests, loses replies, sends requests twice, or is not there at all; or the server is too busy to sync."""

import random
import socket
import threading

OFFLINE = ["offline"]
GOOD = ["good"]
BUSY = ["busy"]
BAD = ["lose_reply", "double", "good", "lose_request", "lose_reply", "good"]


PROBLEM = b'{"code": "busy", "title": "Not now"}'
NOT_NOW = b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/problem+json\r\nContent-Length: %d\r\n\r\n%s" % (len(PROBLEM), PROBLEM)


class BadLine:
    def __init__(self, server):
        self.server = server
        self.counts = {fate: 0 for fate in {*OFFLINE, *BAD, *BUSY}}
        # The same each time; by turns would never let two in a row through.
        self.chance = random.Random(7)
        self.becomes(GOOD)
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def becomes(self, fates):
        self.fates = fates

    def _serve(self):
        while True:
            phone, _ = self.door.accept()
            # One after the other: the phone sends nothing before it has given up what went before.
            with phone:
                try:
                    self._carry(phone)
                except OSError:
                    pass

    def _carry(self, phone):
        fate = self.chance.choice(self.fates)
        self.counts[fate] += 1
        if fate == "offline":
            return
        request = _whole(phone)
        if not request or fate == "lose_request":
            return
        if fate == "busy" and request.startswith(b"POST /api/v1/me/sync "):
            phone.sendall(NOT_NOW)
            return
        if fate == "double":
            self._ask(request)
        reply = self._ask(request)
        if fate != "lose_reply":
            phone.sendall(reply)

    def _ask(self, request):
        with socket.create_connection(self.server, timeout=60) as server:
            server.sendall(request)
            reply = b""
            while part := server.recv(65536):
                reply += part
            return reply


def _whole(phone):
    """A request with `Content-Length`, as urllib sends it, with `Connection: close`."""
    got = b""
    while b"\r\n\r\n" not in got:
        part = phone.recv(65536)
        if not part:
            return b""
        got += part
    head, _, body = got.partition(b"\r\n\r\n")
    lengths = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    missing = int(lengths[0]) - len(body) if lengths else 0
    while missing > 0:
        part = phone.recv(65536)
        if not part:
            return b""
        got += part
        missing -= len(part)
    return got

#!/usr/bin/env python3
"""The comparison: Debian's prometheus-alertmanager, killed right after it has answered 2xx to fifty alerts, and started again.

What our own server does with the same is told by the stories `escalation::killed`. Standard library only.
    alertmanager.py [alerts] [rounds]
"""

import http.server
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

ALERTS = int(sys.argv[1]) if len(sys.argv) > 1 else 50
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 3
# As shipped, alerts of a group are collected for 30 s; and the setting most in its favour.
SETTINGS = {"group_wait 30s (its default)": "30s", "group_wait 0s": "0s"}


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Sink(http.server.BaseHTTPRequestHandler):
    arrived = set()

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        Sink.arrived.update(alert["labels"]["n"] for alert in body["alerts"])
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


def start(folder, port):
    command = ["prometheus-alertmanager", f"--config.file={folder}/am.yml", f"--storage.path={folder}/data",
               f"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address=", "--log.level=error"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(600):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/-/ready", timeout=1).read()
            return process
        except OSError:
            time.sleep(0.05)
    raise SystemExit("prometheus-alertmanager does not listen")


def one_round(wait, sink):
    Sink.arrived = set()
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/am.yml", "w") as config:
            config.write(f"""
route: {{receiver: sink, group_by: [n], group_wait: {wait}, group_interval: 1s, repeat_interval: 1m}}
receivers: [{{name: sink, webhook_configs: [{{url: "http://127.0.0.1:{sink}/", send_resolved: false}}]}}]
""")
        port = free_port()
        process = start(folder, port)
        accepted = 0
        for n in range(ALERTS):
            alert = json.dumps([{"labels": {"alertname": "contact", "n": str(n)}}]).encode()
            request = urllib.request.Request(f"http://127.0.0.1:{port}/api/v2/alerts", alert, {"Content-Type": "application/json"})
            accepted += urllib.request.urlopen(request, timeout=5).status == 200
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        before = len(Sink.arrived)
        process = start(folder, port)
        time.sleep(40)
        process.kill()
        process.wait()
        return accepted, before, len(Sink.arrived)


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Sink)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for name, wait in SETTINGS.items():
        rounds = [one_round(wait, server.server_port) for _ in range(ROUNDS)]
        accepted, before, delivered = (sum(column) for column in zip(*rounds))
        print(f"prometheus-alertmanager, {name}: {accepted} alerts answered 2xx, killed right after ({ROUNDS} times): "
              f"{delivered} delivered ({before} before the kill), {accepted - delivered} lost")


main()

"""A phone over the generated binding: disk, clock, network and ids are its own, every decision is the core's."""

import datetime
import json
import os
import time
import urllib.error
import urllib.request
import uuid

import companion_core as core

from disk import Disk, Wiped


class Refused(Exception):
    def __init__(self, status, body):
        super().__init__(f"{status}: {body}")
        self.status, self.body = status, body


def call(url, path, method="GET", token=None, body=None, sent_at=None):
    """The status and the text of an answer; OSError if there is none."""
    headers = {"Content-Type": "application/json", "Connection": "close"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    if sent_at:
        headers["Companion-Sent-At"] = sent_at.isoformat()
    data = body.encode() if isinstance(body, str) else json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(url + path, data=data, headers=headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def ok(answer):
    status, body = answer
    if status >= 300:
        raise Refused(status, body)
    return json.loads(body) if body else None


class Phone:
    def __init__(self, folder, url, ahead, killed_at=None):
        self.url = url
        self.ahead = ahead
        self.disk = Disk(f"{folder}/phone.db", killed_at)
        self.outbox = core.Outbox.open(self.disk, self.disk.entries(), self.disk.kept("standing"))
        assert self.outbox.unreadable() == 0
        if self.outbox.is_revoked():
            # The app was killed before it had wiped everything.
            self.wipe()

    def now(self):
        return datetime.datetime.now(datetime.timezone.utc) + self.ahead

    def new_id(self):
        """Version 7, as Python 3.14 would make it."""
        stamp = int(time.time() * 1000).to_bytes(6, "big")
        rest = bytearray(os.urandom(10))
        rest[0] = 0x70 | rest[0] & 0x0F
        rest[2] = 0x80 | rest[2] & 0x3F
        return str(uuid.UUID(bytes=bytes(stamp + rest)))

    def join(self, code):
        if self.disk.kept("joined with") != code:
            body = {"code": code, "device_name": "A phone in Python"}
            session = ok(call(self.url, "/api/v1/auth/claim", "POST", body=body))
            self.disk.keep("session", json.dumps(session))
            self.disk.keep("joined with", code)
        # Said again after a kill in between: if it is so, it changes nothing.
        self.outbox.joined_again()

    def session(self):
        return json.loads(self.disk.kept("session"))

    def tap(self, label, tap):
        """Does something once, whatever the label stands for. When this returns, the person is told "saved"."""
        made = self.disk.made(label)
        if not made:
            made = self.new_id()
            self.disk.label = label
            try:
                self.outbox.keep(made, tap, self.now())
            finally:
                self.disk.label = None
        return made

    def check_in(self, label, answers):
        answers = [core.Answer(item_id=item, value=value) for item, value in answers]
        check_in = core.CheckIn(recorded_at=self.now(), answers=answers, note=label, note_shared=True, replaces=None)
        fault = core.check_check_in(check_in, self.scales())
        if fault:
            raise ValueError(fault.field, fault.sentence)
        return self.tap(label, core.Tap.CHECK_IN(check_in))

    def scales(self):
        items = self.disk.part("items")["items"]
        return [core.ItemScale(item_id=item["id"], min=item["min"], max=item["max"]) for item in items]

    def sync(self, rounds=1):
        """So many rounds, or until nothing waits. A pause is not waited for: the clock is moved."""
        failures = 0
        for _ in range(rounds):
            failures = 0 if self.round() else failures + 1
            wake = self.outbox.wake(self.now())
            if not failures and wake is None:
                return
            self.ahead += self.outbox.pause(failures) if failures else max(wake - self.now(), datetime.timedelta())

    def round(self):
        """Whether the server was heard until nothing was left to send."""
        self.outbox.begin_round(ask=True)
        while request := self.outbox.next(self.now()):
            if not self.goes_on(self.send(request)):
                return False
        return True

    def goes_on(self, then):
        if then == core.Then.REFRESH:
            then = self._refresh()
        if then == core.Then.WIPE:
            self.wipe()
            raise Wiped
        return then == core.Then.GO_ON

    def wipe(self):
        self.disk.wipe()
        self.outbox = core.Outbox.open(self.disk, [], None)

    def send(self, request):
        if request.is_SYNC():
            way = ("/api/v1/me/sync", "POST", self.session()["access_token"])
        else:
            way = (f"/api/v1/contact-requests/{request.id}", "PUT", self.session()["contact_key"])
        try:
            status, body = call(self.url, *way, body=request.body, sent_at=self.now())
        except OSError:
            return self.outbox.unreachable(request.number, self.now())
        return self.outbox.answered(request.number, status, body, self.now())

    def _refresh(self):
        """A lost reply is asked for again at once: for 30 seconds the server gives the same new tokens; later the old one ends the session."""
        session = self.session()
        for _ in range(2):
            try:
                status, body = call(self.url, "/api/v1/auth/refresh", "POST", body={"refresh_token": session["refresh_token"]})
            except OSError:
                continue
            if status == 200:
                self.disk.keep("session", json.dumps({**session, **json.loads(body)}))
            elif status == 401:
                return self.outbox.session_over(revoked=json.loads(body).get("code") == "device_revoked")
            break
        return core.Then.GO_ON

    def shown(self, made):
        return next(item.shown for item in self.outbox.items() if item.id == made)

#!/usr/bin/env python3
"""A week of a client's life on a native client: the core over its generated Python binding, against the real server.

    week.py <folder with the binding> <a folder of its own> <server> <worker's token> <client> <code> <code>

Each day is a process of its own, and is killed (kill -9) at its writes, before and after they are on the disk, until it comes through; then
the next begins from what the disk holds. The line loses requests and replies and sends requests twice (bad_line.py).

What is simulated: only the phone's clock moves, a day with each day and an hour or a pause where it waits. The server's is the machine's, so
the server sees a phone that is a little further ahead each day, and counts what it hears as made just now (Companion-Sent-At tells it).
Everything else is real: the binary, its database, the processes that are killed, the sockets.
"""

import datetime
import json
import pathlib
import subprocess
import sys

sys.path.insert(0, sys.argv[1])

import companion_core as core  # noqa: E402
from bad_line import BAD, BUSY, GOOD, OFFLINE, BadLine  # noqa: E402
from disk import Wiped  # noqa: E402
from phone import Phone, call, ok  # noqa: E402

REMINDER = "019ab000-0000-7000-8000-00000000c0de"


CANNOT_CHECK = "We can’t check who is there right now. Best to take it as nobody."


def who_is_there(phone, online):
    cover = json.dumps(phone.disk.part("cover"))
    return core.cover_words(cover, phone.disk.heard_at("cover"), phone.now(), online, "Europe/London", core.Language.EN)


def answers(phone, value):
    return [(item["id"], float(value)) for item in phone.disk.part("items")["items"][:3]]


def monday(phone, codes):
    """Joins, hears who they are, and checks in."""
    phone.join(codes[0])
    phone.sync(8)
    phone.check_in("monday", answers(phone, 5))
    phone.sync(8)


def tuesday(phone, _codes):
    """No network all day: three check-ins and a plan, saved and not more."""
    try:
        phone.check_in("off the scale", [(phone.disk.part("items")["items"][0]["id"], 99.0)])
        raise AssertionError("an answer that is on no scale")
    except ValueError as error:
        assert error.args[0] == "answers[0]", error
    kept = len(phone.outbox.items())
    phone.disk.is_full = True
    try:
        phone.check_in("a full disk", answers(phone, 1))
        raise AssertionError("it was said to be saved")
    except core.HostError.Disk:
        assert len(phone.outbox.items()) == kept and not phone.disk.made("a full disk")
    phone.disk.is_full = False
    made = [phone.check_in(f"tuesday {n}", answers(phone, n + 2)) for n in range(3)]
    line = {"id": REMINDER, "text": "A walk before lunch"}
    made.append(phone.tap("plan", core.Tap.PLAN_DRAFT(json.dumps({"based_on": None, "body": {"keeps_well": [line]}}))))
    phone.sync(3)
    assert all(phone.shown(one).is_SAVED_ON_THIS_PHONE() for one in made), phone.outbox.items()
    assert who_is_there(phone, online=False) == CANNOT_CHECK


def wednesday(phone, _codes):
    """The line is bad, and everything gets through."""
    phone.check_in("wednesday", answers(phone, 3))
    phone.sync(40)


def ask(phone, label, when):
    request = core.ContactRequest(requested_at=phone.now(), when=when, how=core.How.CALL, message=label)
    assert core.check_contact_request(request) is None
    return phone.tap(f"ask {label}", core.Tap.CONTACT_REQUEST(request))


def thursday(phone, _codes):
    """Asks for contact while a slow request hangs, and adds words before the request has gone."""
    phone.check_in("thursday", answers(phone, 2))
    phone.outbox.begin_round(ask=True)
    slow = phone.outbox.next(phone.now())
    was_asked = phone.disk.made("ask thursday")
    asked = ask(phone, "thursday", core.When.TODAY)
    if not was_asked:
        urgent = phone.outbox.next_contact(phone.now())
        assert urgent.is_SYNC() and asked in urgent.body, urgent
        phone.goes_on(phone.send(urgent))
    phone.outbox.unreachable(slow.number, phone.now())
    phone.tap("words", core.Tap.CONTACT_ADDITION(asked, "and I am at my sister's"))
    phone.sync(40)


def friday(phone, _codes):
    """Hears who has seen it, and who is there; answers two reminders that the phone worked out by itself."""
    phone.sync(40)
    assert who_is_there(phone, online=True) != CANNOT_CHECK
    phone.ahead += datetime.timedelta(minutes=4)
    assert who_is_there(phone, online=True) == CANNOT_CHECK
    phone.sync(40)
    # It did not change, so the server told only that.
    assert who_is_there(phone, online=True) != CANNOT_CHECK
    what_is_refused_is_shown_until_it_is_removed(phone)
    [request] = phone.disk.part("contact_requests")["items"]
    assert request["state"] == "seen" and len(request["additions"]) == 1, request
    [reminder] = phone.disk.part("reminders")["reminders"]
    known = {"id": reminder["id"], "schedule": reminder["schedule"], "from": "2026-01-01T00:00:00Z"}
    start = phone.now() - phone.ahead
    start = start.replace(hour=0, minute=0, second=0, microsecond=0)
    due = core.occurrences(json.dumps(known), "Europe/London", start, start + datetime.timedelta(days=1))
    assert len(due) == 2, due
    acts = [core.Act.DONE(), core.Act.SKIP("not today")]
    for one, act in zip(due, acts):
        answer = core.OccurrenceAnswer(
            occurrence_id=one.id, reminder_id=one.reminder_id, date=one.date, time=one.time, at=phone.now(), act=act
        )
        phone.tap(f"reminder {one.time}", core.Tap.OCCURRENCE(answer))
    phone.sync(40)


def saturday(phone, _codes):
    """The phone's clock is ten years ahead for a day, and what is not a kind of this app stays out of the way."""
    phone.ahead += datetime.timedelta(days=3650)
    phone.check_in("saturday", answers(phone, 4))
    phone.sync(40)
    phone.ahead -= datetime.timedelta(days=3650)


def sunday(phone, _codes):
    """The access token has run out, as far as the phone can tell: it gets another one and goes on. Nothing waits any more."""
    phone.disk.keep("session", json.dumps({**phone.session(), "access_token": "run out"}))
    phone.check_in("sunday", answers(phone, 5))
    phone.sync(40)
    assert phone.outbox.wake(phone.now()) is None and phone.outbox.unsent() == [], phone.outbox.items()
    assert all(item.shown.is_RECEIVED() for item in phone.outbox.items()), phone.outbox.items()
    what_was_put_back_is_noticed(phone)


def sunday_night(phone, _codes):
    """No token is taken any more, for whatever reason. What waits is not wiped; a request for contact goes all the same."""
    phone.disk.keep("session", json.dumps({**phone.session(), "access_token": "gone", "refresh_token": "gone"}))
    made = phone.check_in("sunday night", answers(phone, 1))
    asked = ask(phone, "sunday night", core.When.NOW)
    phone.sync(20)
    states = (phone.shown(asked), phone.shown(made))
    assert states[0].is_RECEIVED() and states[1].is_SAVED_ON_THIS_PHONE(), (states, phone.disk.kept("standing"), phone.disk.entries()[-2:])


def what_was_put_back_is_noticed(phone):
    """Of two changes one after the other the answer to the second is lost: then the server has again what it told before the first."""
    phone.sync(40)

    def chooses(shown):
        return ok(call(phone.url, "/api/v1/me/sharing", "PUT", phone.session()["access_token"], {"flags_shown": shown}))

    phone.outbox.learnt("sharing", json.dumps(chooses(False)), phone.now())
    assert not phone.disk.part("sharing")["flags_shown"]
    chooses(True)
    phone.sync(40)
    assert phone.disk.part("sharing")["flags_shown"]


def what_is_refused_is_shown_until_it_is_removed(phone):
    answer = core.Tap.FLAG_ANSWER("019ab000-0000-7000-8000-00000000dead", "fine", None)
    made = phone.tap("an answer to nobody's flag", answer)
    phone.sync(40)
    there = [item for item in phone.outbox.items() if item.id == made]
    assert all(item.shown.is_NOT_SENT() and item.shown.reason for item in there), there
    phone.outbox.remove_refused(made)
    assert made not in [item.id for item in phone.outbox.items()]


def the_next_monday(phone, codes):
    """Joins again with a code (on a good line: a code is for once), and what waited goes."""
    phone.join(codes[1])
    phone.sync(40)
    assert phone.outbox.unsent() == [], phone.outbox.items()


def the_next_tuesday(phone, _codes):
    """The server is too busy to sync. A request for contact gets through all the same."""
    asked = ask(phone, "the next tuesday", core.When.NOW)
    phone.sync(3)
    assert phone.shown(asked).is_RECEIVED(), phone.outbox.items()


def the_next_wednesday(phone, _codes):
    """What the busy server was not told goes, and it is told what came beside."""
    phone.sync(40)
    assert phone.outbox.unsent() == [], phone.outbox.items()


def revoked(phone, _codes):
    """The phone was taken off the list: nothing of the person stays on it, and it goes quiet."""
    # Killed in the middle of it, it went on at the next start.
    if phone.disk.kept("session"):
        phone.check_in("revoked", answers(phone, 1))
        try:
            ask(phone, "revoked", core.When.NOW)
            phone.sync(8)
            raise AssertionError("it was not told")
        except Wiped:
            pass
    assert phone.disk.entries() == [] and not phone.disk.kept("session") and not phone.disk.part("me")
    assert phone.outbox.items() == [] and phone.outbox.wake(phone.now()) is None


DAYS = [(monday, GOOD), (tuesday, OFFLINE), (wednesday, BAD), (thursday, BAD), (friday, BAD), (saturday, BAD), (sunday, GOOD), (sunday_night, BAD), (the_next_monday, GOOD), (the_next_tuesday, BUSY), (the_next_wednesday, BAD), (revoked, GOOD)]
KILLS = ["1 before", "1 after", "2 before", "2 after", "3 after", "5 before", "6 after"]


def live_a_day(number, folder, url, codes, killed_at):
    day, _ = DAYS[number]
    day(Phone(folder, url, datetime.timedelta(days=number), killed_at or None), codes)


class Team:
    def __init__(self, url, token, client):
        self.url, self.token, self.client = url, token, client

    def ask(self, path, method="GET", body=None):
        return ok(call(self.url, f"/api/v1/team/{path}", method, self.token, body))

    def of_client(self, path, method="GET"):
        return self.ask(f"clients/{self.client}/{path}", method)

    def takes_off_the_list(self, name):
        for device in self.of_client("devices")["items"]:
            if device["name"] == name:
                self.of_client(f"devices/{device['id']}", "DELETE")


def live_a_week(binding, folder, url, token, client, *codes):
    host, port = url.removeprefix("http://").split(":")
    line = BadLine((host, int(port)))
    team = Team(url, token, client)
    kills = 0
    for number, (day, fates) in enumerate(DAYS):
        line.becomes(fates)
        for killed_at in [*KILLS, ""]:
            arguments = [binding, folder, f"http://127.0.0.1:{line.port}", token, client, *codes, str(number), killed_at]
            ended = subprocess.run([sys.executable, __file__, *arguments]).returncode
            assert ended in (0, -9), f"{day.__name__}, killed at {killed_at or 'no time'}: {ended}"
            kills += ended == -9
        if day is monday:
            schedule = {"starts_on": "2026-01-01", "times": ["08:00", "20:00"], "repeat": {"unit": "day", "every": 1}, "ends": None}
            body = {"change": REMINDER, "based_on": None, "title": "Tablets", "note": None, "about": "own", "plan_line": None,
                    "schedule": schedule, "state": "on", "paused_until": None}
            mine = json.loads(Phone(folder, url, datetime.timedelta()).disk.kept("session"))["access_token"]
            ok(call(url, f"/api/v1/me/reminders/{REMINDER}", "PUT", mine, body))
        if day is the_next_wednesday:
            each_thing_is_there_once(team, Phone(folder, url, datetime.timedelta(days=7)))
            team.takes_off_the_list("A phone in Python")
        if day is thursday:
            [asked] = team.ask("contact-requests")["items"]
            team.ask(f"contact-requests/{asked['id']}/acknowledge", "POST", {})
    # A week in which nothing happened would prove nothing.
    assert kills >= 30 and all(line.counts.values()), (kills, line.counts)
    print(f"a week with {kills} kills; the line: {line.counts}; the phone's disk: {len(Phone(folder, url, datetime.timedelta()).disk.entries())} entries")


def each_thing_is_there_once(team, phone):
    notes = ["monday", "saturday", "sunday", "sunday night", "thursday", "tuesday 0", "tuesday 1", "tuesday 2", "wednesday"]
    mine = lambda path: ok(call(phone.url, f"/api/v1/me/{path}", token=phone.session()["access_token"]))
    for check_ins in (team.of_client("check-ins?limit=200"), mine("check-ins?limit=200")):
        assert sorted(one["note"] for one in check_ins["items"]) == notes, check_ins
    assert sorted(one["id"] for one in mine("check-ins?limit=200")["items"]) == sorted(phone.disk.made(note) for note in notes)
    for requests in (team.of_client("contact-requests"), mine("contact-requests")):
        [request] = requests["items"]
        assert request["id"] == phone.disk.made("ask thursday") and request["message"] == "thursday", request
        # The taps by key are folded into the first, with their words.
        added = [one["message"] for one in request["additions"]]
        assert added == ["and I am at my sister's", "sunday night", "the next tuesday"], request
    answered = [one["state"] for one in mine("reminders")["occurrences"] if one["state"] in ("done", "skipped")]
    assert sorted(answered) == ["done", "skipped"], answered
    plan = mine("plan")
    assert json.dumps(plan).count("A walk before lunch") == 1, plan


if __name__ == "__main__":
    if len(sys.argv) == 10:
        _, _, folder, url, _, _, *codes, number, killed_at = sys.argv
        live_a_day(int(number), folder, url, codes, killed_at)
    else:
        pathlib.Path(sys.argv[2]).mkdir(parents=True, exist_ok=True)
        live_a_week(*sys.argv[1:])

"""When reminders happen, worked out by python-dateutil and zoneinfo: the oracle that mobile-shared/src/reminder is held to.

It shares nothing with what it judges: another language, another library of recurrence, another compilation of the zones.
Reads a question a line (JSON) and answers it with a line (JSON), after a first line about itself:

    {"reminder": {...}, "zone": "Europe/London", "from": "...Z", "to": "...Z", "rule": "FREQ=..." | null}
        -> {"occurrences": ["2026-03-29 01:30 2026-03-29T01:00:00Z", ...], "rule": true}
           rule: read as RFC 5545 text, the rule means the same dates as the schedule's own fields
    {"changes_of": "Europe/London", "from": "...Z", "to": "...Z"}
        -> {"changes": ["2026-03-29T01:00:00Z", ...]}: when the offset from UTC is another than the minute before

Run it with PYTHONTZPATH="" and the packages of requirements.txt, so that the zones are those of the PyPI package tzdata.
"""

import calendar
import itertools
import json
import sys
import zoneinfo
from datetime import date, datetime, time, timedelta, timezone

import tzdata
from dateutil import rrule

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
WEEKDAYS = dict(mo=rrule.MO, tu=rrule.TU, we=rrule.WE, th=rrule.TH, fr=rrule.FR, sa=rrule.SA, su=rrule.SU)


def moment(text):
    return datetime.fromisoformat(text)


def written(at):
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def dates(schedule):
    """The dates of a schedule, from the first on, read from what people chose."""
    start = date.fromisoformat(schedule["starts_on"])
    ends = schedule["ends"] or {}
    found = (day for day in endless(start, schedule["repeat"]) if day >= start)
    if "on" in ends:
        last = date.fromisoformat(ends["on"])
        found = itertools.takewhile(lambda day: day <= last, found)
    return itertools.islice(found, ends.get("after"))


def endless(start, repeat):
    if repeat["unit"] == "none":
        return [start]
    every, begin = repeat["every"], datetime.combine(start, time())
    if repeat["unit"] == "day":
        return (at.date() for at in rrule.rrule(rrule.DAILY, begin, every))
    if repeat["unit"] == "week":
        days = [WEEKDAYS[day] for day in repeat["weekdays"]]
        return (at.date() for at in rrule.rrule(rrule.WEEKLY, begin, every, wkst=rrule.MO, byweekday=days))
    month = repeat["month"]
    if "nth" in month:
        nth = WEEKDAYS[month["weekday"]](month["nth"])
        return (at.date() for at in rrule.rrule(rrule.MONTHLY, begin, every, byweekday=nth))
    firsts = (at.date() for at in rrule.rrule(rrule.MONTHLY, begin.replace(day=1), every))
    return (first.replace(day=min(month["day"], length(first))) for first in firsts)


def length(month):
    return calendar.monthrange(month.year, month.month)[1]


def instant(day, clock, zone):
    """The first valid minute at or after this wall time; the earlier of two (fold 0)."""
    local = datetime.combine(day, clock)
    while True:
        at = local.replace(tzinfo=zone).astimezone(timezone.utc)
        if at.astimezone(zone).replace(tzinfo=None) == local:
            return at
        local += MINUTE


def occurrences(reminder, zone, begin, end):
    schedule = reminder["schedule"]
    times = [time.fromisoformat(clock) for clock in schedule["times"]]
    begin = max(begin, moment(reminder["from"]))
    until, pause = reminder.get("until"), reminder.get("paused_until")
    if until:
        end = min(end, moment(until))
    near = range_of(dates(schedule), begin.date() - 3 * DAY, end.date() + 3 * DAY)
    awake = (day for day in near if not pause or day > date.fromisoformat(pause))
    found = ((day, clock, instant(day, clock, zone)) for day in awake for clock in times)
    return [f"{day} {clock:%H:%M} {written(at)}" for day, clock, at in found if begin <= at < end]


def range_of(days, first, last):
    return [day for day in itertools.takewhile(lambda day: day <= last, days) if day >= first]


def same_rule(schedule, rule, last):
    if rule is None:
        return schedule["repeat"]["unit"] == "none"
    start = datetime.fromisoformat(schedule["starts_on"])
    by_text = (at.date() for at in rrule.rrulestr(rule, dtstart=start))
    return range_of(by_text, start.date(), last) == range_of(dates(schedule), start.date(), last)


def changes(zone, begin, end):
    """Looks once a week, and where the offset is another, for the minute."""
    def offset(at):
        return at.astimezone(zone).utcoffset()

    found, week = [], timedelta(days=7)
    while begin < end:
        low, high = begin, min(begin + week, end)
        if offset(low) != offset(high):
            while high - low > MINUTE:
                middle = low + (high - low) // MINUTE // 2 * MINUTE
                low, high = (middle, high) if offset(middle) == offset(low) else (low, middle)
            found.append(written(high))
        begin += week
    return found


def answer(question):
    begin, end = moment(question["from"]), moment(question["to"])
    if "changes_of" in question:
        return {"changes": changes(zoneinfo.ZoneInfo(question["changes_of"]), begin, end)}
    reminder, zone = question["reminder"], zoneinfo.ZoneInfo(question["zone"])
    return {
        "occurrences": occurrences(reminder, zone, begin, end),
        "rule": same_rule(reminder["schedule"], question["rule"], end.date()),
    }


if __name__ == "__main__":
    if zoneinfo.TZPATH:
        sys.exit(f'the system\'s zones in {zoneinfo.TZPATH} would be used: set PYTHONTZPATH=""')
    print(json.dumps({"iana": tzdata.IANA_VERSION}))
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))))

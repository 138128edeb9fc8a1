"""What the phone keeps: SQLite with a disk that has said so before anybody is told "saved"."""

import datetime
import json
import os
import signal
import sqlite3

import companion_core as core


class Wiped(Exception):
    """This phone was revoked, and the person's data is gone from it."""


class Disk(core.Disk):
    def __init__(self, path, killed_at=None):
        # The binding calls from one thread only, but it is the core that calls.
        self.file = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self.file.execute("PRAGMA synchronous = FULL")
        for table in ("entries", "kept", "parts", "made"):
            self.file.execute(f"CREATE TABLE IF NOT EXISTS {table} (id TEXT PRIMARY KEY, value TEXT NOT NULL)")
        self.file.execute("CREATE TABLE IF NOT EXISTS heard (id TEXT PRIMARY KEY, at TEXT NOT NULL)")
        self.label = None
        # "3 before" kills this process at the third write, before it is on the disk.
        self.killed_at = killed_at
        self.writes = 0
        self.is_full = False

    def write(self, changes):
        if self.is_full:
            raise core.HostError.Disk("no space left on it")
        self.writes += 1
        if self.killed_at == f"{self.writes} before":
            os.kill(os.getpid(), signal.SIGKILL)
        self.file.execute("BEGIN IMMEDIATE")
        for change in changes:
            if change.is_PUT_ENTRY():
                self._put("entries", change.id, change.json)
                # What the person did, in the words of the story, in the same transaction: it is not done again after a kill.
                if self.label:
                    self._put("made", self.label, change.id)
            elif change.is_REMOVE_ENTRY():
                self.file.execute("DELETE FROM entries WHERE id = ?", (change.id,))
            elif change.is_PUT_STANDING():
                self.keep("standing", change.json)
            elif change.is_PUT_PART():
                self._put("parts", change.name, change.json)
            elif change.is_CONFIRMED():
                self._confirm(change)
        self.file.execute("COMMIT")
        if self.killed_at == f"{self.writes} after":
            os.kill(os.getpid(), signal.SIGKILL)

    def _confirm(self, change):
        names = change.parts if change.parts is not None else [row[0] for row in self.file.execute("SELECT id FROM parts")]
        for name in names:
            if name not in change.but:
                self.file.execute("INSERT OR REPLACE INTO heard VALUES (?, ?)", (name, change.at.isoformat()))

    def heard_at(self, name):
        row = self.file.execute("SELECT at FROM heard WHERE id = ?", (name,)).fetchone()
        return datetime.datetime.fromisoformat(row[0]) if row else None

    def wipe(self):
        """What is the person's. What the app comes with, as the crisis lines, is not on this disk."""
        self.file.execute("BEGIN IMMEDIATE")
        for table in ("entries", "kept", "parts", "made", "heard"):
            self.file.execute(f"DELETE FROM {table}")
        self.file.execute("COMMIT")

    def _put(self, table, name, value):
        self.file.execute(f"INSERT INTO {table} VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", (name, value))

    def keep(self, name, value):
        self._put("kept", name, value)

    def kept(self, name):
        return self._one("kept", name)

    def made(self, label):
        return self._one("made", label)

    def part(self, name):
        found = self._one("parts", name)
        return json.loads(found) if found else None

    def _one(self, table, name):
        row = self.file.execute(f"SELECT value FROM {table} WHERE id = ?", (name,)).fetchone()
        return row[0] if row else None

    def entries(self):
        return [row[0] for row in self.file.execute("SELECT value FROM entries")]

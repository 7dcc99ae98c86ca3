"""People at work while jobs run and are killed."""

import threading

import psycopg2

from .client import Client, RpcError


class Users(threading.Thread):
    """One person reports problems over HTTP, another writes the very rows that the jobs read and write.

    A subclass says what the other one writes. At the end nobody may have met an error, and each of them must have done something.
    """

    def __init__(self, server):
        super().__init__(daemon=True)
        self.server, self.over, self.errors, self.reported, self.written = server, threading.Event(), [], 0, 0
        self.alone = threading.Lock()  # held while a transaction of the writer is open

    def __enter__(self):
        self.writer = threading.Thread(target=self.write_on, daemon=True)
        self.writer.start()
        self.start()
        return self

    def __exit__(self, *_exception):
        self.over.set()
        self.join(60)
        self.writer.join(60)
        assert not self.errors, self.errors
        assert self.reported and self.written

    def run(self):
        client = Client(self.server.url, self.server.database, "employee")
        while not self.over.wait(0.3):
            try:
                client.call("ops.problem", "quick_report", {"name": f"反馈 {self.reported}", "description": "见照片"})
                self.reported += 1
            except RpcError as error:
                self.errors.append(error.debug)

    def write_on(self):
        connection = psycopg2.connect(dbname=self.server.database)
        while not self.over.wait(0.05):
            with self.alone, connection, connection.cursor() as cr:
                self.written += self.write(cr)
        connection.close()

    def write(self, cr):
        """Write something in the transaction of ``cr``; return how many rows."""
        raise NotImplementedError

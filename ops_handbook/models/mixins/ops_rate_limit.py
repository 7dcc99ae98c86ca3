import hashlib
import hmac
import secrets
from contextlib import suppress
from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools import clock

SALT_PARAMETER = "ops_handbook.door_salt"
LIMIT_PARAMETER = "ops_handbook.door_limit_%s"


class OpsRateLimit(models.Model):
    """How often the public doors were used in the last minute; nobody may read it, and it forgets within minutes.

    A row says that something happened, under a key that is a hash with a salt which is thrown away every day: an address
    never comes into the database, and yesterday's rows could be told to nobody even by whoever owns the server.
    """

    _name = "ops.rate.limit"
    _description = "Recent Use of a Public Door"
    _log_access = False
    _rec_name = "key"

    # seconds
    _window = 60
    # posts within the window: of one sender, through one link, of all together; each can be set as a system parameter
    _limits = {"client": 10, "place": 20, "all": 60}

    key = fields.Char(required=True, readonly=True)
    moment = fields.Datetime(required=True, readonly=True, index=True)

    _key_moment = models.Index("(key, moment)")

    @api.model
    def _admit(self, client, place):
        """Count a post through a public door and return 0, or do not count it and return the seconds to wait.

        ``client`` is the address of the sender, ``place`` the link that they use; of both only a salted hash is kept.
        The count is committed at once, in a transaction of its own: a flood is counted although its requests fail, and
        requests that are served at the same time see each other.
        """
        with self.env.registry.cursor() as cr:
            # one after the other, for a few milliseconds: two first posts of a day made a salt each, and were counted apart.
            # Before anything is read, since what a transaction sees is settled by its first look
            cr.execute("LOCK TABLE ops_rate_limit IN SHARE ROW EXCLUSIVE MODE")
            limiter = self.with_env(self.env(cr=cr))
            salt = limiter._salt()
            keys = {limiter._key(salt, scope, value): limiter._limit(scope)
                    for scope, value in (("client", client), ("place", place), ("all", ""))}
            wait = limiter._wait(keys)
            if not wait:
                limiter._count(keys)
            return wait

    @api.model
    def _limit(self, scope):
        value = self.env["ir.config_parameter"].get_param(LIMIT_PARAMETER % scope, "")
        return int(value) if value.isdecimal() else self._limits[scope]

    @api.model
    def _salt(self):
        """Return the salt of the day; a new day makes a new one and forgets the old."""
        parameters = self.env["ir.config_parameter"]
        day = clock.today("UTC").isoformat()
        # read past the cache: another worker may have made the salt of the day a moment ago
        known, _, salt = (parameters.search([("key", "=", SALT_PARAMETER)]).value or "").partition(":")
        if known != day:
            salt = secrets.token_hex(16)
            parameters.set_param(SALT_PARAMETER, f"{day}:{salt}")
        return salt

    @api.model
    def _key(self, salt, scope, value):
        return hmac.new(salt.encode(), f"{scope}:{value}".encode(), hashlib.sha256).hexdigest()

    @api.model
    def _wait(self, keys):
        """Return after how many seconds all of ``keys`` (hash → limit) will be under their limits; 0: they are."""
        now = clock.now()
        rows = self.env.execute_query(SQL(
            "SELECT key, count(*), min(moment) FROM ops_rate_limit WHERE key IN %s AND moment > %s GROUP BY key",
            tuple(keys), now - timedelta(seconds=self._window),
        ))
        full = [oldest for key, count, oldest in rows if count >= keys[key]]
        return max((self._window - int((now - oldest).total_seconds()) for oldest in full), default=0)

    @api.model
    def _count(self, keys):
        now = clock.now()
        self._forget_old(now)
        self.env.execute_query(SQL(
            "INSERT INTO ops_rate_limit (key, moment) SELECT unnest(%s), %s RETURNING id", list(keys), now,
        ))

    @api.model
    def _forget_old(self, now):
        """Delete what is no longer needed to count: it would only be a trace."""
        # somebody else deletes the same rows at this moment: then it is done
        with suppress(SerializationFailure), self.env.cr.savepoint(flush=False):
            self.env.cr.execute(SQL(
                "DELETE FROM ops_rate_limit WHERE id IN"
                " (SELECT id FROM ops_rate_limit WHERE moment < %s FOR UPDATE SKIP LOCKED)",
                now - timedelta(seconds=2 * self._window),
            ), log_exceptions=False)

    @api.autovacuum
    def _forget(self):
        """Clear what a quiet door left behind."""
        self._forget_old(clock.now())

import logging

from psycopg2 import OperationalError

from odoo import api, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)
SIZES = (2_000, 64_000)  # so many entries of a kind are of age 0; of age 0 or 1; twice as many before the job sorts them out
BATCH = 500  # entries of one transaction
FOUND = 20_000  # entries that are sorted out by one statement


class OpsSearchEntry(models.Model):
    """How old entries are: 0 the newest thousands of their kind, 1 the newer ones, 2 all others.

    A word that stands everywhere is looked for among the newest, in an index of these alone: an index of all would have
    to be read wherever the word stands. Nothing depends on it but speed: an entry that is too young for its age is found,
    among the newest of which there are then some more.
    """

    _inherit = "ops.search.entry"

    @api.model
    def _grow_old(self):
        """Let the oldest of the newest become older where there are twice as many as there should be."""
        for age, size in reversed(list(enumerate(SIZES))):
            for kind, number in self.env.execute_query(SQL(
                "SELECT kind, count(*) FROM ops_search_entry WHERE age <= %s GROUP BY kind", age
            )):
                while number > 2 * size and (ids := self._too_young(kind, age, size)):
                    if not self._set_age(ids, age + 1):
                        return  # the next run goes on

    @api.model
    def _too_young(self, kind, age, size):
        """Return the ids of entries of a kind that are not among the ``size`` newest, though their age says so."""
        return [row[0] for row in self.env.execute_query(SQL(
            """
            SELECT id FROM ops_search_entry WHERE age <= %s AND kind = %s
          ORDER BY date DESC NULLS LAST, id DESC OFFSET %s LIMIT %s
            """,
            age, kind, size, FOUND,
        ))]

    @api.model
    def _set_age(self, ids, age):
        """Make entries so old, a batch per transaction; return whether there is time for more."""
        cron = self.env["ir.cron"]
        for start in range(0, len(ids), BATCH):
            try:
                self.env.execute_query(SQL(
                    "UPDATE ops_search_entry SET age = %s WHERE id = ANY(%s) RETURNING 1", age, ids[start:start + BATCH]
                ))
                left = cron._commit_progress()
            except OperationalError as error:  # somebody publishes, or another worker is at it: the next run goes on
                self.env.cr.rollback()
                _logger.info("search: %s, going on with the next run", error)
                return False
            if left <= 0:
                return False
        return True

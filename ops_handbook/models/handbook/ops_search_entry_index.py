import logging
from datetime import datetime

from psycopg2 import OperationalError

from odoo import api, models
from odoo.tools import SQL

from ...tools import clock
from ...tools.search_words import plain, vector

_logger = logging.getLogger(__name__)
BATCH = 200  # records of one transaction
FOUND = 20_000  # changed records of a model that a run looks for at once
ATTEMPTS = 5
EPOCH = datetime(1970, 1, 1)
LEVELS = (0, 2, 4, 6, 8, 10)  # windows of time: 1, 4, 16 … 1024 days


def days(moment):
    """Return the number of a day, counted from a day that never changes."""
    return (moment - EPOCH).days


class OpsSearchEntry(models.Model):
    """Forms are indexed by a job, so that nobody who writes one waits for it.

    The job does not trust clocks: what a record was like when it was indexed stands in its entry, and whatever looks
    otherwise now is indexed again, however late its transaction ended and whatever its clock said.
    """

    _inherit = "ops.search.entry"

    @api.model
    def _cron_index(self):
        """Bring the search up to date: forget what is gone, then index what is new or changed, a batch per transaction."""
        cron = self.env["ir.cron"]
        for name in self._searched():
            self._forget(name)
            left = cron._commit_progress()
            while ids := self._changed(name):
                left = self._index_all(name, ids)
                if left <= 0:
                    self.env.ref("ops_handbook.ops_search_cron")._trigger()
                    return
                if len(ids) < FOUND:
                    break
        self._forget_others()
        cron._commit_progress()

    @api.model
    def _index_all(self, name, ids):
        """Index these records batch by batch; return the seconds that are left."""
        cron, failures, left, at, size = self.env["ir.cron"], 0, 1, 0, BATCH
        while at < len(ids) and left > 0 and failures < ATTEMPTS:
            batch = ids[at:at + size]
            try:
                self._index_batch(name, batch)
                left = cron._commit_progress(len(batch))
            except OperationalError as error:  # another worker wrote the same entry: a job has no retry of its own
                self.env.cr.rollback()
                failures += 1
                _logger.info("search: %s, trying again", error)
                continue
            except Exception:
                self.env.cr.rollback()
                if len(batch) > 1:
                    size = 1  # find the one that cannot be read; the others go on
                    continue
                _logger.exception("search: %s %s cannot be indexed", name, batch)
                self._put([(name, batch[0], None, self._searched()[name], None, self._stamps(name, batch).get(batch[0]), "", None)])
                cron._commit_progress(1)
            at, failures = at + len(batch), 0
        return left if failures < ATTEMPTS else 0

    # -- which --------------------------------------------------------------------------------------------------------------

    @api.model
    def _changed(self, name):
        """Return the ids of the records of a model that are new or look otherwise than their entries say, oldest first."""
        model = self.env[name]
        if hasattr(model, "_search_changed"):
            return model._search_changed(FOUND)
        stamp, joins = self._stamp_sql(model)
        return [row[0] for row in self.env.execute_query(SQL(
            """
            SELECT record.id
              FROM %s AS record
         LEFT JOIN ops_search_entry AS entry ON entry.res_model = %s AND entry.res_id = record.id
                %s
             WHERE entry.stamp IS DISTINCT FROM %s
          ORDER BY record.id
             LIMIT %s
            """,
            SQL.identifier(model._table), name, joins, stamp, FOUND,
        ))]

    @api.model
    def _stamps(self, name, ids):
        """Return how these records look now: dict id → stamp."""
        model = self.env[name]
        stamp, joins = self._stamp_sql(model)
        return dict(self.env.execute_query(SQL(
            "SELECT record.id, %s FROM %s AS record %s WHERE record.id = ANY(%s)",
            stamp, SQL.identifier(model._table), joins, list(ids),
        )))

    @api.model
    def _stamp_sql(self, model):
        """Return the expression of a stamp and the joins that it needs: dates of the record, its lines, what it links to."""
        parts, joins = [SQL("%s", self._signature(model)), SQL("record.write_date")], []
        keys = self._keys_of(model._name)
        heads = sorted({path.split(".")[0] for path in (*model._search_fields, *keys) if "." in path})
        for number, head in enumerate(heads):
            field, alias = model._fields[head], SQL.identifier(f"linked_{number}")
            table = SQL.identifier(self.env[field.comodel_name]._table)
            if field.type == "one2many":
                inverse = SQL.identifier(field.inverse_name)
                joins.append(SQL(
                    "LEFT JOIN (SELECT %s AS id, max(write_date) AS latest, count(*) AS lines FROM %s GROUP BY 1) AS %s ON %s.id = record.id",
                    inverse, table, alias, alias,
                ))
                parts += [SQL("%s.latest", alias), SQL("%s.lines", alias)]
            else:
                joins.append(SQL("LEFT JOIN %s AS %s ON %s.id = record.%s", table, alias, alias, SQL.identifier(head)))
                parts.append(SQL("%s.write_date", alias))
        for number, key in enumerate(key for key in keys if model._fields[key.split(".")[0]].type == "many2many"):
            # whoever changes such a list: not all of them touch the record
            field, alias = model._fields[key], SQL.identifier(f"listed_{number}")
            joins.append(SQL(
                "LEFT JOIN (SELECT %s AS id, count(*) AS number, sum(%s) AS total FROM %s GROUP BY 1) AS %s ON %s.id = record.id",
                SQL.identifier(field.column1), SQL.identifier(field.column2), SQL.identifier(field.relation), alias, alias,
            ))
            parts += [SQL("%s.number", alias), SQL("%s.total", alias)]
        return SQL("concat_ws('/', %s)", SQL(", ").join(parts)), SQL(" ").join(joins)

    @api.model
    def _forget(self, name):
        """Delete the entries of records that are gone."""
        self.env.execute_query(SQL(
            """
            DELETE FROM ops_search_entry AS entry
                  WHERE entry.res_model = %s AND NOT EXISTS (SELECT FROM %s AS record WHERE record.id = entry.res_id)
              RETURNING 1
            """,
            name, SQL.identifier(self.env[name]._table),
        ))

    @api.model
    def _forget_others(self):
        """Delete the entries of models that are not searched any more."""
        self.env.execute_query(SQL(
            "DELETE FROM ops_search_entry WHERE res_model != ALL(%s) RETURNING 1", list(self._searched())
        ))

    # -- what ---------------------------------------------------------------------------------------------------------------

    @api.model
    def _index_batch(self, name, ids):
        """Index some records of a model as they are now; those that are gone lose their entries."""
        if hasattr(self.env[name], "_search_index"):
            return self.env[name].browse(ids)._search_index()
        stamps = self._stamps(name, ids)
        # sudo: the index knows all; what somebody finds is asked for with their own rights. No language but the source's
        records = self.env[name].sudo().with_context(active_test=False, lang=None).browse(stamps)
        called = next((field for field in ("number", "code") if field in records._fields), None)
        kind = self._searched()[name]
        self._put([
            (name, record.id, None, kind, record.create_date, stamps[record.id], vector(
                self._texts(record), [called and record[called]], self._keys(record, record.create_date, kind)
            ), None)
            for record in records
        ])
        self.env.invalidate_all(flush=False)
        return None

    @api.model
    def _texts(self, record):
        """Yield the texts of a record with their weights: title and number first."""
        for name in ("number", "code"):
            if name in record._fields and record[name]:
                yield record[name], "A"
        for path, weight in record._search_fields.items():
            for text in self._values(record, path, every_language=True):
                yield text, weight

    @api.model
    def _values(self, record, path, every_language=False):
        """Return the texts at a path of a record, in one or all languages in which it is kept; of HTML what one reads."""
        *links, name = path.split(".")
        owners = record
        for link in links:
            owners = owners[link]
        field = owners._fields[name]
        if every_language and field.translate is True and field.store:
            return [text for owner in owners for text in dict.fromkeys((field._get_stored_translations(owner) or {}).values())]
        texts = [owner[name] for owner in owners]
        return [plain(text) if field.type == "html" else text for text in texts if text]

    @api.model
    def _keys(self, record, moment, kind):
        """Return the lexemes by which a search is narrowed before anybody's rights are asked: kind, model, time, people."""
        keys = [f"~k={kind}", f"~m={record._name}"]
        day = days(moment or clock.now())
        keys += [f"~t{level}={day >> level}" for level in LEVELS]
        for path in self._keys_of(record._name):
            keys += [f"~{path}={found or 0}" for found in (record.mapped(path).ids or [0])]
        return keys

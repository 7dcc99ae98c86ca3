import logging
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)
FOUND = 20_000  # changed records of a model that are looked for at once
# No transaction takes so long, no clock is so wrong, and the comparison of everything is not put off for so long
LATELY = timedelta(days=2)


class OpsSearchEntry(models.Model):
    """What the job has to do: which records look otherwise than their entries say, which entries are of no record."""

    _inherit = "ops.search.entry"

    @api.model
    def _is_behind(self, name):
        """Tell whether a model has never been indexed to the end, as it is searched now.

        Its newest records are indexed first, so the entry of the oldest tells.
        """
        model = self.env[name]
        if hasattr(model, "_search_changed"):  # it has a stamp of its own
            return False
        table = SQL.identifier(model._table)
        found = self.env.execute_query(SQL(
            """
            SELECT entry.stamp FROM %s AS record
         LEFT JOIN ops_search_entry AS entry ON entry.res_model = %s AND entry.res_id = record.id
             WHERE record.id = (SELECT min(id) FROM %s)
            """,
            table, name, table,
        ))
        return any((stamp or "").split("/")[0] != self._signature(model) for (stamp,) in found)

    @api.model
    def _changed(self, name, since=None):
        """Return the ids of the records of a model that are new or look otherwise than their entries say, newest first.

        :param datetime since: look only at what was written since (UTC); otherwise at everything
        """
        model = self.env[name]
        if hasattr(model, "_search_changed"):
            return model._search_changed(FOUND)
        start, narrowed, among = SQL(), SQL(), None
        if since is not None:
            start = SQL("WITH recent AS MATERIALIZED (%s)", self._written(model, since))
            narrowed, among = SQL("JOIN recent ON recent.id = record.id"), SQL("IN (SELECT id FROM recent)")
        stamp, joins = self._stamp_sql(model, among)
        return [row[0] for row in self.env.execute_query(SQL(
            """
            %s
            SELECT record.id
              FROM %s AS record %s
         LEFT JOIN ops_search_entry AS entry ON entry.res_model = %s AND entry.res_id = record.id
                %s
             WHERE entry.stamp IS DISTINCT FROM %s
          ORDER BY record.id DESC
             LIMIT %s
            """,
            start, SQL.identifier(model._table), narrowed, name, joins, stamp, FOUND,
        ))]

    @api.model
    def _written(self, model, since):
        """Return a statement of the ids of records that were written since: themselves, a line, or what they link to.

        A line that was deleted is not seen, nor one that was put into a list from its other end: neither hides a record
        from a search, and the comparison of everything sees both.
        """
        table = SQL.identifier(model._table)
        parts = [SQL("SELECT id FROM %s WHERE write_date >= %s", table, since)]
        for head in self._heads(model):
            field = model._fields[head]
            other = SQL.identifier(self.env[field.comodel_name]._table)
            if field.type == "one2many":
                inverse = SQL.identifier(field.inverse_name)
                parts.append(SQL("SELECT %s FROM %s WHERE write_date >= %s", inverse, other, since))
            else:
                parts.append(SQL(
                    "SELECT record.id FROM %s AS linked JOIN %s AS record ON record.%s = linked.id WHERE linked.write_date >= %s",
                    other, table, SQL.identifier(head), since,
                ))
        return SQL(" UNION ").join(parts)

    # -- stamps -------------------------------------------------------------------------------------------------------------

    @api.model
    def _stamps(self, name, ids):
        """Return how these records look now: dict id → stamp."""
        model = self.env[name]
        stamp, joins = self._stamp_sql(model, SQL("= ANY(%s)", list(ids)))
        return dict(self.env.execute_query(SQL(
            "SELECT record.id, %s FROM %s AS record %s WHERE record.id = ANY(%s)",
            stamp, SQL.identifier(model._table), joins, list(ids),
        )))

    @api.model
    def _heads(self, model):
        """Return the fields by which a model's words and keys lead to other records."""
        return sorted({path.split(".")[0] for path in (*model._search_fields, *self._keys_of(model._name)) if "." in path})

    @api.model
    def _stamp_sql(self, model, among=None):
        """Return the expression of a stamp and the joins that it needs: dates of the record, its lines, what it links to.

        :param SQL among: what the ids of the records in question fulfil, such as ``= ANY(…)``: lines of others are not read
        """
        parts, joins = [SQL("%s", self._signature(model)), SQL("record.write_date")], []
        for number, head in enumerate(self._heads(model)):
            field, alias = model._fields[head], SQL.identifier(f"linked_{number}")
            table = SQL.identifier(self.env[field.comodel_name]._table)
            if field.type == "one2many":
                joins.append(self._grouped(
                    SQL("max(write_date) AS latest, count(*) AS lines"), table, SQL.identifier(field.inverse_name), alias, among
                ))
                parts += [SQL("%s.latest", alias), SQL("%s.lines", alias)]
            else:
                joins.append(SQL("LEFT JOIN %s AS %s ON %s.id = record.%s", table, alias, alias, SQL.identifier(head)))
                parts.append(SQL("%s.write_date", alias))
        keys = self._keys_of(model._name)
        for number, key in enumerate(key for key in keys if model._fields[key.split(".")[0]].type == "many2many"):
            # whoever changes such a list: not all of them touch the record
            field, alias = model._fields[key], SQL.identifier(f"listed_{number}")
            joins.append(self._grouped(
                SQL("count(*) AS number, sum(%s) AS total", SQL.identifier(field.column2)), SQL.identifier(field.relation),
                SQL.identifier(field.column1), alias, among,
            ))
            parts += [SQL("%s.number", alias), SQL("%s.total", alias)]
        return SQL("concat_ws('/', %s)", SQL(", ").join(parts)), SQL(" ").join(joins)

    @api.model
    def _grouped(self, aggregates, table, column, alias, among):
        """Return a join of what ``table`` has for each record in ``column``."""
        narrowed = SQL("WHERE %s %s", column, among) if among is not None else SQL()
        return SQL(
            "LEFT JOIN (SELECT %s AS id, %s FROM %s %s GROUP BY 1) AS %s ON %s.id = record.id",
            column, aggregates, table, narrowed, alias, alias,
        )

    # -- what is gone -------------------------------------------------------------------------------------------------------

    @api.model
    def _forget(self, name):
        """Delete the entries of records that are gone. Nobody finds them before: who may read a record is asked of itself."""
        self._delete(SQL(
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
        self._delete(SQL("DELETE FROM ops_search_entry WHERE res_model != ALL(%s) RETURNING 1", list(self._searched())))

    @api.model
    def _delete(self, statement):
        try:
            self.env.execute_query(statement)
        except OperationalError as error:  # another worker is at the same entries
            self.env.cr.rollback()
            _logger.info("search: %s, left to the next run", error)

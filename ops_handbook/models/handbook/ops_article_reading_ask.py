from odoo import api, models
from odoo.tools import split_every

from ...tools import clock, token
from ...tools.saying import saying
from .ops_article_reading import CODE

BATCH = 500  # people asked, or asked no more, in one go
COLUMNS = (
    "version_id", "article_id", "handbook_id", "company_id", "reader_id", "department_id", "asked_on", "told_on", "is_onboarding",
)


class OpsArticleReading(models.Model):
    """Asking people to read, many at a time, and asking them no more."""

    _inherit = "ops.article.reading"

    @api.model
    def _ask(self, pairs, onboarding=False):
        """Ask people to read versions, and start their clocks (H2); a number of statements that grows by batch only.

        Who has been asked already is left alone; who was asked no more is asked again. Nobody is asked in a company in
        which the engine has not been started.

        :param pairs: list of (version id, user id), as ``_missing`` finds them
        :param bool onboarding: because they are new
        :return: the readings that are new or open again (sudo)
        """
        readings_sudo, asked = self.sudo(), []  # sudo: nobody has the right to make one
        for batch in split_every(BATCH, pairs):
            asked += readings_sudo._ask_batch(list(batch), onboarding).ids
        return readings_sudo.browse(asked)

    @api.model
    def _ask_batch(self, pairs, onboarding):
        now = clock.now()
        rows = [{
            **row, "asked_on": now, "told_on": now if onboarding else None, "is_onboarding": onboarding,
        } for row in self._rows(pairs)]
        if not rows:
            return self.browse()
        uid = self.env.uid
        columns = ", ".join((*COLUMNS, "state", "rate", "create_uid", "create_date", "write_uid", "write_date"))
        query = f"INSERT INTO ops_article_reading AS known ({columns})"
        query += """ VALUES %s
            ON CONFLICT (version_id, reader_id) DO UPDATE
               SET state = 'asked', asked_on = EXCLUDED.asked_on, told_on = EXCLUDED.told_on, company_id = EXCLUDED.company_id,
                   department_id = EXCLUDED.department_id, is_onboarding = EXCLUDED.is_onboarding
             WHERE known.state = 'obsolete'
            RETURNING id
        """
        template = self.env.cr.mogrify(
            f"({', '.join(['%%s'] * len(COLUMNS))}, 'asked', 0, %s, %s, %s, %s)", (uid, now, uid, now)
        ).decode()
        values = [tuple([row[name] for name in COLUMNS]) for row in rows]
        found = self.env.cr.execute_values(query, values, template=template, page_size=BATCH, fetch=True)
        readings = self.browse([row[0] for row in found])
        readings.invalidate_recordset(flush=False)
        readings._start_clock(CODE, start=now, round=readings._next_rounds(CODE), name={
            reading.id: reading.version_id.name for reading in readings
        })
        return readings

    @api.model
    def _rows(self, pairs):
        """Return what is kept of who is asked, where they work now included; nobody of companies that were not started."""
        versions = {version.id: version for version in self.env["ops.article.version"].browse({pair[0] for pair in pairs})}
        users = {user.id: user for user in self.env["res.users"].browse({pair[1] for pair in pairs})}
        places = self.env["hr.employee"]._ops_departments(self.env["res.users"].browse(users))
        place = {version.id: (version.handbook_id.id, version.article_id.sort_path or "") for version in versions.values()}
        rows = []
        for version_id, user_id in sorted(pairs, key=lambda pair: (place[pair[0]], pair)):
            version, user = versions[version_id], users[user_id]
            company = version.handbook_id.company_id
            company = company if (user_id, company.id) in places else user.company_id
            if company.ops_started:
                rows.append({
                    "version_id": version_id, "article_id": version.article_id.id, "handbook_id": version.handbook_id.id,
                    "company_id": company.id, "reader_id": user_id,
                    "department_id": places.get((user_id, company.id), self.env["hr.department"]).id or None,
                })
        return rows

    # -- asked no more ------------------------------------------------------------------------------------------------------

    @api.model
    def _retire(self, stale):
        """Ask no more for what ``_stale`` found: readings become obsolete, their clocks are cancelled; the log says why.

        :param stale: list of (reading id, why)
        :return: the readings (sudo)
        """
        by_reason = {}
        for reading_id, why in stale:
            by_reason.setdefault(why, []).append(reading_id)
        readings_sudo = self.sudo()  # sudo: the machinery's own
        for why, ids in by_reason.items():
            for batch in split_every(BATCH, ids):
                readings = readings_sudo.browse(batch)
                token.marked(readings).write({"state": "obsolete"})
                readings._cancel_clock(CODE, self._why_retired(why))
        # whoever has left confirmed nothing: no activity says that they had read all
        readings_sudo.browse([reading_id for reading_id, why in stale if why != "left"])._follow_newcomers()
        return readings_sudo.browse([reading_id for reading_id, _why in stale])

    @api.model
    def _why_retired(self, why):
        said = saying(self.env)
        return {
            "left": said._("The reader has left."),
            "newer": said._("A newer version of the article is to be read."),
            "scope": said._("The article is no longer for this reader to confirm."),
        }[why]

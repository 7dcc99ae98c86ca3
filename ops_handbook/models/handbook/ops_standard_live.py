from urllib.parse import quote

from dateutil.relativedelta import relativedelta
from markupsafe import Markup

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import float_round, frozendict, ormcache

from ...tools import clock
from ...tools.live_blocks import LONGEST, found, replaced
from ...tools.words import UNSTORABLE
from ..mixins.domains import flag_search

MONTHS = 12  # of which the on-time rate tells
MANY = 200  # blocks that a client asks for at once
PATH = "/ops/standard/"
LEDGER = "ops_handbook.ops_ledger_action"


class OpsStandard(models.Model):
    """Standards as they stand in the text of the handbook: the rule, who answers, the figures and the way to the form."""

    _inherit = "ops.standard"

    @api.model
    def _live(self, codes, company, figures=True):
        """Return what an article shows of standards now, in the language of the context; a constant number of statements.

        :param codes: codes of standards; what is none, or is archived, is left out
        :param company: res.company whose rules and figures are shown, its own rule before the common one; empty: the common
            rules, without figures
        :param bool figures: False: without the on-time rate
        :return: dict code → dict: ``code``, ``name``, ``verb``, ``rule_text`` (due time in words, with what days off do),
            ``sentence`` (verb and due time), ``role`` (label), ``variants`` (dicts ``name``, ``rule_text``), ``reminders``
            (texts), ``rate`` (percent met in time of what fell due in the last 12 months, by the analysis model's definition;
            None without any), ``met`` and ``due`` (of how many), ``form_model`` (None when no form fulfils or shows it, or
            several do), ``can_open``
        """
        wanted = [code for code in dict.fromkeys(codes) if isinstance(code, str) and code]
        if not wanted:
            return {}
        # sudo: rules and the company's figures are for everybody who reads the handbook
        known = self.sudo().with_context(active_test=False).search(
            [("code", "in", wanted), ("company_id", "in", [company.id, False])]
        )
        standards = known.filtered("active")._in_force_by_code()
        rates = known._live_rates(company) if figures else {}
        return {code: {**standards[code]._live_words(), **rates.get(code, {"rate": None, "met": 0, "due": 0}),
                       **self._live_form(code, standards[code])} for code in wanted if code in standards}

    def _in_force_by_code(self):
        """Return which of these standards counts for each code: the company's own takes the place of the common one."""
        return {standard.code: standard for standard in self.sorted(lambda standard: (standard.code, bool(standard.company_id)))}

    def _live_words(self):
        return {
            "code": self.code,
            "name": self.name,
            "verb": self.verb,
            "rule_text": self._rule_words(),
            "sentence": self._sentence(),
            "role": self._role_words(),
            "variants": self._variant_words(),
            "reminders": self._ladder_words(),
        }

    def _live_rates(self, company):
        """Return the figures of these standards in a company: dict code → dict ``rate``, ``met``, ``due``."""
        if not self or not company:
            return {}
        since = clock.now() - relativedelta(months=MONTHS)
        groups = self.env["ops.obligation.report"]._read_group(
            [("standard_id", "in", self.ids), ("company_id", "=", company.id), ("date_due", ">=", since), ("due_nbr", "=", 1)],
            ["code"], ["on_time_rate:avg", "met_nbr:sum", "due_nbr:sum"],
        )
        return {code: {"rate": rate, "met": met, "due": due} for code, rate, met, due in groups}

    @api.model
    def _live_form(self, code, standard):
        """Return which form fulfils or shows a standard, and whether the current user may look at it."""
        model, screen = self._live_screen(code, standard)
        can_open = bool(model) and self.env[model].has_access("read")
        return {"form_model": model if screen != LEDGER else None, "can_open": can_open}

    @api.model
    def _live_screen(self, code, standard):
        """Return where one sees what a standard asks for: (model, external id of the screen; None: that of its menu).

        What several forms keep (C5: resolutions, items of collaborations) stands together in the ledger.
        """
        forms = self._models_fulfilling(code)
        if len(forms) > 1 and standard.in_ledger:
            return "ops.obligation", LEDGER
        return (forms[0], None) if forms else self._shown_screens().get(code, (None, None))

    # -- what a form shows, though no record of it fulfils it ------------------------------------------------------------

    @api.model
    @ormcache()
    def _shown_screens(self):
        """Return what models say by ``_shows_standards``: dict code → (model, external id of its screen; None: the menu's).

        It makes a standard ready and gives its live block a button, nothing else: the engine goes by ``_form_standards``,
        the codes that it may ask a model of ours to fulfil.
        """
        return frozendict({
            code: (name, screen) for name, model in self.env.registry.items() if not model._abstract
            for code, screen in getattr(model, "_shows_standards", {}).items()
        })

    @api.depends("code", "trigger", "keeps_rows")
    def _compute_ready(self):
        """Told to keep obligations that recur, a standard that is only shown is not ready: nothing would fulfil them."""
        super()._compute_ready()
        shown = self._shown_screens()
        for standard in self:
            asks_for_rows = standard.trigger != "event" and standard.keeps_rows
            standard.ready = standard.ready or (standard.code in shown and not asks_for_rows)

    @flag_search
    def _search_ready(self):
        shown = Domain("code", "in", list(self._shown_screens())) & (
            Domain("trigger", "=", "event") | Domain("keeps_rows", "=", False)
        )
        return Domain(super()._search_ready("in", [True])) | shown

    # -- in a text -----------------------------------------------------------------------------------------------------

    @api.model
    def _expand_live(self, bodies, company=None, plain=False):
        """Return texts with their live standards written out; a constant number of statements for all of them.

        :param bodies: list of texts (HTML, cleaned)
        :param company: res.company as of :meth:`_live`; default: that of the reader
        :param bool plain: sentences only, without figures, which are old the next day: for the search and for comparisons
        :return: list of Markup, in the same order
        """
        wanted = {place for body in bodies for place in found(body)}
        company = self.env.company if company is None else company
        live = self._live({code for _kind, code in wanted}, company, figures=not plain)
        written = {place: self._live_html(*place, live.get(place[1]), plain) for place in wanted}
        # what is put in comes from templates of ours; the text around it has been cleaned by its field
        return [Markup(replaced(body, lambda *place: written[place])) for body in bodies]  # noqa: S704  # nosec B704

    @api.model
    def _live_html(self, kind, code, live, plain=False):
        """Return one live standard as HTML; an unknown one says so, discreetly."""
        if plain or not live or kind == "due":
            template = "ops_handbook.ops_standard_live_line"
        else:
            template = "ops_handbook.ops_standard_live"
        return self.env["ir.qweb"]._render(template, {
            "code": code, "live": live, "kind": kind, "months": MONTHS, "rate": self._rate_words(live),
            "url": f"{self.get_base_url()}{PATH}{quote(code, safe='')}", "paper": bool(self.env.context.get("ops_live_paper")),
        })

    @api.model
    def _rate_words(self, live):
        """Return the on-time rate in words."""
        if not live or live["rate"] is None:
            return self.env._("no figures yet")
        rate = float_round(live["rate"], precision_digits=0)
        return self.env._("%(rate)s %% (%(met)s of %(due)s)", rate=f"{rate:g}", met=live["met"], due=live["due"])

    # -- for the editor ------------------------------------------------------------------------------------------------

    @api.model
    def get_live_blocks(self, codes):
        """Return standards as the text shows them, for the editor.

        :param codes: list of codes
        :return: dict code → dict ``block`` and ``due``: HTML
        """
        codes = list(dict.fromkeys(
            code[:LONGEST] for code in codes if isinstance(code, str) and not UNSTORABLE.search(code)
        ))[:MANY] if isinstance(codes, list | tuple) else []
        self.browse().check_access("read")
        live = self._live(codes, self.env.company)
        return {
            code: {kind: self._live_html(kind, code, live.get(code)) for kind in ("block", "due")}
            for code in codes
        }

    @api.model
    def get_live_choices(self):
        """Return the standards that an article can show: dicts ``code``, ``name``, ``process``, ``sentence``."""
        in_force = self.search([("company_id", "in", [self.env.company.id, False])])._in_force_by_code()
        labels = dict(self._fields["process"]._description_selection(self.env))
        return [
            {"code": code, "name": standard.name, "process": labels[standard.process], "sentence": standard._sentence()}
            for code, standard in in_force.items()
        ]

from odoo import api, models
from odoo.tools import groupby

from ...tools import clock, token
from ...tools.roles import NEXT_OFFICE, OFFICE_DEPARTMENTS, ROLE_GROUPS
from ...tools.saying import saying


class OpsReminderLetter(models.Model):
    """Drafting: many letters at once, a number of statements that does not grow with them."""

    _inherit = "ops.reminder.letter"

    @api.model
    def _draft(self, reminders, author=None):
        """Draft the letters of steps that were taken, once for each obligation, level and due time.

        Of several steps of one level the first is the letter, the receivers of the others get a copy. What is there
        already is not drafted again; an older draft that was never issued gives way.

        :param list reminders: (id of the reminder, obligation, step of the ladder or an empty one, level)
        :param author: who drafts by hand; otherwise the engine does, and issues at once where the company wants that
        :return: the new letters (sudo)
        """
        engine = self.sudo().with_context(tracking_disable=True, mail_create_nolog=True, mail_create_nosubscribe=True)
        items = self.env["ops.obligation"].sudo().union(*(item for _reminder, item, _step, _level in reminders))
        chosen, spare = engine._choose(items, reminders)
        items._mark_skipped(spare, "letter")
        vals_list = engine._new_values(chosen, author)
        letters = token.marked(engine).create(vals_list).with_env(engine.env)
        engine._replace_older(letters)
        at_once = letters.filtered(lambda letter: not author and letter.company_id.ops_letters_automatic)
        (letters - at_once)._ask_office()
        at_once._transition("issued")
        return letters

    @api.model
    def _choose(self, items, reminders):
        """Return what to draft, as a list of (obligation, level, reminder id, further steps), and the reminders left over."""
        present = {
            (letter.obligation_id, letter.level, letter.date_due)
            for letter in self.search([("obligation_id", "in", items.ids), ("state", "!=", "cancelled")])
        }
        chosen, spare = [], set()
        for (item, level), group in groupby(reminders, key=lambda entry: (entry[1], entry[3])):
            ids = [entry[0] for entry in group]
            if (item, level, item.date_due) in present:
                spare.update(ids)
                continue
            spare.update(ids[1:])
            steps = items.env["ops.standard.step"].union(*(step for _reminder, _item, step, _level in group))
            chosen.append((item, level, ids[0], steps))
        return chosen, spare

    # -- values ---------------------------------------------------------------------------------------------------------

    @api.model
    def _new_values(self, chosen, author):
        """Return the values of the letters, numbers included."""
        now, facts = clock.now(), self._facts_of(chosen)
        texts = self._texts_in_languages({item.id: facts[item.id]["lang"] for item, *_rest in chosen}, chosen)
        levels = self.env["ops.reminder.level"]._by_company(self._union("res.company", chosen, "company_id"))
        vals_list = []
        for item, number, reminder, _steps in chosen:
            fact, level = facts[item.id], levels[item.company_id.id]._of(number)
            workdays, days = item._days_late(now)
            vals_list.append({
                **texts[item.id],
                "obligation_id": item.id,
                "reminder_id": reminder,
                "level": number,
                "company_id": item.company_id.id,
                "department_id": fact["department"].id,
                "author_id": author.id if author else False,
                "receiver_id": fact["receiver"].id,
                "answering_ids": [(6, 0, fact["answering"].ids)],
                "office": fact["office"],
                "lang": fact["lang"],
                "copy_gm_office": level.copy_gm_office,
                "copy_general_manager": level.copy_general_manager,
                "copy_ids": [(6, 0, (fact["copies"] - fact["receiver"] - fact["answering"]).ids)],
                "date_original": item.date_original or item.date_due,
                "date_due": item.date_due,
                "days_overdue": days,
                "workdays_overdue": workdays,
                "date_reply_by": self._reply_term(item.company_id, now),
                "body": level.with_context(lang=fact["lang"]).body,
            })
        self._prepare_create(vals_list)
        return vals_list

    @api.model
    def _union(self, model, chosen, name):
        return self.env[model].union(*(item[name] for item, *_rest in chosen))

    @api.model
    def _reply_term(self, company, start):
        """Return until when a letter issued at ``start`` asks for a reply (L1); None where nobody asks for one."""
        standard = self.env["ops.standard"]._get("L1", company)
        if not standard:
            return None
        return standard._due_of_event(standard._revision_at(clock.today(company._ops_tz())), company, start)

    @api.model
    def _facts_of(self, chosen):
        """Return whom each letter concerns: dict obligation id → department, receiver, answering, copies, office, lang."""
        engine, offices = self.env["ops.obligation"], {}
        owing = {item.id: self._owing_department(item) for item, *_rest in chosen}
        heads = self.env["hr.department"].union(*owing.values())._ops_heads()
        levels = self.env["ops.reminder.level"]._by_company(self._union("res.company", chosen, "company_id"))
        result = {}
        for item, number, _reminder, steps in chosen:
            department = self._department_of(item, owing[item.id])
            receiver = self._receiver_of(item, owing[item.id], heads)
            result[item.id] = {
                "department": department,
                "receiver": receiver,
                "answering": engine._answering(item, offices) - receiver,
                "copies": self._copies_of(item, levels[item.company_id.id]._of(number), steps, offices),
                "office": self._office_of(item, department, receiver),
                "lang": receiver.lang or item.company_id.partner_id.lang or self.env.lang,
            }
        return result

    @api.model
    def _owing_department(self, item):
        """Return the department that owes the obligation: its own, or that of the office that answers."""
        name = OFFICE_DEPARTMENTS.get(item.role)
        return item.department_id or (item.company_id[name] if name else item.department_id)

    @api.model
    def _department_of(self, item, owing):
        """Return the department of the letter. It has the number of its company: one of another company is named by its people."""
        return owing if owing.company_id in (item.company_id, item.company_id.browse()) else owing.browse()

    @api.model
    def _receiver_of(self, item, department, heads):
        """Return whom the letter is addressed to: the head of the department; where there is none, whoever owes the item."""
        return heads.get(department.id) or item.responsible_id

    @api.model
    def _copies_of(self, item, level, steps, offices):
        engine, company = self.env["ops.obligation"], item.company_id
        copies = level.copy_user_ids
        if level.copy_gm_office:
            copies |= engine._office("gm_office", company, offices)
        if level.copy_general_manager:
            copies |= engine._office("general_manager", company, offices)
        for step in steps:
            if step.receiver != "responsible":
                copies |= engine._named_receivers(item, step.receiver, offices)
        return copies

    @api.model
    def _office_of(self, item, department, receiver):
        """Return who issues the letter: operations; what an office owes itself, or its people do, the office above it."""
        office = "operations"
        while office in NEXT_OFFICE and (
            (department and department == item.company_id[OFFICE_DEPARTMENTS[office]])
            or (receiver and receiver.has_group(ROLE_GROUPS[office]))
            or (not item.responsible_id and item.role == office)
        ):
            office = NEXT_OFFICE[office]
        return office

    @api.model
    def _texts_in_languages(self, langs, chosen):
        """Return subject, source and standard of each letter in its receiver's language: dict obligation id → values."""
        texts = {}
        for lang, group in groupby(chosen, key=lambda entry: langs[entry[0].id]):
            items = self.env["ops.obligation"].browse([item.id for item, *_rest in group]).with_context(lang=lang)
            sources = items._source_texts()
            for item in items:
                rule = " ".join(filter(None, (item.code, item.standard_id.name)))
                texts[item.id] = {
                    "name": item.display_name,
                    "source_text": sources[item.id],
                    "rule_text": f"{rule}: {item.standard_id.rule_text}" if item.standard_id.rule_text else rule,
                }
        return texts

    # -- afterwards -----------------------------------------------------------------------------------------------------

    @api.model
    def _replace_older(self, letters):
        """A draft that nobody issued gives way to the next letter about the same thing."""
        older = self.search([
            ("obligation_id", "in", letters.obligation_id.ids), ("state", "=", "draft"), ("id", "not in", letters.ids),
        ])
        older._transition("cancelled", saying(self.env)._("Not issued; the next letter takes its place."))

    def _ask_office(self):
        """Let whoever issues the letters, and closes them after the reply, find them in My work (D1)."""
        if self:
            self._start_clock(
                "D1", round=self._next_rounds("D1"), role={letter.id: letter._flow_deciding_office() for letter in self},
                name={letter.id: f"{letter.display_name} ({letter.level_label})" for letter in self},
            )

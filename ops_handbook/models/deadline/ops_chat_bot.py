from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools import chat, webhook

HOSTS_PARAMETER = "ops_handbook.chat_hosts"
SECRETS = ("webhook", "secret")
ADMINISTRATOR = "ops_handbook.group_administrator"


class OpsChatBot(models.Model):
    """A group robot of WeCom, DingTalk or Feishu that reminds a department, or a company, in the chat they read.

    The address is what makes somebody a sender, so it is a secret like a password. Jobs never write these rows: what became
    of the messages is read from the queue.
    """

    _name = "ops.chat.bot"
    _description = "Chat Bot"
    _order = "company_id, department_id, name, id"

    name = fields.Char(required=True, help="For example the name of the chat group.")
    active = fields.Boolean(default=True)
    service = fields.Selection(
        [("wecom", "WeCom"), ("dingtalk", "DingTalk"), ("feishu", "Feishu")], required=True, default="wecom"
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="cascade"
    )
    department_id = fields.Many2one(
        "hr.department", index="btree_not_null", ondelete="cascade", check_company=True,
        help="Empty: for all departments of the company, and of its branches, that have no bot of their own.",
    )
    webhook = fields.Char(
        string="Webhook Address", copy=False, groups=ADMINISTRATOR,
        help="The address that the service shows when the robot is made. Keep it like a password.",
    )
    secret = fields.Char(
        string="Signing Secret", copy=False, groups=ADMINISTRATOR,
        help="DingTalk and Feishu: the secret of the security setting “signature”. Empty: messages are not signed.",
    )
    message_ids = fields.One2many("ops.chat.message", "bot_id", string="Messages", readonly=True)
    date_success = fields.Datetime(string="Last Success", compute="_compute_last")
    date_failure = fields.Datetime(string="Last Failure", compute="_compute_last")
    last_error = fields.Char(compute="_compute_last")
    waiting_count = fields.Integer(string="Waiting", compute="_compute_last")

    @api.depends("message_ids.state", "message_ids.date_sent", "message_ids.date_failed", "message_ids.error")
    def _compute_last(self):
        messages = self.env["ops.chat.message"]
        found = {
            bot.id: rest for bot, *rest in messages._read_group(
                [("bot_id", "in", self.ids)], ["bot_id"], ["date_sent:max", "date_failed:max"],
            )
        }
        waiting = dict(messages._read_group(
            [("bot_id", "in", self.ids), ("state", "=", "waiting")], ["bot_id"], ["__count"],
        ))
        failed = messages.search_fetch(
            [("bot_id", "in", self.ids), ("date_failed", "in", [rest[1] for rest in found.values() if rest[1]])],
            ["bot_id", "date_failed", "error"], order="id",
        )
        errors = {(message.bot_id.id, message.date_failed): message.error for message in failed}
        for bot in self:
            bot.date_success, bot.date_failure = found.get(bot.id) or (False, False)
            bot.last_error = errors.get((bot.id, bot.date_failure)) or False
            bot.waiting_count = waiting.get(bot, 0)

    # -- secrets --------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """The secrets are written apart: a statement that fails is logged whole, and this one may (a company deleted)."""
        apart = [{name: vals[name] for name in SECRETS if vals.get(name)} for vals in vals_list]
        bots = super().create([{name: value for name, value in vals.items() if name not in SECRETS} for vals in vals_list])
        bots.flush_recordset()
        for bot, secrets in zip(bots, apart, strict=True):
            if secrets:
                bot.write(secrets)
        return bots

    def write(self, vals):
        secrets = {
            name: value.strip() if isinstance(value, str) else value for name, value in vals.items() if name in SECRETS
        }
        others = {name: value for name, value in vals.items() if name not in SECRETS}
        if not vals.get("active", True):
            self._release(self.env._("The bot has been archived."))
        result = super().write(others) if others or not secrets else True
        if secrets:
            self.flush_recordset()
            # locked first, so that the statement that holds the secrets cannot fail; see create
            self.sudo().lock_for_update(allow_referencing=True)  # sudo: whether they may write is asked below
            result = super().write(secrets)
            self.flush_recordset()  # apart from whatever is written next
        return result

    def unlink(self):
        self.check_access("unlink")
        self._release(self.env._("The bot has been deleted."))
        return super().unlink()

    def _release(self, reason):
        """What still waits for these bots goes out by mail."""
        self.check_access("write")
        # sudo: the queue is written by the system only
        self.env["ops.chat.message"].sudo().search([("bot_id", "in", self.ids), ("state", "=", "waiting")])._give_up(reason)

    @api.constrains("webhook", "service")
    def _check_webhook(self):
        for bot in self:
            if bot.sudo().webhook:  # sudo: only to look whether it is one; the errors do not repeat it
                if problem := bot._webhook_problem():
                    raise ValidationError(problem)

    def _webhook_problem(self):
        """Return in words why nothing can be sent to the address, None when it can; it is asked before each post too."""
        bot_sudo = self.sudo()  # sudo: asked by the job; the words do not repeat the address
        service = chat.SERVICES.get(self.service)
        if not service:  # the database has not refused it yet
            return self.env._("Service: choose the chat of the robot.")
        if not bot_sudo.webhook:
            return self.env._("Webhook Address: it is empty. Copy it from the robot's settings in the chat.")
        hosts = bot_sudo.env["ir.config_parameter"].get_param(HOSTS_PARAMETER, "")
        problem = webhook.problem_of(bot_sudo.webhook, service.host, hosts)
        return problem and {
            "form": self.env._("Webhook Address: this is not an address. Copy it whole from the robot's settings in the chat."),
            "https": self.env._("Webhook Address: it must begin with https://."),
            "user": self.env._("Webhook Address: it must not hold a user name or password."),
            "host": self.env._(
                "Webhook Address: addresses of %(service)s begin with https://%(host)s/. Other machines must be allowed by a"
                " system administrator in the system parameter %(parameter)s.",
                service=dict(self._fields["service"]._description_selection(self.env))[self.service],
                host=service.host, parameter=HOSTS_PARAMETER,
            ),
        }[problem]

    @api.constrains("company_id", "department_id")
    def _check_department(self):
        for bot in self:
            if bot.department_id.company_id and bot.department_id.company_id != bot.company_id:
                raise ValidationError(self.env._("Department: it belongs to another company than the bot."))

    # -- whom they serve ------------------------------------------------------------------------------------------------

    @api.model
    def _serving(self, items):
        """Return which bots speak for each obligation: those of the nearest department upwards, else of the company, else of
        the company above it.

        :param items: obligations (sudo)
        :return: dict obligation id → bots
        """
        found = {}
        for bot in self.search([]):
            key = ("department", bot.department_id.id) if bot.department_id else ("company", bot.company_id.id)
            found[key] = found.get(key, self.browse()) | bot
        none = self.browse()
        return {
            item.id: next((found[place] for place in self._places(item) if place in found), none) if found else none
            for item in items
        }

    @api.model
    def _places(self, item):
        """Return where to look for the bots of an obligation, the nearest place first."""
        above = [int(piece) for piece in reversed((item.department_id.parent_path or "").split("/")) if piece]
        companies = [int(piece) for piece in reversed((item.company_id.parent_path or "").split("/")) if piece]
        return [("department", place) for place in above] + [("company", place) for place in companies]

    def _texts(self):
        """Return an environment in the language of the company of this bot."""
        lang = self.company_id.partner_id.lang
        return self.with_context(lang=lang if lang in dict(self.env["res.lang"].get_installed()) else "en_US").env

    # -- trying it ------------------------------------------------------------------------------------------------------

    def action_send_test(self):
        """Send a test message now and show what the service answers."""
        self.ensure_one()
        self.check_access("write")
        if problem := self._webhook_problem():
            raise UserError(problem)
        # sudo: the queue is written by the system only; an administrator of the bot has been asked above
        message = self.env["ops.chat.message"].sudo().create({"bot_id": self.id, "kind": "test"})
        message._send()
        sent = message.state == "sent"
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if sent else "danger",
                "sticky": not sent,
                "title": self.env._("Test message sent") if sent else self.env._("The test message was not taken"),
                "message": self.env._("The service has taken it: look into the chat.") if sent else message.error,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_open_messages(self):
        """Open the messages of this bot."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("ops_handbook.ops_chat_message_action")
        return {**action, "domain": [("bot_id", "=", self.id)], "context": {}}

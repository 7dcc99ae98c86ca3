"""The meetings of the demo company: called, held, minuted, objected to, corrected, cancelled."""
from datetime import date, timedelta
from functools import partial

from odoo import Command, models

from ...tools import clock
from ...tools.moments import at_hour
from .ops_demo_meeting_stories import FILES, MEETINGS

TZ = "Asia/Shanghai"


class OpsDemo(models.AbstractModel):
    _inherit = "ops.demo"

    def _scenes(self, today):
        return super()._scenes(today) + self._meeting_scenes(today)

    def _meeting_scenes(self, today):
        """Return the scenes of all meetings."""
        told, scenes, anchors = {}, [], self._anchors(today)
        for story in self._meeting_stories(today):
            name = story.get("anchor", "today")
            anchor = anchors[name]
            for day, hour, step, *details in story["steps"]:
                # what hangs on a date of the year waits for its hour, even when that date is today
                moment = self._on_workday(anchor, day, hour) if name == "today" else at_hour(self._workday(anchor, day), hour, TZ)
                if moment <= self._at(today, 0, 23):
                    scenes.append((moment, partial(getattr(self, f"_meeting_{step}"), story, anchor, told, *details)))
        return scenes

    def _meeting_stories(self, today):
        """Hook: what is told of meetings; plans add those of their cycle."""
        return MEETINGS

    def _anchors(self, today):
        """Return the days of the year that meetings hang on: those of the plan lie in the last December that is over."""
        december = today.year - 1 if (today.month, today.day) < (12, 30) else today.year
        quarter = today - timedelta(days=30)
        return {
            "today": today, "seminar": self._last_workday(date(december, 12, 8)),
            "review": self._last_workday(date(december, 12, 23)), "month": today.replace(day=1),
            "quarter": self._last_workday(date(quarter.year, 3 * ((quarter.month - 1) // 3) + 1, 12)),
        }

    def _last_workday(self, day):
        """Return the day, or the last working day before it."""
        return self._workday(day + timedelta(days=1), 1)

    def _workday(self, anchor, days):
        """Return the working day ``days`` before a day, negative: after it; 0 is the day itself."""
        workdays = self.env.ref("ops_handbook.demo_company")._ops_workdays()
        return workdays.add(anchor, -days) if days else anchor

    def _on_workday(self, anchor, days, hour):
        """Return when a scene takes place, in UTC: never later than now."""
        moment = at_hour(self._workday(anchor, days), hour, TZ)
        return min(moment, clock.now()) if anchor == clock.today(TZ) and days >= 0 else moment

    # -- scenes --------------------------------------------------------------------------------------------------------

    def _meeting_plan(self, story, anchor, told):
        """Write the draft of a meeting; one that something else has planned already is written as told."""
        values, planned = self._meeting_values(story, anchor), self._meeting_planned(story, anchor)
        if planned:
            planned.write({"agenda_ids": [Command.clear()], "attendee_ids": [Command.clear()]})
            planned.write({name: value for name, value in values.items() if name != "type_id"})
        told[story["key"]] = planned or self._as(story["by"], self.env["ops.meeting"]).create(values)

    def _meeting_planned(self, story, anchor):
        """Hook: the draft that the plan's cycle has made of this meeting, as its organiser sees it."""
        return None

    def _meeting_values(self, story, anchor):
        start = at_hour(self._workday(anchor, story["day"]), story["hour"], TZ)
        named = {f"{role}_id": self._user(story[role]).id for role in ("recorder", "chair") if role in story}
        return {
            **named, "name": story["name"], "location": story["place"],
            "type_id": self.env.ref(f"ops_handbook.ops_meeting_type_{story.get('kind', 'general')}").id,
            "date_start": start, "date_stop": start + timedelta(hours=story["hours"]),
            "agenda_ids": [Command.create(values) for values in self._agenda_values(story)],
            "attendee_ids": [
                Command.create({"user_id": self._user(login).id}) for login in dict.fromkeys(story["people"].split())
            ],
        }

    def _agenda_values(self, story):
        files = self._as(story["by"], self.env["ir.attachment"]).create([
            {"name": name, "raw": ("\ufeff" + FILES[name]).encode(), "mimetype": "text/csv"}
            for name in (story[key] for key in ("file",) if key in story)
        ])
        return [
            {"name": name, "presenter_id": self._user(login).id, "duration": minutes, "sequence": 10 * place,
             "attachment_ids": [Command.set(files.ids if place == 1 else [])]}
            for place, (name, login, minutes, _notes) in enumerate(story["agenda"], 1)
        ]

    def _meeting_call(self, story, anchor, told):
        self._meeting_plan(story, anchor, told)
        told[story["key"]].action_call()

    def _meeting_hold(self, story, anchor, told):
        meeting = self._as(story["by"], told[story["key"]])
        if meeting.date_start > clock.now():  # the demo data is loaded before the hour of today's meeting
            meeting.write({"date_start": clock.now() - timedelta(hours=story["hours"]), "date_stop": clock.now()})
        meeting.action_hold()
        absent = self._users(story.get("absent", ""))
        for attendee in meeting.attendee_ids:
            attendee.presence = "absent" if attendee.user_id in absent else "present"

    def _meeting_distribute(self, story, anchor, told):
        """Write the minutes and send them."""
        meeting = self._as(story["recorder"], told[story["key"]])
        for item, (*_topic, notes) in zip(meeting.agenda_ids, story["agenda"], strict=True):
            item.notes = f"<p>{notes}</p>"
        told[story["key"], "resolutions"] = self.env["ops.resolution"].with_env(meeting.env).create([
            {"meeting_id": meeting.id, "name": name, "owner_id": self._user(owner).id, "acceptance_standard": standard,
             "date_due": self._workday(anchor, due), "needs_acceptance": accept}
            for name, owner, due, standard, accept in story["resolutions"]
        ])
        meeting.action_distribute()

    def _meeting_confirm(self, story, anchor, told, logins):
        for login in logins.split():
            self._as(login, told[story["key"]]).action_confirm()

    def _meeting_object(self, story, anchor, told, login, remark):
        self._as(login, told[story["key"]]).action_object(remark)

    def _meeting_correct(self, story, anchor, told, which, due):
        """Take an objection up: the minutes go out again with another date."""
        meeting = self._as(story["recorder"], told[story["key"]])
        meeting.answer_ids.filtered("is_waiting").action_correct()
        told[story["key"], "resolutions"].with_env(meeting.env)[which].date_due = self._workday(anchor, due)
        meeting.action_distribute()

    def _meeting_done(self, story, anchor, told, which):
        item = told[story["key"], "resolutions"][which]
        self._as(item.sudo().owner_id.login, item).action_done("已完成，资料见共享盘。")

    def _meeting_accept(self, story, anchor, told, which):
        self._as(story["by"], told[story["key"], "resolutions"][which]).action_accept()

    def _meeting_close(self, story, anchor, told):
        self._as(story["by"], told[story["key"]]).action_close()

    def _meeting_cancel(self, story, anchor, told, reason):
        self._as(story["by"], told[story["key"]]).action_cancel(reason)

    def _users(self, logins):
        return self.env["res.users"].search([("login", "in", logins.split())])

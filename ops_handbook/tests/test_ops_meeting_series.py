"""Series: the next meeting in its rhythm, off the days off, each period once."""

from unittest.mock import patch

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.meeting import ops_meeting_series_next
from ..tools import clock
from .meetings import MeetingCase


@tagged("post_install", "-at_install")
class TestOpsMeetingSeries(MeetingCase):
    def series(self, user=None, at="2026-11-02 08:00", **values):
        with self.at(at):
            return self.env["ops.meeting.series"].with_user(user or self.head).create({
                "name": "Workshop weekly", "type_id": self.kind("weekly").id, "department_id": self.department.id,
                "company_id": self.company.id, "recorder_id": self.employee.id, "weekday": "0", "hour": 8.5,
                "date_from": clock.today("Asia/Shanghai"), "user_ids": [Command.set(self.newcomer.ids)], **values,
            })

    def days(self, series):
        """Return the local days of the meetings of a series."""
        return [str(clock_day) for clock_day in sorted(
            (meeting.date_start + (self.utc("2026-01-01 08:00") - self.utc("2026-01-01 00:00"))).date()
            for meeting in series.sudo().meeting_ids
        )]

    def run_days(self, series, *moments):
        for moment in moments:
            self.run_cron("ops_meeting_cron_series", moment)
            self.env.invalidate_all()
        return self.days(series)

    def test_a_video_call_is_a_link(self):
        """The same check as on a meeting."""
        series = self.series(videocall_url="https://meeting.example.com/1")
        with self.refused(ValidationError, "Video call"):
            series.videocall_url = "腾讯会议 123-456-789"
        series.videocall_url = False

    def test_named_twice_is_planned_once(self):
        series = self.series(at="2026-11-03 08:00")
        with self.at("2026-11-03 09:00"):
            series.browse(series.ids * 2).with_user(self.head).action_create_next()
        self.assertEqual(len(series.sudo().meeting_ids), 1)

    def test_none_is_planned_in_the_past(self):
        """A series made in the evening does not plan the meeting of the same morning."""
        series = self.series(at="2026-11-02 20:00")
        self.assertEqual(self.run_days(series, "2026-11-02 20:00"), ["2026-11-09"])

    def test_the_next_meeting_is_planned_once(self):
        series = self.series()
        self.assertEqual(self.run_days(series, "2026-11-02 08:10", "2026-11-02 10:00"), ["2026-11-02", "2026-11-09"])
        self.assertEqual(self.run_days(series, "2026-11-06 09:00"), ["2026-11-02", "2026-11-09", "2026-11-16"])
        meeting = series.meeting_ids.sorted("date_start")[-1]
        self.assertEqual(meeting.date_start, self.utc("2026-11-16 08:30"))
        self.assertEqual(meeting.date_stop, self.utc("2026-11-16 09:30"))
        self.assertEqual(meeting.state, "draft")
        self.assertEqual((meeting.organiser_id, meeting.author_id), (self.head, self.head))
        self.assertEqual(meeting.attendee_ids.user_id, self.head | self.employee | self.newcomer)
        self.assertEqual(len(meeting.agenda_ids), 4)
        self.assertEqual(meeting.previous_id.date_start, self.utc("2026-11-09 08:30"))
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self.Meeting.sudo().create(self.values(series_id=series.id, series_period=meeting.series_period))

    def test_agenda_in_the_language_of_the_organiser(self):
        """The job has no language of its own: the template's items are taken in that of whoever calls the meeting."""
        self.env["res.lang"]._activate_lang("zh_CN")
        self.head.lang = "zh_CN"
        self.kind("weekly").line_ids[0].with_context(lang="zh_CN").name = "上周未结事项"
        series = self.series()
        self.run_days(series, "2026-11-02 08:10")
        self.assertIn("上周未结事项", series.meeting_ids.agenda_ids.mapped("name"))

    def test_columns_of_the_board_in_the_order_of_the_flow(self):
        series = self.series()
        self.run_days(series, "2026-11-02 08:10")
        with self.at("2026-11-02 10:00"):
            series.meeting_ids[1].action_cancel("Fair")
            series.meeting_ids[0].action_call()
            self.Meeting.sudo().create(self.values(series_id=series.id))
        groups = self.Meeting.sudo().with_context(read_group_expand=True).web_read_group(
            [("series_id", "=", series.id)], ["state"], [])["groups"]
        self.assertEqual([group["state"] for group in groups], ["draft", "called", "cancelled"])

    def test_a_cancelled_one_does_not_come_back(self):
        series = self.series()
        self.run_days(series, "2026-11-02 08:10")
        with self.at("2026-11-02 10:00"):
            series.meeting_ids.action_cancel("Fair")
        self.assertEqual(len(self.run_days(series, "2026-11-03 09:00")), 2)

    def test_days_off(self):
        """A day off moves the meeting to the next working day, or to the one before; the period stays its own."""
        self.env["ops.calendar.day"].create({
            "company_id": self.company.id, "date": "2026-11-09", "kind": "off", "name": "Holiday",
        })
        self.env.cr.flush()
        self.assertEqual(self.run_days(self.series(), "2026-11-02 08:10"), ["2026-11-02", "2026-11-10"])
        earlier = self.series(day_off_rule="earlier")
        self.assertEqual(self.run_days(earlier, "2026-11-02 08:10"), ["2026-11-02", "2026-11-06"])

    def test_every_second_week(self):
        series = self.series(interval=2, days_ahead=40)
        self.assertEqual(self.run_days(series, "2026-11-02 08:10"), ["2026-11-02", "2026-11-16", "2026-11-30"])

    def test_monthly_and_quarterly(self):
        monthly = self.series(rhythm="monthly", day=0, days_ahead=70, at="2026-11-03 08:00")
        self.assertEqual(self.run_days(monthly, "2026-11-03 09:00"), ["2026-11-30", "2026-12-31"])
        quarterly = self.series(rhythm="quarterly", month="3", day=15, days_ahead=60, at="2026-11-03 08:00")
        self.assertEqual(self.run_days(quarterly, "2026-11-03 09:00"), ["2026-12-15"])

    def test_it_ends(self):
        series = self.series(date_to="2026-11-05")
        self.assertEqual(self.run_days(series, "2026-11-02 08:10"), ["2026-11-02"])
        with self.at("2026-11-03 09:00"), self.assertRaises(UserError):
            series.action_create_next()

    def test_planned_by_hand(self):
        series = self.series(days_ahead=0, at="2026-11-03 09:00")
        with self.at("2026-11-03 09:00"):
            self.assertEqual(str(series.next_date), "2026-11-09")
            action = series.action_create_next()
            self.assertEqual(action["res_id"], series.meeting_ids.id)
            self.assertEqual(str(series.next_date), "2026-11-16")
        self.assertEqual(self.days(series), ["2026-11-09"])

    def test_everybody_of_the_department_and_the_notice_at_once(self):
        series = self.series(whole_department=True, call_at_once=True, user_ids=[], partner_ids=[Command.set(self.contact.ids)])
        self.run_days(series, "2026-11-02 08:10")
        meeting = series.meeting_ids.sorted("date_start")[-1]
        self.assertEqual(meeting.state, "called")
        self.assertEqual(meeting.attendee_ids.user_id, self.head | self.employee | self.newcomer)
        self.assertIn(self.contact, meeting.attendee_ids.partner_id)
        self.assertTrue(self.queue(meeting))

    def test_an_organiser_who_has_left(self):
        series = self.series(self.operations, organiser_id=self.newcomer.id, user_ids=[])
        self.newcomer.active = False
        self.run_days(series, "2026-11-02 08:10")
        self.assertEqual(series.meeting_ids.organiser_id, self.head, "the head of the department")

    def test_open_points_come_back(self):
        """The hook is called for each new meeting, when it knows the one before."""
        told = []
        self.patch(type(self.Meeting), "_carry_over", lambda meeting: told.append((meeting.id, meeting.previous_id.id)))
        series = self.series()
        self.run_days(series, "2026-11-02 08:10")
        first, second = series.meeting_ids.sorted("date_start")
        self.assertEqual(told, [(first.id, False), (second.id, first.id)])

    # -- what was left open ------------------------------------------------------------------------------------------------

    def decided(self, meeting, *names, at):
        """Hold a meeting at a local time and write down what it decided; return the resolutions."""
        with self.at(at):
            meeting.with_user(self.head).action_hold()
            meeting.with_user(self.employee).attendee_ids.presence = "present"
            return self.env["ops.resolution"].with_user(self.employee).create([
                {"meeting_id": meeting.id, "name": name, "owner_id": self.newcomer.id, "date_due": "2026-11-30"} for name in names
            ])

    def distribute(self, meeting, at):
        with self.at(at):
            meeting.with_user(self.employee).action_distribute()

    def test_minutes_that_go_out_after_the_next_meeting(self):
        """What they decided comes onto the first agenda that still lies ahead; done or cancelled it does not come."""
        series = self.series(days_ahead=20)
        self.assertEqual(self.run_days(series, "2026-11-02 08:10"), ["2026-11-02", "2026-11-09", "2026-11-16"])
        first, second, third = series.meeting_ids.sorted("date_start")
        seal, pump = self.decided(first, "Buy a seal", "Buy a pump", at="2026-11-02 09:40")
        paint = self.decided(second, "Paint the hall", at="2026-11-09 09:40")
        with self.at("2026-11-09 10:00"):
            pump.with_user(self.head).action_cancel("Not needed")
        self.assertFalse(third.agenda_ids.resolution_id)
        self.distribute(first, "2026-11-10 10:00")
        # of the second nothing has gone out yet: noted down it comes along, as it does when a meeting is planned
        self.assertEqual(third.agenda_ids.resolution_id, seal | paint)
        self.distribute(second, "2026-11-10 11:00")
        carried = third.agenda_ids.filtered("resolution_id")
        self.assertEqual((carried.resolution_id, len(carried)), (seal | paint, 2), "each once")
        self.assertEqual(third.agenda_ids.sorted()[:2], carried.sorted(), "before all others")
        with self.at("2026-11-10 12:00"):
            paint.with_user(self.newcomer).action_done("White")
        self.assertEqual(self.run_days(series, "2026-11-18 09:00")[3:], ["2026-11-23", "2026-11-30", "2026-12-07"])
        fourth = series.meeting_ids.sorted("date_start")[3]
        self.assertEqual(fourth.agenda_ids.resolution_id, seal)

    def test_minutes_that_never_go_out(self):
        """Called, a meeting has on its notice what was left open since it was planned, by any meeting of its series and no other."""
        series, other = self.series(days_ahead=20), self.series(days_ahead=20)
        self.run_days(series, "2026-11-02 08:10")
        first, second, third = series.meeting_ids.sorted("date_start")
        seal = self.decided(first, "Buy a seal", at="2026-11-02 09:40")
        self.decided(other.meeting_ids.sorted("date_start")[0], "Somebody else's", at="2026-11-02 09:40")
        self.decided(second, at="2026-11-09 09:40")
        self.assertFalse(third.agenda_ids.resolution_id)
        with self.at("2026-11-12 10:00"):
            third.with_user(self.head).action_call()
        self.assertEqual(third.agenda_ids.resolution_id, seal)
        mails = self.send(third, at="2026-11-12 10:05")
        self.assertIn("Buy a seal", self.mail_to(mails, self.newcomer.partner_id).body_html)

    def test_what_is_taken_out_of_minutes_stands_on_no_agenda(self):
        series = self.series(days_ahead=20)
        self.run_days(series, "2026-11-02 08:10")
        first, second = series.meeting_ids.sorted("date_start")[:2]
        seal = self.decided(first, "Buy a seal", at="2026-11-02 09:40")
        with self.at("2026-11-03 10:00"):
            second.with_user(self.head).action_call()
            self.assertEqual(second.agenda_ids.resolution_id, seal)
            seal.sudo().unlink()
        self.assertNotIn("Buy a seal", second.agenda_ids.mapped("name"))

    def test_late_minutes_reach_the_meeting_that_has_been_called(self):
        """Also one whose time has passed and nobody has said whether it was held; those after the next one wait for theirs."""
        series = self.series(days_ahead=28)
        self.run_days(series, "2026-11-02 08:10")
        first, second, third, fourth = series.meeting_ids.sorted("date_start")[:4]
        with self.at("2026-11-02 10:00"):
            (second | third).action_call()
        seal = self.decided(first, "Buy a seal", at="2026-11-02 11:00")
        self.distribute(first, "2026-11-10 10:00")
        self.assertEqual((second.agenda_ids.resolution_id, third.agenda_ids.resolution_id), (seal, seal))
        self.assertFalse(fourth.agenda_ids.resolution_id)

    def test_one_that_fails_does_not_hold_up_the_others(self):
        broken, series = self.series(), self.series()
        original = type(broken)._create_due

        def create_due(several):
            if broken in several:
                raise ValueError("something")
            return original(several)

        self.patch(type(broken), "_create_due", create_due)
        with self.assertLogs("odoo.addons.ops_handbook", "ERROR"):
            self.assertEqual(len(self.run_days(series, "2026-11-02 08:10")), 2)
        self.assertFalse(broken.meeting_ids)

    def test_one_that_nobody_calls_any_more(self):
        """Nothing is planned for it, the log says so, and the job comes to an end."""
        series = self.series(self.operations, organiser_id=self.newcomer.id, user_ids=[])
        series.sudo().department_id = False
        self.newcomer.active = False
        with self.assertLogs("odoo.addons.ops_handbook.models.meeting.ops_meeting_series_next", "WARNING") as logs:
            self.assertFalse(self.run_days(series, "2026-11-02 08:10"))
        self.assertIn(f"series {series.id} any more", "".join(logs.output))

    def test_time_is_up(self):
        """After a batch the job is called again, and plans the rest then."""
        self.env["ops.meeting.series"].search([]).active = False
        series = self.env["ops.meeting.series"].concat(*(self.series() for _number in range(3)))
        with (
            patch.object(ops_meeting_series_next, "BATCH", 2),
            patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 0.0),
            patch.object(type(self.env["ir.cron"]), "_trigger") as trigger, self.at("2026-11-02 08:10"),
        ):
            self.env["ops.meeting.series"]._cron_create_next()
        trigger.assert_called()
        self.assertEqual([len(one.meeting_ids) for one in series], [2, 2, 0])
        self.run_days(series, "2026-11-02 08:12")
        self.assertEqual([len(one.meeting_ids) for one in series], [2, 2, 2])

    def test_what_is_planned_is_looked_up_once_for_all(self):
        """Whatever the number of series, and not in the meetings of many years."""
        series = self.env["ops.meeting.series"].concat(*(self.series() for _number in range(12)))
        counts = []
        with self.at("2026-11-02 08:10"):
            for some in (series[:2], series[:2], series):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                due = some.sudo().browse(some.ids)._due_to_plan()
                counts.append(self.env.cr.sql_log_count - before)
                self.assertEqual({len(coming) for coming in due.values()}, {2})
        self.assertEqual(counts[1], counts[2], counts)

    def test_whose_series(self):
        with self.assertRaises(ValidationError):
            self.series(organiser_id=self.gm.id)
        with self.assertRaises(ValidationError):
            self.series().write({"organiser_id": self.gm.id})
        with self.assertRaises(ValidationError):
            self.series(department_id=self.branch_department.id)
        with self.assertRaises(ValidationError):
            self.series(whole_department=True, department_id=False)
        series = self.series()
        self.assertFalse(series.with_user(self.liaison).has_access("read"))
        with self.assertRaises(AccessError):
            series.with_user(self.liaison).action_create_next()

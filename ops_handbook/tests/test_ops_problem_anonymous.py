import io
import logging
import re

from PIL import ExifTags, Image

from odoo.http import root
from odoo.tests import tagged
from odoo.tools import SQL

from .test_ops_problem_public import PublicCase

MARK = "zzmarkzz"
ADDRESS = "203.0.113.77"
# integer columns that name a person without a foreign key
PERSONAL = re.compile(r"(^|_)(uid|user|users|partner|employee|author|guest)(_|s?$)")


def marked_photo():
    """Return a JPEG that says where, when, by whom and with what it was taken."""
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = MARK
    exif[ExifTags.Base.Make] = MARK
    exif[ExifTags.Base.Orientation] = 6
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (31.0, 13.0, 49.0), 3: "E", 4: (121.0, 28.0, 25.0)})
    target = io.BytesIO()
    Image.new("RGB", (60, 40), (10, 90, 160)).save(target, "JPEG", exif=exif, comment=MARK.encode())
    return target.getvalue()


@tagged("post_install", "-at_install")
class TestAnonymousReport(PublicCase):
    """Somebody who is logged in reports anonymously, with a photo of their own phone: nothing tells who it was."""

    def setUp(self):
        super().setUp()
        self.columns = self._columns()
        self.needles = [self.employee.login, self.employee.email, MARK, ADDRESS, "127.0.0.1"]
        self.people = {
            "res_users": self.employee.id,
            "res_partner": self.employee.partner_id.id,
            "hr_employee": self.employee_of(self.employee).id,
        }

    def _columns(self):
        """Return all columns of all tables that could name a person: list of (table, column, table that it refers to)."""
        self.env.cr.execute("""
            SELECT c.table_name, c.column_name, c.data_type,
                   (SELECT f.confrelid::regclass::text FROM pg_constraint f
                      JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = f.conkey[1]
                     WHERE f.contype = 'f' AND f.conrelid = quote_ident(c.table_name)::regclass AND a.attname = c.column_name
                     LIMIT 1)
              FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
             WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE'
        """)
        return self.env.cr.fetchall()

    def _traces(self):
        """Count, per column, the rows that name the employee."""
        self.env.flush_all()
        traces = {}
        for table, column, kind, target in self.columns:
            name = SQL.identifier(column)
            if kind in ("integer", "bigint"):
                values = [self.people[target]] if target in self.people else []
                if not target and PERSONAL.search(column):
                    values = list(self.people.values())
                condition = SQL("%s IN %s", name, tuple(values)) if values else None
            else:  # texts of all sorts, jsonb, bytea, inet
                text = SQL("encode(%s, 'escape')", name) if kind == "bytea" else SQL("%s::text", name)
                condition = SQL(" OR ").join(SQL("strpos(%s, %s) > 0", text, needle) for needle in self.needles)
                if kind in ("boolean", "double precision", "numeric", "date", "timestamp without time zone"):
                    condition = None
            if condition:
                self.env.cr.execute(SQL("SELECT count(*) FROM %s WHERE %s", SQL.identifier(table), condition))
                traces[table, column] = self.env.cr.fetchone()[0]
        return traces

    def test_the_search_finds_what_is_there(self):
        before = self._traces()
        self.env["ops.problem"].with_user(self.employee).create({"name": MARK, "description": self.employee.email})
        grown = {column for column, count in self._traces().items() if count > before.get(column, 0)}
        self.assertLessEqual(
            {("ops_problem", "create_uid"), ("ops_problem", "author_id"), ("ops_problem", "name"), ("ops_problem", "description")},
            grown,
        )

    def test_no_identity_in_any_table(self):
        self.authenticate(self.employee.login, self.employee.login)
        session_file = root.session_store.get_session_filename(self.session.sid)
        with open(session_file, "rb") as file:
            session = file.read()
        self.company.ops_report_code = False  # they are the first who press the button
        before = self._traces()

        url = self.company.with_user(self.employee).action_ops_report_anonymously()["url"]
        response = self.send(
            [(f"IMG_{MARK}.jpg", marked_photo())], url=url, description="The tea kitchen floods",
        )
        self.assertEqual(response.status_code, 200, response.text)
        follow = self.follow_url(response)
        problem = self.new_problems()
        problem.with_user(self.operations).action_return("Which floor?")
        returned = self._traces()
        answer = self.visit(follow, data={"form_token": self.form_token(follow), "comment": "The third"},
                            files=[("photos", (f"{MARK}.jpg", marked_photo(), "image/jpeg"))])
        self.assertEqual(answer.status_code, 200, answer.text)

        self.env.invalidate_all()
        problem.with_user(self.operations).action_reject("A plumber is ordered")
        after = self._traces()
        self.assertFalse({column: count for column, count in after.items() if count > before.get(column, 0)})
        self.assertEqual(before.keys(), returned.keys())
        with open(session_file, "rb") as file:
            self.assertEqual(file.read(), session, "the session notes nothing either")
        self._check_record(problem)

    def _check_record(self, problem):
        self.assertRecordValues(problem, [{
            "is_anonymous": True, "author_id": False, "contact": False, "department_id": False,
        }])
        self.assertEqual(problem.create_uid, self.env.ref("base.user_root"))
        self.assertFalse(problem.message_partner_ids & self.employee.partner_id)
        self.assertFalse(problem.obligation_ids.filtered(lambda item: item.responsible_id == self.employee))
        self.assertEqual(len(problem.photo_ids), 2)
        for photo in problem.photo_ids:
            self.assertNotIn(MARK.encode(), photo.raw)
            self.assertRegex(photo.name, r"^photo-\d\.jpg$")
            image = Image.open(io.BytesIO(photo.raw))
            self.assertFalse(dict(image.getexif()))
            self.assertFalse({"exif", "comment", "icc_profile", "xmp"} & set(image.info))
            self.assertEqual(image.size, (40, 60), "turned upright as the camera had said")

    def test_a_logged_in_visitor_is_nobody(self):
        """Device log (user, address, time) stays as it is, however often the page is opened."""
        self.authenticate(self.employee.login, self.employee.login)
        self.env.cr.execute("SELECT count(*) FROM res_device_log")
        before = self.env.cr.fetchone()
        for _visit in range(3):
            response = self.visit(self.url)
            self.assertNotIn("Set-Cookie", response.headers)
        self.env.cr.execute("SELECT count(*) FROM res_device_log")
        self.assertEqual(self.env.cr.fetchone(), before)

    def test_log_knows_neither_address_nor_link(self):
        def logged(line):
            record = logging.LogRecord("werkzeug", logging.INFO, "", 0, line + ' "%s" %s %s', ("GET", 200, "-"), None)
            for log_filter in logging.getLogger("werkzeug").filters:
                self.assertTrue(log_filter.filter(record))
            return record.getMessage()

        start = f"{ADDRESS} - - [22/Nov/2026 08:56:19] "
        for path in (f"/ops/follow/{MARK}?lang=zh_CN%20", f"/ops/report/{MARK}"):
            line = logged(f'{start}"POST {path} HTTP/1.1"'.replace("%", "%%"))
            self.assertNotIn(ADDRESS, line)
            self.assertNotIn(MARK, line)
            self.assertIn("/ops/", line)
        self.assertIn(ADDRESS, logged(f'{start}"GET /web/login HTTP/1.1"'), "others as always")

    def test_the_web_client_makes_no_anonymous_report(self):
        problem = self.env["ops.problem"].with_user(self.employee).create({"name": "Mine", "is_anonymous": True})
        self.assertFalse(problem.is_anonymous)
        self.assertEqual(problem.author_id, self.employee)

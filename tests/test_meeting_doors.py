"""What leaves the house about a meeting, as a mail program reads it; and who gets in, and who does not, whatever they ask."""

import re
from urllib.parse import urlsplit

import pytest
import requests
import vobject

from .support.client import Client, RpcError
from .support.scenes import COLLABORATION, MEETING, collaborate, ids, person
from .support.server import sql
from .support.words import english_words, plain

NOW, START, STOP = "2026-10-12 02:00:00", "2026-10-20 01:00:00", "2026-10-20 02:30:00"
TOPIC, SECRET = "新产线试投产评审", "试产良率只有六成"
CUSTOMER = "jane@customer.example.com"


@pytest.fixture(scope="module")
def company(new_server, rpc):
    """A company of its own at a morning in October 2026; one of its people works in English."""
    server = new_server("company", frozen=NOW)
    admin = rpc("admin", on=server)
    admin.call("res.users", "write", ids(admin, "res.users", ("login", "=", "otherhead")), {"lang": "en_US"})
    people = ids(admin, "res.users", ("login", "in", ("employee", "colleague", "opsadmin")))
    admin.call("res.users", "write", people, {"group_ids": [(4, admin.ref("base.group_allow_export"))]})
    admin.call("res.partner", "create", {"name": "Jane Doe", "email": CUSTOMER, "lang": "en_US", "tz": "Europe/London"})
    return server


# -- the invitation ----------------------------------------------------------------------------------------------------


@pytest.fixture
def invited(company, rpc, smtp_sink):
    """A meeting that was called: 张伟 reads Chinese, 赵敏 English, Jane Doe of a customer has no login."""
    operations = rpc("operations", on=company)
    [customer] = ids(operations, "res.partner", ("email", "=", CUSTOMER))
    meeting = operations.call("ops.meeting", "create", {
        "name": f"{TOPIC}；第一轮, 现场", "date_start": START, "date_stop": STOP, "location": "一号会议室",
        "agenda_ids": [(0, 0, {"name": "良率与节拍", "duration": 30}), (0, 0, {"name": "下一步"})],
        "attendee_ids": [(0, 0, {"user_id": person(operations, login)}) for login in ("head", "otherhead")]
        + [(0, 0, {"partner_id": customer, "is_required": False})],
    })
    operations.call("ops.meeting", "action_call", [meeting])
    return meeting


def sent(company, rpc, smtp_sink):
    """What arrived since the last time: dict address → message."""
    admin = rpc("admin", on=company)
    for cron in ("ops_handbook.ops_meeting_cron_invitations", "mail.ir_cron_mail_scheduler_action"):
        admin.run_cron(cron)
    found = {message.receivers[0].removesuffix("@company.example.com"): message for message in smtp_sink.messages}
    assert len(found) == len(smtp_sink.messages), "somebody was told twice"
    smtp_sink.clear()
    return found


def calendar(message, method):
    """The event of an invitation, read by a program that knows nothing of us; the mail is built as RFC 6047 asks for."""
    alternatives = next(part for part in message.walk() if part.get_content_type() == "multipart/alternative")
    kinds = [part.get_content_type() for part in alternatives.iter_parts()]
    assert kinds[-1] == "text/calendar" and "text/html" in "".join(part.get_content_type() for part in alternatives.walk())
    [part] = [part for part in alternatives.iter_parts() if part.get_content_type() == "text/calendar"]
    assert (part.get_param("method"), part.get_content_charset()) == (method, "utf-8")
    files = [part for part in message.walk() if part.get_filename() == "invite.ics"]
    assert len(files) == 1, "the file that programs without the method open"
    content = part.get_payload(decode=True)
    for raw in (files[0].get_payload(decode=True), content):
        lines = re.sub(rb"\r?\n\Z", b"", raw).split(b"\n")
        assert max(len(line.rstrip(b"\r")) for line in lines) <= 75
    assert files[0].get_payload(decode=True).replace(b"\r\n", b"\n") == content.replace(b"\r\n", b"\n")
    found = vobject.readOne(content.decode())
    assert found.validate(raiseException=True)
    assert (found.name, found.version.value, found.method.value) == ("VCALENDAR", "2.0", method)
    assert found.vevent.validate(raiseException=True)
    return found.vevent


def test_invitation(company, rpc, smtp_sink, invited):
    """METHOD:REQUEST to everybody but who calls it: the times, the attendees and their part; each in their language."""
    mails = sent(company, rpc, smtp_sink)
    assert set(mails) == {"head", "otherhead", CUSTOMER}
    for message in mails.values():
        event = calendar(message, "REQUEST")
        assert [event.dtstart.value.isoformat(), event.dtend.value.isoformat()] == ["2026-10-20T01:00:00+00:00", "2026-10-20T02:30:00+00:00"]
        assert event.summary.value == f"{TOPIC}；第一轮, 现场"
        assert (event.location.value, event.status.value) == ("一号会议室", "CONFIRMED")
        assert "良率与节拍" in event.description.value and "下一步" in event.description.value
        assert event.organizer.value == "mailto:operations@company.example.com"
        guests = {attendee.value: attendee.params for attendee in event.attendee_list}
        assert guests[f"mailto:{CUSTOMER}"]["ROLE"] == ["OPT-PARTICIPANT"]
        assert guests["mailto:head@company.example.com"]["CN"] == ["张伟"]
        assert guests["mailto:head@company.example.com"]["ROLE"] == ["REQ-PARTICIPANT"]
        assert guests["mailto:operations@company.example.com"]["PARTSTAT"] == ["ACCEPTED"]
        assert "operations@company.example.com" in message["Reply-To"], "who answers the mail answers the organiser"
        assert SECRET not in message.as_string()
    chinese, english, outside = (plain(smtp_sink.html(mails[name])) for name in ("head", "otherhead", CUSTOMER))
    assert english_words(chinese) == english_words(mails["head"]["Subject"]) == []
    assert "you are invited" in english and "you are invited" in outside
    assert mails["otherhead"]["Subject"].startswith("Invitation: ")
    assert "09:00" in chinese and "9:00" in english and "2:00" in outside, "each in their own time zone"
    link = next(link for link in smtp_sink.links(mails["head"]) if "/odoo/" in link)
    assert link == f"{company.url}/odoo/ops.meeting/{invited}"
    assert not [link for link in smtp_sink.links(mails[CUSTOMER]) if "/odoo/" in link], "a link for which there is no login"


def test_external_attendee_answers_without_login(company, rpc, smtp_sink, invited):
    mails = sent(company, rpc, smtp_sink)
    links = smtp_sink.links(mails[CUSTOMER])
    [accept] = [link for link in links if "/accept" in link]
    assert any("/decline" in link for link in links)
    answer = requests.get(accept, timeout=60)
    assert answer.status_code == 200 and urlsplit(answer.url).path != "/web/login"
    operations = rpc("operations", on=company)
    rows = operations.call("ops.meeting.attendee", "search_read", [("meeting_id", "=", invited)], ["reply", "partner_id"])
    assert {row["partner_id"][1]: row["reply"] for row in rows}["Jane Doe"] == "accepted"


def test_update_and_cancellation(company, rpc, smtp_sink, invited):
    """Moved: the same UID, a higher SEQUENCE; taken out or cancelled: METHOD:CANCEL. Nothing is told twice."""
    operations = rpc("operations", on=company)
    first = {name: calendar(message, "REQUEST") for name, message in sent(company, rpc, smtp_sink).items()}
    assert len({event.uid.value for event in first.values()}) == 1

    operations.call("ops.meeting", "write", [invited], {"date_start": "2026-10-21 06:00:00", "location": "二号会议室"})
    mails = sent(company, rpc, smtp_sink)
    assert set(mails) == set(first)
    moved = {name: calendar(message, "REQUEST") for name, message in mails.items()}
    for name, event in moved.items():
        assert event.uid.value == first[name].uid.value
        assert int(event.sequence.value) > int(first[name].sequence.value)
        assert [event.dtstart.value.isoformat(), event.dtend.value.isoformat()] == ["2026-10-21T06:00:00+00:00", "2026-10-21T07:30:00+00:00"]
        assert event.location.value == "二号会议室"
    assert mails["otherhead"]["Subject"].startswith("Changed: ")
    assert sent(company, rpc, smtp_sink) == {}

    lines = operations.call("ops.meeting.attendee", "search_read", [("meeting_id", "=", invited)], ["partner_id"])
    [customer] = [line["id"] for line in lines if line["partner_id"][1] == "Jane Doe"]
    operations.call("ops.meeting", "write", [invited], {"attendee_ids": [(2, customer)]})
    mails = sent(company, rpc, smtp_sink)
    assert CUSTOMER in mails
    gone = calendar(mails[CUSTOMER], "CANCEL")
    assert [attendee.value for attendee in gone.attendee_list] == [f"mailto:{CUSTOMER}"]
    assert gone.uid.value == first["head"].uid.value

    operations.call("ops.meeting", "action_cancel", [invited], "客户改期")
    mails = sent(company, rpc, smtp_sink)
    assert set(mails) == {"head", "otherhead"}
    for name, message in mails.items():
        event = calendar(message, "CANCEL")
        assert (event.uid.value, event.status.value) == (first[name].uid.value, "CANCELLED")
        assert int(event.sequence.value) > int(moved[name].sequence.value)
    assert english_words(plain(smtp_sink.html(mails["head"]))) == []


# -- who gets in -------------------------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def scene(company, rpc, mailbox):
    """Two collaborations with their kick-offs minuted: 李小红 is the liaison of one, 王建国 of the other."""
    mailbox.clear()
    operations = rpc("operations", on=company)
    admin = rpc("admin", on=company)
    [sales] = ids(admin, "hr.department", ("name", "=", "市场营销部"))
    [workshop] = ids(admin, "hr.department", ("name", "=", "装配车间"))
    return {
        "employee": collaborate(rpc, company, SECRET, "head", workshop, "otherhead", sales, person(operations, "employee")),
        "colleague": collaborate(rpc, company, SECRET, "otherhead", sales, "head", workshop, person(operations, "colleague")),
    }


def refused(call, *arguments, **options):
    with pytest.raises(RpcError) as error:
        call(*arguments, **options)
    assert "AccessError" in error.value.name or "MissingError" in error.value.name, error.value.debug


@pytest.mark.parametrize(("login", "other"), [("employee", "colleague"), ("colleague", "employee")])
def test_liaison_sees_their_collaboration_and_no_other(company, rpc, scene, login, other):
    """Reads all of the own one; of the other nothing, by no way that RPC offers. Writes neither."""
    liaison = rpc(login, on=company)
    for model in COLLABORATION + MEETING:
        own, foreign = scene[login][model], scene[other][model]
        if model not in ("ops.meeting.answer", "ops.collaboration.brief"):
            assert set(own) <= set(ids(liaison, model)), model
            assert len(liaison.call(model, "read", own, ["display_name"])) == len(own)
        check_closed(liaison, model, foreign)
    refused(liaison.call, "ops.collaboration", "write", scene[login]["ops.collaboration"], {"name": "别的"})
    refused(liaison.call, "ops.meeting", "write", scene[login]["ops.meeting"], {"name": "别的"})


def check_closed(client, model, records):
    """Nothing of these records reaches the user: not by id, by search, by name, by group or by export."""
    assert not set(records) & set(ids(client, model)), model
    fields = client.call(model, "fields_get", attributes=["type", "store", "groupable", "relation"])
    for record in records[:1]:
        refused(client.call, model, "read", [record], ["display_name"])
        refused(client.call, model, "web_read", [record], {"display_name": {}})
        refused(client.call, model, "export_data", [record], ["display_name"])
    assert not client.call(model, "web_search_read", [("id", "in", records)], {"display_name": {}})["records"]
    assert not client.call(model, "name_search", "", [("id", "in", records)])
    assert client.call(model, "search_count", [("id", "in", records)]) == 0
    by = next(name for name in ("state", "answer", "meeting_id", "create_uid") if name in fields)
    assert not client.call(model, "formatted_read_group", [("id", "in", records)], [by], ["__count"])


def test_outsider_sees_nothing_of_the_minutes(company, rpc, scene):
    """Somebody who is no part of it: no record, no attachment, no report, no obligation, no ledger line."""
    outsider, found = rpc("opsadmin", on=company), scene["employee"]  # who configures the handbook reads no minutes
    for model in MEETING + COLLABORATION:
        check_closed(outsider, model, found[model])
    check_files(company, "opsadmin", outsider, found)


@pytest.mark.parametrize(("login", "other"), [("colleague", "employee"), (None, "employee")], ids=["liaison of another", "nobody"])
def test_files_and_reports(company, rpc, scene, login, other):
    check_files(company, login, login and rpc(login, on=company), scene[other])


def check_files(company, login, client, found):
    """Neither by the address of a file, nor as a picture, nor as a field, nor printed."""
    visitor = client or Client(company.url, company.database)
    [minutes], [meeting] = found["ops.meeting.minutes"], found["ops.meeting"]
    secrets = (SECRET.encode(), "机密".encode(), "良率".encode())
    paths = [f"/web/{kind}/{file}" for file in found["files"] for kind in ("content", "image")]
    paths += [f"/web/content?model=ops.meeting.minutes&id={minutes}&field=body", f"/web/content/ops.meeting.agenda/{found['ops.meeting.agenda'][0]}/notes"]
    paths += [f"/report/html/ops_handbook.ops_meeting_report/{meeting}", f"/report/html/ops_handbook.ops_meeting_minutes_report/{minutes}"]
    pixel = sql(company.database, f"SELECT checksum FROM ir_attachment WHERE id = {found['files'][1]}")[0][0]
    for path in paths:
        answer = visitor.get(path)
        assert not any(secret in answer.content for secret in secrets), f"{login} {path}"
        assert pixel not in answer.headers.get("ETag", ""), f"{login} {path}"
        assert answer.status_code in (403, 404) or "/web/image" in path or "login" in answer.url, f"{login} {path}: {answer.status_code}"
    if client:
        assert not client.call("ir.attachment", "search_count", [("id", "in", found["files"])])
        for file in found["files"]:
            refused(client.call, "ir.attachment", "read", [file], ["datas"])


@pytest.mark.parametrize("login", ["opsadmin", "colleague"])
def test_calendar_tells_busy_and_no_more(company, rpc, scene, login):
    """Free or busy is for everybody; topic, place and people are for those who take part, however one asks."""
    found = scene["employee"]
    client, [event] = rpc(login, on=company), found["calendar.event"]
    [[start]] = sql(company.database, f"SELECT start FROM calendar_event WHERE id = {event}")
    [row] = client.call("calendar.event", "search_read", [("id", "=", event)],
                        ["name", "display_name", "start", "show_as", "location", "description", "res_id", "partner_ids", "attendee_ids"])
    assert (row["start"], row["show_as"]) == (start, "busy")
    assert SECRET not in str(row) and SECRET not in row["display_name"]
    assert not (row["location"] or row["description"] or row["res_id"] or row["attendee_ids"])
    for domain in ([("name", "ilike", SECRET)], [("res_id", "=", found["ops.meeting"][0]), ("res_model", "=", "ops.meeting")],
                   [("attendee_ids.partner_id.user_ids.login", "=", "employee")], [("display_name", "ilike", SECRET)],
                   ["|", ("name", "=like", "%良率%"), ("id", "=", -1)], ["!", ("name", "not ilike", SECRET)]):
        assert event not in ids(client, "calendar.event", *domain), domain
    assert event not in [key for key, _name in client.call("calendar.event", "name_search", SECRET)]
    for by in ("name", "location", "res_id"):
        groups = client.call("calendar.event", "formatted_read_group", [("id", "=", event)], [by], ["__count"])
        assert SECRET not in str(groups) and not any(group[by] for group in groups), groups
    exported = client.call("calendar.event", "export_data", [event], ["name", "location"])
    assert SECRET not in str(exported)
    for values in ({"name": "别的"}, {"privacy": "public"}, {"partner_ids": [(4, client.info["partner_id"])]}, {"active": False}):
        with pytest.raises(RpcError):
            client.call("calendar.event", "write", [event], values)
    with pytest.raises(RpcError):
        client.call("calendar.event", "unlink", [event])
    assert sql(company.database, f"SELECT privacy, active FROM calendar_event WHERE id = {event}") == [["private", "t"]]


@pytest.mark.parametrize("login", ["opsadmin", "colleague", "head"])
def test_private_links_of_others(company, rpc, scene, mailbox, login):
    """By no account one comes by the links of somebody else: not those of minutes, not those of invitations."""
    client, found = rpc(login, on=company), scene["employee"]
    for model in ("ops.meeting.link", "ops.meeting.invitation"):
        refused(client.call, model, "search_read", [], ["display_name"])
    for model in ("mail.mail", "mail.message"):
        try:
            rows = client.call(model, "search_read", [("body", "ilike", "/ops/minutes/")], ["body"])
        except RpcError as error:
            assert "AccessError" in error.name
        else:
            assert not rows
    rows = client.call("calendar.attendee", "search_read", [("event_id", "in", found["calendar.event"])], ["access_token", "partner_id"])
    foreign = [row for row in rows if row["partner_id"][0] != client.info["partner_id"]]
    assert not [row for row in foreign if row["access_token"]], "with it one reads the invitation and answers in their name"
    if login != "head":
        assert not rows, "who comes is for those who come"
    [[token]] = sql(company.database, f"""
        SELECT access_token FROM calendar_attendee a JOIN res_users u ON u.partner_id = a.partner_id
        WHERE event_id = {found['calendar.event'][0]} AND login = 'employee'""")
    assert not ids(client, "calendar.attendee", ("access_token", "=like", token[:4] + "%")), "guessed letter by letter"


def test_links_are_not_kept_once_sent(company, rpc, scene, mailbox):
    """Only the hash stays; a link that nobody was sent, or that is wrong, is unknown like any other."""
    for cron in ("ops_handbook.ops_meeting_cron_invitations", "mail.ir_cron_mail_scheduler_action"):
        rpc("admin", on=company).run_cron(cron)
    links = [link for mail in mailbox.messages for link in mailbox.links(mail) if "/ops/minutes/" in link]
    assert len(links) >= 8
    private = [re.search(r"/ops/minutes/([^?]+)", link)[1] for link in links]
    for table, column in (("mail_mail", "body_html"), ("mail_message", "body")):
        assert sql(company.database, f"SELECT count(*) FROM {table} WHERE {column} LIKE '%/ops/minutes/%'") == [["0"]]
    hashes = {row[0] for row in sql(company.database, "SELECT token_hash FROM ops_meeting_link")}
    assert not hashes & set(private)
    wrong = private[0][:-1] + ("A" if private[0][-1] != "A" else "B")
    assert requests.get(f"{company.url}/ops/minutes/{private[0]}", timeout=60).status_code == 200
    assert requests.get(f"{company.url}/ops/minutes/{wrong}", timeout=60).status_code == 404

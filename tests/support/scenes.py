"""What the tests find ready: made over RPC by the people who would make it."""

from datetime import datetime, timedelta, timezone

from .server import sql

COLLABORATION = ("ops.collaboration", "ops.collaboration.party", "ops.collaboration.item", "ops.collaboration.brief")
MEETING = ("ops.meeting", "ops.meeting.agenda", "ops.meeting.attendee", "ops.meeting.minutes", "ops.meeting.answer", "ops.resolution")
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="


class Chinese:
    """A client that says, as the web client of somebody who works in Chinese does, in which language it writes."""

    def __init__(self, client):
        self.client, self.uid = client, client.uid

    def call(self, model, method, *arguments, **options):
        return self.client.call(model, method, *arguments, context={"lang": "zh_CN"}, **options)


def ids(client, model, *domain):
    return client.call(model, "search", list(domain))


def ahead(server, days, hour=0):
    """A moment some days ahead of the clock of a server, as Odoo reads it."""
    day = datetime.now(timezone.utc) + timedelta(days=days, seconds=server.offset)
    return f"{day:%Y-%m-%d} {hour:02}:00:00"


def without_handbook(client):
    """Put the articles away, as a company does that works without them: rules are then changed where they stand."""
    client.call("ops.article", "write", ids(client, "ops.article"), {"active": False})


def person(client, login):
    return ids(client, "res.users", ("login", "=", login))[0]


def department(client, name):
    return ids(client, "hr.department", ("name", "=", name))[0]


def collaborate(rpc, company, matter, asking, lead, asked, department, liaison):
    """A request whose kick-off was held and minuted, with a file; ids of everything that belongs to it, by model."""
    requester, consenter, operations = (Chinese(rpc(login, on=company)) for login in (asking, asked, "operations"))
    request = requester.call("ops.collaboration", "create", {
        "name": matter, "goal": "良率九成", "deliverable_standard": "连续三天", "date_expected": ahead(company, 49)[:10],
        "lead_department_id": lead, "party_ids": [(0, 0, {"department_id": department, "request": "提供检测记录"})],
    })
    requester.call("ops.collaboration", "action_submit", [request])
    [party] = ids(consenter, "ops.collaboration.party", ("collaboration_id", "=", request))
    consenter.call("ops.collaboration.party", "action_accept", [party], liaison)
    operations.call("ops.collaboration", "action_file", [request])
    wizard = operations.call("ops.collaboration.kickoff.wizard", "create", {"collaboration_id": request})
    slots = ids(operations, "ops.collaboration.kickoff.slot", ("wizard_id", "=", wizard))
    meeting = operations.call("ops.collaboration.kickoff.slot", "action_choose", slots[:1])["res_id"]
    files = [
        operations.call("ir.attachment", "create", {"name": name, "datas": data, "mimetype": mimetype})
        for name, data, mimetype in (("良率.txt", "5py65a+G", "text/plain"), ("图.png", PIXEL, "image/png"))
    ]
    agenda = ids(operations, "ops.meeting.agenda", ("meeting_id", "=", meeting))
    operations.call("ops.meeting.agenda", "write", agenda[:1], {"attachment_ids": [(6, 0, files)], "notes": matter})
    operations.call("ops.meeting", "action_call", [meeting])
    operations.call("ops.meeting", "save_minutes_resolution", [meeting], f"复测 @{name_of(operations, liaison)} +3wd", agenda[0])
    for line in ids(operations, "ops.meeting.attendee", ("meeting_id", "=", meeting)):
        operations.call("ops.meeting", "save_minutes_presence", [meeting], line, "present")
    operations.call("ops.meeting", "action_hold", [meeting])
    operations.call("ops.meeting", "action_distribute", [meeting])
    requester.call("ops.collaboration.brief", "create", {"collaboration_id": request})
    found = {"ops.collaboration": [request], "ops.meeting": [meeting]}
    for models, field, record in ((COLLABORATION[1:], "collaboration_id", request), (MEETING[1:], "meeting_id", meeting)):
        found |= {model: ids(operations, model, (field, "=", record)) for model in models}
    requester.call("ops.meeting", "action_object", [meeting], "良率应为七成")
    found["ops.meeting.answer"] = ids(operations, "ops.meeting.answer", ("meeting_id", "=", meeting))
    assert all(found.values()), found
    version = operations.call("ops.meeting.minutes", "read", found["ops.meeting.minutes"], ["attachment_ids"])
    copies = [file for row in version for file in row["attachment_ids"]]
    assert copies and not set(copies) & set(files), "a version has its own copies"
    [[event]] = sql(company.database, f"SELECT event_id FROM ops_meeting WHERE id = {meeting}")
    return {**found, "files": files + copies, "calendar.event": [int(event)]}


def name_of(client, user):
    return client.call("res.users", "read", [user], ["name"])[0]["name"]


def minuted(company, rpc):
    """Two meetings of operations with the heads: one that was called, one whose minutes have gone out; their ids."""
    operations, found = Chinese(rpc("operations", on=company)), {}
    for name in ("called", "distributed"):
        found[name] = operations.call("ops.meeting", "create", {
            "name": "新产线周会", "date_start": ahead(company, 7, 1), "date_stop": ahead(company, 7, 2), "location": "一号会议室",
            "agenda_ids": [(0, 0, {"name": "节拍", "duration": 20}), (0, 0, {"name": "人员", "duration": 10})],
            "attendee_ids": [(0, 0, {"user_id": person(operations, login)}) for login in ("head", "otherhead")],
            "recorder_id": operations.uid,
        })
        operations.call("ops.meeting", "action_call", [found[name]])
    for line in ids(operations, "ops.meeting.attendee", ("meeting_id", "=", found["distributed"])):
        operations.call("ops.meeting", "save_minutes_presence", [found["distributed"]], line, "present")
    operations.call("ops.meeting", "action_hold", [found["distributed"]])
    operations.call("ops.meeting", "action_distribute", [found["distributed"]])
    return found

import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame, mockDate } from "@odoo/hoot-mock";
import { contains, makeMockEnv, mockService, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { CycleTimeline } from "@ops_handbook/cycle_timeline/cycle_timeline";

defineMailModels();

const step = (code, values = {}) => ({
    code, name: `Step ${code}`, verb: `Do ${code}`, period: "2027", label: "", due: "2026-12-20 15:59:59", result: "pending",
    settled: false, total: 1, done: 0, late: 0, periods: [], waiting: [], hidden: 0, meeting: false, can_remind: false, ...values,
});

const STEPS = [
    step("A1", { settled: true, result: "met", done: 1, meeting: { id: 5, start: "2026-12-09 01:00:00", held: true } }),
    step("A2", {
        result: "late", total: 3, done: 1, late: 1, can_remind: true, hidden: 1,
        waiting: [
            { department: "Sales", plan_id: 7, result: "pending" },
            { department: "Workshop", plan_id: false, result: "late" },
        ],
    }),
    step("A6", { label: "January 2027", total: 0, due: "2027-01-29 15:59:59" }),
];

async function mountTimeline() {
    mockDate("2026-12-21 10:00:00", 0);
    await makeMockEnv();
    onRpc("ops.cycle", "get_timeline", () => structuredClone(STEPS));
    await mountWithCleanup(CycleTimeline, { props: { record: { resId: 3, data: { state: "drafting" } }, readonly: true } });
    await animationFrame();
}

test("each step says until when and how far", async () => {
    await mountTimeline();
    expect(queryAllTexts(".o_ops_timeline_state")).toEqual(["Met", "18 hours late\n1 of 3 done, 1 late", "Pending"]);
    expect(".o_ops_timeline_settled").toHaveCount(1);
    expect(".o_ops_timeline_details").toHaveCount(0);
});

test("a step opens: who is late comes first and leads to the plan", async () => {
    const opened = [];
    mockService("action", { doAction: (action) => opened.push([action.res_model, action.res_id]) });
    await mountTimeline();
    await contains(".o_ops_timeline_step:nth-child(2) button").click();
    expect(".o_ops_timeline_step:nth-child(2) button").toHaveAttribute("aria-expanded", "true");
    expect(queryAllTexts(".o_ops_timeline_waiting li")).toEqual(["Workshop\nOverdue", "Sales\nPending"]);
    expect(".o_ops_timeline_details p").toHaveText("1 more departments have not done it yet.");
    await contains(".o_ops_timeline_waiting a").click();
    await contains(".o_ops_timeline_step:nth-child(1) button").click();
    await contains(".o_ops_timeline_details a").click();
    expect(opened).toEqual([["ops.plan", 7], ["ops.meeting", 5]]);
});

test("one click reminds", async () => {
    onRpc("ops.cycle", "action_remind_step", ({ args }) => {
        expect.step(`remind ${args[0]} ${args[1]}`);
        return { type: "ir.actions.client", tag: "display_notification", params: { message: "2 reminders go out." } };
    });
    mockService("action", { doAction: (action) => expect.step(action.tag) });
    await mountTimeline();
    await contains(".o_ops_timeline_step:nth-child(2) button").click();
    await contains(".o_ops_timeline_head button").click();
    expect.verifySteps(["remind 3 A2", "display_notification"]);
});

import { expect, test } from "@odoo/hoot";
import { queryAllTexts, queryAll } from "@odoo/hoot-dom";
import { animationFrame, mockDate } from "@odoo/hoot-mock";
import {
    contains,
    makeMockEnv,
    mountWithCleanup,
    mockService,
    onRpc,
    serverState,
} from "@web/../tests/web_test_helpers";
import { user } from "@web/core/user";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { MyWork } from "@ops_handbook/my_work/my_work";

defineMailModels();

const row = (id, values = {}) => ({
    id, code: "C5", process: "improvement", name: `Item ${id}`, due: "2026-11-25 12:30:00", held_until: false, result: "pending",
    urgent: false, extended: false, round: 0, department: "Workshop", company_id: 1, company: "", behalf: "", role: "", ...values,
});

const DATA = {
    now: "2026-11-25 10:00:00",
    lists: {
        due: [row(1, { due: "2026-11-23 09:30:00", result: "late" }), row(2)],
        decision: [row(3, { due: false, role: "Operations" })],
        upcoming: [],
    },
    total: 3,
    processes: [["improvement", "Improvement"]],
    buttons: [{ key: "report", label: "Report a Problem", icon: "fa-bug", action: "ops_handbook.ops_problem_quick_action" }],
    started: true,
};

async function mountMyWork() {
    mockDate("2026-11-25 10:00:00", 0);
    await makeMockEnv({ config: { setDisplayName: () => {} } });
    await mountWithCleanup(MyWork, { props: { action: {} } });
    await animationFrame();
}

test("three lists, the late first, how long is left in words", async () => {
    onRpc("ops.my.work", "get_data", () => structuredClone(DATA));
    await mountMyWork();
    expect(queryAllTexts("h2 span:nth-child(2)")).toEqual(["Due", "Needs My Review or Decision", "Upcoming"]);
    expect(queryAllTexts("#o_ops_list_due .o_ops_row_name")).toEqual(["Item 1", "Item 2"]);
    expect(queryAllTexts("#o_ops_list_due .o_ops_time_left")).toEqual(["2 days late", "2 hours left"]);
    expect("#o_ops_list_decision .o_ops_row_details").toHaveText("Workshop · anyone in Operations");
    expect("#o_ops_list_upcoming .o_ops_empty").toHaveCount(1);
});

test("one click opens the form", async () => {
    onRpc("ops.my.work", "get_data", () => structuredClone(DATA));
    onRpc("ops.obligation", "action_open_form", ({ args }) => {
        expect.step(`open ${args[0]}`);
        return { type: "ir.actions.act_window", res_model: "ops.problem" };
    });
    mockService("action", { doAction: (action) => expect.step(action.res_model || action) });
    await mountMyWork();
    await contains("#o_ops_list_decision .o_ops_row").click();
    await contains(".o_ops_big_report").click();
    expect.verifySteps(["open 3", "ops.problem", "ops_handbook.ops_problem_quick_action"]);
});

test("opening a row chooses its company where the user may, and leaves the choice alone where not", async () => {
    serverState.companies = [1, 2, 3].map((id) => ({ id, name: `Company ${id}`, sequence: id, parent_id: false, child_ids: [] }));
    const rows = [row(1, { company_id: 9 }), row(2, { company_id: 2 }), row(3, { company_id: 3 })];
    onRpc("ops.my.work", "get_data", () => structuredClone({ ...DATA, lists: { due: rows, decision: [], upcoming: [] } }));
    onRpc("ops.obligation", "action_open_form", ({ args, kwargs }) => {
        expect.step(`open ${args[0]} in ${kwargs.context.allowed_company_ids}`);
        return { type: "ir.actions.act_window", res_model: "ops.problem" };
    });
    mockService("action", { doAction: () => {} });
    await user.activateCompanies([2], { includeChildCompanies: false, reload: false });
    await mountMyWork();
    for (const name of ["Item 1", "Item 2", "Item 3"]) {
        await contains(`.o_ops_row:contains('${name}')`).click();
        await animationFrame();
    }
    expect.verifySteps(["open 1 in 2", "open 2 in 2", "open 3 in 2,3"]);
});

test("long lists are drawn in part, and in full when asked", async () => {
    const many = { ...DATA, lists: { due: Array.from({ length: 100 }, (_, i) => row(i + 1)), decision: [], upcoming: [] }, total: 130 };
    onRpc("ops.my.work", "get_data", () => structuredClone(many));
    await mountMyWork();
    expect(queryAll("#o_ops_list_due .o_ops_row")).toHaveLength(40);
    expect(".o_ops_notice").toHaveCount(1);
    await contains("#o_ops_list_due > .btn-link").click();
    expect(queryAll("#o_ops_list_due .o_ops_row")).toHaveLength(100);
});

test("without a connection what was there stays, and it says so", async () => {
    let lost = false;
    const answer = () => (lost ? new Response("", { status: 502 }) : structuredClone(DATA));
    onRpc("/web/dataset/call_kw/ops.my.work/get_data", answer);
    await mountMyWork();
    expect(".o_ops_notice").toHaveCount(0);
    lost = true;
    await contains(".o_ops_refresh").click();
    await animationFrame();
    expect(".o_ops_row").toHaveCount(3);
    expect(".o_ops_notice").toHaveCount(1);
});

import { Deferred, expect, test } from "@odoo/hoot";
import { press, queryAllTexts, queryFirst, waitFor } from "@odoo/hoot-dom";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import { contains, makeMockEnv, makeServerError, mockService, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { browser } from "@web/core/browser/browser";
import { user } from "@web/core/user";
import { completed, mentionAt } from "@ops_handbook/minutes/mention";
import { Minutes } from "@ops_handbook/minutes/minutes";

defineMailModels();

const DATA = {
    meeting: { id: 7, number: "MT-2026-0007", name: "Press line", state: "held", state_label: "Held", can_edit: true,
        can_hold: false, can_distribute: true },
    attendees: [{ id: 1, name: "Li Lei", presence: "expected", department: "Workshop", is_required: true }],
    agenda: [
        { id: 11, name: "Oil leak", presenter: "", notes: "", is_rich: false, notes_html: "", content_version: 0, carried: "",
            carried_owner: "" },
        { id: 12, name: "Paint", presenter: "", notes: "Blue", is_rich: false, notes_html: "", content_version: 3, carried: "Open",
            carried_owner: "Li Lei" },
    ],
    resolutions: [],
};

const resolution = (id, name, values = {}) => ({
    id, name, owner_id: 2, owner: "Li Lei", due: "2026-11-27", due_text: "Fri 27 Nov 2026", agenda_id: 11, content_version: 1,
    in_force: false, state: "open", state_label: "Open", ...values,
});

async function mountMinutes() {
    await makeMockEnv({ config: { setDisplayName: () => {} } });
    await mountWithCleanup(Minutes, { props: { action: { context: { active_id: 7 } } } });
    await animationFrame();
}

test("a name is typed behind an @", () => {
    expect(mentionAt("Buy a seal @li", 14)).toEqual({ start: 11, text: "li" });
    expect(mentionAt("提交报告@李", 6)).toEqual({ start: 4, text: "李" });
    expect(mentionAt("write to a@b", 12)).toBe(null);
    expect(mentionAt("Buy @li fri", 11)).toBe(null);
    expect(completed("Buy @li", 7, { start: 4, text: "li" }, "Li Lei")).toEqual({ text: "Buy @Li Lei ", caret: 12 });
});

test("Enter saves a line in one call and opens the next", async () => {
    onRpc("ops.meeting", "get_minutes", () => structuredClone(DATA));
    onRpc("ops.meeting", "save_minutes_resolution", ({ args }) => {
        expect.step(`${args[1]} on ${args[2]}`);
        return resolution(21, "Buy a seal");
    });
    await mountMinutes();
    await contains("#o_ops_line").edit("Buy a seal fri", { confirm: false });
    await press("Enter");
    await animationFrame();
    expect.verifySteps(["Buy a seal fri on 11"]);
    expect("#o_ops_line").toHaveValue("");
    expect(queryAllTexts(".o_ops_minutes_resolutions .o_ops_minutes_what > span")).toEqual(["Buy a seal"]);
});

test("the @ offers people, Enter takes the one that is marked", async () => {
    onRpc("ops.meeting", "get_minutes", () => structuredClone(DATA));
    onRpc("ops.meeting", "find_minutes_people", () => [{ id: 2, name: "Li Lei" }, { id: 3, name: "Li Ming" }]);
    await mountMinutes();
    await contains("#o_ops_line").edit("Buy a seal @li", { confirm: false });
    await advanceTime(200);
    await animationFrame();
    expect(queryAllTexts("#o_ops_offered li")).toEqual(["Li Lei", "Li Ming"]);
    await press("ArrowDown");
    await animationFrame();
    expect("#o_ops_line").toHaveAttribute("aria-activedescendant", "o_ops_offered_1");
    await press("Enter");
    await animationFrame();
    expect("#o_ops_line").toHaveValue("Buy a seal @Li Ming ");
    expect("#o_ops_offered").toHaveCount(0);
});

test("a line that is refused comes back with the reason", async () => {
    onRpc("ops.meeting", "get_minutes", () => structuredClone(DATA));
    onRpc("ops.meeting", "find_minutes_people", () => []);
    onRpc("ops.meeting", "save_minutes_resolution", () => {
        throw makeServerError({ type: "UserError", message: "@x: nobody of this name" });
    });
    await mountMinutes();
    await contains("#o_ops_line").edit("Call @x", { confirm: false });
    await contains(".o_ops_minutes_line button[type=submit]").click();
    await animationFrame();
    expect("#o_ops_line").toHaveValue("Call @x");
    expect(".o_ops_minutes_error").toHaveText("@x: nobody of this name");
});

test("without a connection lines and notes wait on the device and survive a reload", async () => {
    let lost = true;
    onRpc("ops.meeting", "get_minutes", () => structuredClone(DATA));
    onRpc("/web/dataset/call_kw/ops.meeting/save_minutes_resolution", async (request) => {
        if (lost) {
            return new Response("", { status: 502 });
        }
        const { params } = await request.json();
        expect.step(params.args[1]);
        return resolution(22, params.args[1]);
    });
    onRpc("/web/dataset/call_kw/ops.meeting/save_minutes_notes", async (request) => {
        if (lost) {
            return new Response("", { status: 502 });
        }
        const { params } = await request.json();
        expect.step(`notes ${params.args[2]} at ${params.args[3]}`);
        return { ...DATA.agenda[0], notes: params.args[2], content_version: 1 };
    });
    await mountMinutes();
    await contains("#o_ops_notes_11").edit("It drips", { confirm: false });
    await contains("#o_ops_line").edit("Buy a seal", { confirm: false });
    await press("Enter");
    await advanceTime(1000);
    await animationFrame();
    expect(".o_ops_pending").toHaveCount(1);
    const key = Object.keys(browser.localStorage).find((name) => name.startsWith("ops_handbook.minutes."));
    const kept = JSON.parse(browser.localStorage.getItem(key));
    expect(kept.notes[11].text).toBe("It drips");
    expect(kept.pending[0].line).toBe("Buy a seal");
    lost = false;
    await advanceTime(9000);
    await animationFrame();
    expect.verifySteps(["notes It drips at 0", "Buy a seal"]);
    expect(".o_ops_pending").toHaveCount(0);
    expect(browser.localStorage.getItem(key)).toBe(null);
});

test("what was typed before a reload is there again and is saved", async () => {
    onRpc("ops.meeting", "get_minutes", () => structuredClone(DATA));
    onRpc("ops.meeting", "save_minutes_notes", ({ args }) => {
        expect.step(`${args[2]} at ${args[3]}`);
        return { ...DATA.agenda[0], notes: args[2], content_version: 1 };
    });
    browser.localStorage.setItem(
        `ops_handbook.minutes.${user.userId}.7`,
        JSON.stringify({ notes: { 11: { text: "Typed before", version: 0 } }, line: "Half a li", pending: [] })
    );
    await mountMinutes();
    expect("#o_ops_notes_11").toHaveValue("Typed before");
    expect("#o_ops_line").toHaveValue("Half a li");
    expect.verifySteps(["Typed before at 0"]);
});

test("notes that somebody else changed are refused in words, nothing is lost", async () => {
    let version = 3;
    onRpc("ops.meeting", "get_minutes", () => {
        const data = structuredClone(DATA);
        data.agenda[1].content_version = version;
        data.agenda[1].notes = version === 3 ? "Blue" : "Red";
        return data;
    });
    onRpc("ops.meeting", "save_minutes_notes", ({ args }) => {
        if (args[3] !== version) {
            throw makeServerError({ type: "UserError", message: "“Paint” was changed by Han" });
        }
        expect.step(args[2]);
        return { ...DATA.agenda[1], notes: args[2], content_version: version + 1 };
    });
    await mountMinutes();
    version = 4;
    await contains("#o_ops_notes_12").edit("Green", { confirm: false });
    await advanceTime(1000);
    await animationFrame();
    expect(".o_ops_minutes_item .alert-danger p").toHaveText("“Paint” was changed by Han");
    expect("#o_ops_notes_12").toHaveValue("Green");
    await contains(".o_ops_minutes_item .alert-danger button").click();
    await animationFrame();
    expect.verifySteps(["Red\n\nGreen"]);
});

test("who is here; the last step", async () => {
    onRpc("ops.meeting", "get_minutes", () => structuredClone(DATA));
    onRpc("ops.meeting", "save_minutes_presence", ({ args }) => {
        expect.step(`${args[1]} ${args[2]}`);
        return { ...DATA.attendees[0], presence: args[2] };
    });
    onRpc("ops.meeting", "action_distribute", () => expect.step("distribute") || true);
    mockService("action", { doAction: () => {} });
    await mountMinutes();
    expect(".o_ops_minutes_people [aria-pressed=true]").toHaveCount(0);
    await contains(".o_ops_minutes_people button:contains(Present)").click();
    expect(".o_ops_minutes_people button:contains(Present)").toHaveAttribute("aria-pressed", "true");
    await contains(".o_ops_minutes_foot .btn-primary").click();
    await animationFrame();
    expect.verifySteps(["1 present", "distribute"]);
});

const task = (id, values = {}) => ({
    id, name: `Task ${id}`, owner: "", end: "", progress: 0, is_late: false, state: "progress", state_label: "In Progress",
    can_report: true, note: "", content_version: 1, ...values,
});
const withTasks = (...tasks) => ({ ...DATA, agenda: [{ ...DATA.agenda[0], tasks }, DATA.agenda[1]] });
const lineOf = (id) => `.o_ops_minutes_tasks input[aria-label='Task ${id}']`;

test("all others are here: one call, and what the server answers is shown", async () => {
    const attendees = [
        DATA.attendees[0], { ...DATA.attendees[0], id: 2, name: "Han" }, { ...DATA.attendees[0], id: 3, name: "Guest", is_required: false },
    ];
    onRpc("ops.meeting", "get_minutes", () => structuredClone({ ...DATA, attendees }));
    onRpc("ops.meeting", "save_minutes_all_present", ({ args }) => {
        expect.step(`all of ${args[0]}`);
        // somebody else has noted meanwhile that Han is not there
        return [{ ...attendees[0], presence: "present" }, { ...attendees[1], presence: "absent" }, attendees[2]];
    });
    await mountMinutes();
    await contains("button:contains('All others are present')").click();
    await expect.waitForSteps(["all of 7"]);
    await animationFrame();
    expect(".o_ops_minutes_people [aria-pressed=true]").toHaveCount(2);
    expect(".o_ops_minutes_people li:nth-child(1) .btn-success").toHaveCount(1);
    expect(".o_ops_minutes_people li:nth-child(2) .btn-danger").toHaveCount(1);
    expect("button:contains('All others are present')").toHaveCount(0);
});

test("a line on a task that is still typed survives the answer to another one", async () => {
    const answer = new Deferred();
    onRpc("ops.meeting", "get_minutes", () => structuredClone(withTasks(task(1), task(2))));
    onRpc("ops.task", "write", async ({ args }) => {
        expect.step(`${args[0]}: ${args[1].progress_note} at ${args[1].content_version}`);
        await answer;
        return true;
    });
    onRpc("ops.task", "read", () => [{ id: 1, content_version: 2, progress_note: "Half done" }]);
    await mountMinutes();
    await contains(lineOf(1)).edit("Half done", { confirm: "blur" });
    expect.verifySteps(["1: Half done at 1"]);
    await contains(lineOf(2)).edit("Wait for", { confirm: false });
    answer.resolve();
    await waitFor(`${lineOf(1)}.is-valid`);
    expect(lineOf(1)).toHaveValue("Half done");
    expect(lineOf(2)).toHaveValue("Wait for");
});

test("a line on a task that is refused stays; it is saved with the next try, over what was shown", async () => {
    let version = 5;
    onRpc("ops.meeting", "get_minutes", () => structuredClone(withTasks(task(1))));
    onRpc("ops.task", "write", ({ args }) => {
        if (args[1].content_version !== version) {
            throw makeServerError({ message: "“Task 1” was changed by Han", context: { ops_stale: true } });
        }
        expect.step(args[1].progress_note);
        version++;
        return true;
    });
    onRpc("ops.task", "read", () => [{ id: 1, content_version: version, progress_note: version === 5 ? "Theirs" : "Mine" }]);
    await mountMinutes();
    await contains(lineOf(1)).edit("Mine", { confirm: "blur" });
    await waitFor(".o_ops_minutes_tasks [role=alert]");
    expect(".o_ops_minutes_tasks [role=alert]").toHaveText("“Task 1” was changed by Han");
    expect(".o_ops_minutes_tasks .o_ops_minutes_hint").toHaveText(/Theirs/);
    expect(lineOf(1)).toHaveValue("Mine");
    await contains(".o_ops_minutes_tasks button").click();
    await waitFor(`${lineOf(1)}.is-valid`);
    expect.verifySteps(["Mine"]);
    expect(lineOf(1)).toHaveValue("Mine");
    expect(".o_ops_minutes_tasks [role=alert]").toHaveCount(0);
});

test("minutes are not distributed without a line that was refused", async () => {
    onRpc("ops.meeting", "get_minutes", () => structuredClone(DATA));
    onRpc("ops.meeting", "find_minutes_people", () => []);
    onRpc("ops.meeting", "save_minutes_resolution", () => {
        throw makeServerError({ type: "UserError", message: "@x: nobody of this name" });
    });
    onRpc("ops.meeting", "action_distribute", () => expect.step("distribute") || true);
    await mountMinutes();
    await contains("#o_ops_line").edit("Call @x", { confirm: false });
    await press("Enter");
    await animationFrame();
    await contains(".o_ops_minutes_foot .btn-primary").click();
    await waitFor(".o_ops_minutes_foot [role=alert]");
    expect.verifySteps([]);
    expect(".o_ops_minutes_foot [role=alert]").toHaveText(/not saved yet/);
    expect(".o_ops_minutes_line .o_ops_minutes_error").toHaveText("@x: nobody of this name");
    await contains("#o_ops_line").clear({ confirm: false });
    expect(".o_ops_minutes_foot [role=alert]").toHaveCount(0);
    await contains(".o_ops_minutes_foot .btn-primary").click();
    await expect.waitForSteps(["distribute"]);
});

test("minutes are not distributed without a line on a task that was refused", async () => {
    let refuse = true;
    onRpc("ops.meeting", "get_minutes", () => structuredClone(withTasks(task(1))));
    onRpc("ops.task", "write", () => {
        if (refuse) {
            throw makeServerError({ type: "UserError", message: "“Task 1” is closed" });
        }
        return true;
    });
    onRpc("ops.task", "read", () => [{ id: 1, content_version: 2, progress_note: "Half done" }]);
    onRpc("ops.meeting", "action_distribute", () => expect.step("distribute") || true);
    await mountMinutes();
    await contains(lineOf(1)).edit("Half done", { confirm: false });
    await contains(".o_ops_minutes_foot .btn-primary").click(); // which leaves the field
    await waitFor(".o_ops_minutes_foot [role=alert]");
    expect(".o_ops_minutes_tasks [role=alert]").toHaveText("“Task 1” is closed");
    expect(lineOf(1)).toHaveValue("Half done");
    expect.verifySteps([]);
    refuse = false;
    await contains(".o_ops_minutes_tasks button").click();
    await waitFor(`${lineOf(1)}.is-valid`);
    expect(".o_ops_minutes_foot [role=alert]").toHaveCount(0);
    await contains(".o_ops_minutes_foot .btn-primary").click();
    await expect.waitForSteps(["distribute"]);
});

test("Distribute waits for a line that is on its way, and two taps are one", async () => {
    const answer = new Deferred();
    onRpc("ops.meeting", "get_minutes", () => structuredClone(DATA));
    onRpc("ops.meeting", "save_minutes_resolution", async () => {
        await answer;
        return resolution(21, "Buy a seal");
    });
    onRpc("ops.meeting", "action_distribute", () => expect.step("distribute") || true);
    await mountMinutes();
    await contains("#o_ops_line").edit("Buy a seal", { confirm: false });
    await press("Enter");
    const button = queryFirst(".o_ops_minutes_foot .btn-primary");
    button.click();
    button.click();
    await animationFrame();
    expect(".o_ops_minutes_foot .btn-primary").not.toBeEnabled();
    expect.verifySteps([]);
    answer.resolve();
    await expect.waitForSteps(["distribute"]);
    await animationFrame();
    expect.verifySteps([]);
});

test("a resolution that is changed is saved once, and a line that is half typed is not thrown away for it", async () => {
    const answer = new Deferred();
    onRpc("ops.meeting", "get_minutes", () => ({ ...structuredClone(DATA), resolutions: [resolution(21, "Buy a seal")] }));
    onRpc("ops.meeting", "save_minutes_resolution", async ({ args }) => {
        expect.step(`${args[1]} over ${args[4]}`);
        await answer;
        return resolution(21, "Buy two seals", { content_version: 2 });
    });
    await mountMinutes();
    await contains("#o_ops_line").edit("Half a li", { confirm: false });
    await contains(".o_ops_minutes_resolutions button").click();
    expect("#o_ops_line").toHaveValue("Half a li");
    expect(".o_ops_minutes_line .o_ops_minutes_error").toHaveText("Save this line first.");
    await contains("#o_ops_line").clear({ confirm: false });
    await contains(".o_ops_minutes_resolutions button").click();
    await contains("#o_ops_line").edit("Buy two seals", { confirm: false });
    await press("Enter");
    await press("Enter");
    await animationFrame();
    expect.verifySteps(["Buy two seals over 21"]);
    answer.resolve();
    await waitFor(".o_ops_minutes_what:contains(Buy two seals)");
    expect("#o_ops_line").toHaveValue("");
});

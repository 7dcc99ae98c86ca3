import { describe, expect, test } from "@odoo/hoot";
import { queryAll, queryAllTexts, queryFirst, waitFor } from "@odoo/hoot-dom";
import { animationFrame, Deferred } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { contains, getService, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";
import { rateTone } from "@ops_handbook/result_badge/rate_tone";

describe.current.tags("ops_handbook");
defineMailModels();

const rates = (due, onTime, closing, coming = 0) => ({ due, on_time: onTime, closing, coming });
const NOTHING = { ...rates(0, false, false), met: 0, late: 0, missed: 0, pending: 0, held: 0, waived: 0 };
const MONTHS = Array.from({ length: 12 }, (_, index) => ({ key: `2026-${String(index + 1).padStart(2, "0")}-01`, label: `M${index + 1}` }));
const chart = (key, values = {}) => ({
    key, title: `Title of ${key}`, empty: `No ${key}`, columns: [{ key: "", label: "", tone: "" }],
    rows: [{ key: "0", label: "Young", tone: "late" }, { key: "1", label: "Old", tone: "missed" }], cells: [[2], [0]], ...values,
});
const cockpitData = (values = {}) => ({
    now: "2026-12-03 02:00:00",
    year: 2026,
    years: [2026, 2025],
    department: false,
    departments: [{ id: 7, name: "Workshop" }, { id: 8, name: "Sales" }],
    months: MONTHS,
    started: true,
    total: { ...rates(10, 80, 90, 3), met: 8, late: 1, missed: 1, pending: 3, held: 0, waived: 0 },
    ring: MONTHS.map((_, index) => (index === 10 ? { ...NOTHING, ...rates(10, 80, 90), met: 8 } : index === 11 ? { ...NOTHING, coming: 3 } : NOTHING)),
    heat: [
        { key: "none", name: "Whole Company", year: rates(1, 100, 100), months: MONTHS.map(() => rates(0, false, false)) },
        {
            key: 7, name: "Workshop", year: rates(9, 77.8, 88.9, 3),
            months: MONTHS.map((_, index) => (index === 10 ? rates(9, 77.8, 88.9) : rates(0, false, false, index === 11 ? 3 : 0))),
        },
    ],
    overdue: 2,
    charts: [
        chart("overdue"),
        chart("letters", { rows: [], cells: [] }),
        chart("tasks", { columns: [{ key: "time", label: "In time", tone: "" }, { key: "late", label: "Late", tone: "late" }], cells: [[4, 1], [0, 0]] }),
    ],
    ...values,
});

async function mountCockpit() {
    await mountWithCleanup(WebClient);
    await getService("action").doAction({ type: "ir.actions.client", tag: "ops_handbook.cockpit" });
    await waitFor(".o_ops_tiles");
}

test("the colour of a rate", () => {
    expect([90, 89.9, 70, 69.9].map((rate) => rateTone(rate))).toEqual(["met", "late", "late", "missed"]);
    expect([rateTone(false), rateTone(false, 2), rateTone(0)]).toEqual(["none", "pending", "missed"]);
});

test("tiles, ring, heat map and bars show the figures", async () => {
    onRpc("ops.cockpit", "get_data", () => cockpitData());
    await mountCockpit();
    expect(queryAllTexts(".o_ops_tile_value")).toEqual(["80 %", "90 %", "10", "2", "0"]);
    expect(".o_ops_ring_middle strong").toHaveText("80 %");
    expect(queryAllTexts(".o_ops_legend .btn")).toEqual(["Met 8", "Late 1", "Missed 1", "Pending 3"]);
    expect(queryAll(".o_ops_months .btn:disabled")).toHaveLength(10);
    expect(queryAllTexts("table.o_ops_heat tbody th")).toEqual(["Whole Company", "Workshop"]);
    const cells = queryAllTexts("table.o_ops_heat tbody tr:last-child td");
    expect([cells[0], cells[11], cells[12], cells[1]]).toEqual(["78", "78", "·", "–"]);
    expect("section[aria-labelledby=o_ops_chart_letters] .o_ops_nothing").toHaveText("No letters");
    expect(queryAllTexts("section[aria-labelledby=o_ops_chart_tasks] .o_ops_part")).toEqual(["4", "1"]);
    await contains("button[name=rate_closing]").click();
    expect(queryAllTexts("table.o_ops_heat tbody tr:last-child td")[0]).toBe("89");
    expect("button[name=rate_closing]").toHaveAttribute("aria-pressed", "true");
});

test("every figure asks for its list", async () => {
    onRpc("ops.cockpit", "get_data", () => cockpitData());
    onRpc("ops.cockpit", "action_open_figure", ({ args }) => {
        expect.step(args.join("|"));
        return { type: "ir.actions.act_window_close" };
    });
    await mountCockpit();
    await contains(".o_ops_tile[name=overdue]").click();
    await contains(".o_ops_tile[name=letters]").click();
    await contains(".o_ops_legend .btn").click();
    await contains(".o_ops_months .btn:nth-child(11)").click();
    await contains(".o_ops_months .btn:nth-child(12)").click();
    await contains("table.o_ops_heat tbody tr:first-child td:nth-child(2) button").click();
    await contains("table.o_ops_heat tbody tr:last-child td:nth-child(14) button").click();
    await contains("section[aria-labelledby=o_ops_chart_tasks] .o_ops_part:nth-child(2)").click();
    expect.verifySteps([
        "overdue|||2026|false", "letters|||2026|false", "result|met||2026|false", "due||2026-11-01|2026|false", "coming||2026-12-01|2026|false",
        "due|none||2026|false", "coming|7|2026-12-01|2026|false", "tasks|0|late|2026|false",
    ]);
});

test("another year and another department are asked for; the last that was asked for is shown", async () => {
    const slow = new Deferred();
    onRpc("ops.cockpit", "get_data", async ({ args: [year, department] }) => {
        expect.step(`${year} ${department}`);
        if (department === 7) {
            await slow;
        }
        return cockpitData({ year: year || 2026, department: department || false, overdue: department || 2 });
    });
    await mountCockpit();
    await contains("select[name=year]").select("2025");
    await contains("select[name=department]").select("7");
    await contains("select[name=department]").select("8");
    await animationFrame();
    slow.resolve();
    await animationFrame();
    expect.verifySteps(["false false", "2025 false", "2025 7", "2025 8"]);
    expect(".o_ops_tile[name=overdue] .o_ops_tile_value").toHaveText("8");
    expect(queryFirst("select[name=department]").value).toBe("8");
});

test("a company that has not begun", async () => {
    onRpc("ops.cockpit", "get_data", () => cockpitData({ heat: [], total: NOTHING, ring: MONTHS.map(() => NOTHING), started: false, charts: [] }));
    await mountCockpit();
    expect(".alert-info").toHaveText(/not being tracked/);
    expect(queryAllTexts(".o_ops_nothing")).toHaveLength(2);
});

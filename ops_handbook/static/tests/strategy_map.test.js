import { describe, expect, test } from "@odoo/hoot";
import { click, edit, press, queryAll, queryAllTexts, queryFirst } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { getService, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";
import { buildTree, filterTree, layout, visible, worst } from "@ops_handbook/strategy_map/strategy_tree";

describe.current.tags("ops_handbook");
defineMailModels();

const goal = (id, values = {}) => ({
    id, name: `Goal ${id}`, kpi_id: 1, direction_id: 1, department_id: 1, light: "", progress: 0, initiative_count: 0, ...values,
});
const initiative = (id, values = {}) => ({
    id, name: `Initiative ${id}`, goal_id: 1, department_id: 1, owner: "Li Lei", date_end: "2027-06-30", light: "", progress: 0,
    tasks: [], ...values,
});
const mapData = (values = {}) => ({
    cycle: { id: 5, name: "Annual plan 2027", year: 2027, state: "Running" },
    lights: { green: "Green", amber: "Amber", red: "Red" },
    departments: [{ id: 1, name: "Workshop" }, { id: 2, name: "Sales" }],
    directions: [{ id: 1, name: "Growth", description: "", goal_count: 2 }, { id: 2, name: "Efficiency", description: "", goal_count: 0 }],
    kpis: [{ id: 1, name: "Turnover", direction_id: 1, department_id: 2, target: "1,200,000 CNY" }],
    goals: [goal(1, { initiative_count: 2 }), goal(2, { kpi_id: false, department_id: 2, light: "green" })],
    initiatives: [
        initiative(1, { light: "red", progress: 20 }),
        initiative(2, { tasks: [{ model: "ops.task", id: 9, name: "Order it", state: "To Do", progress: 0 }] }),
    ],
    whole: true,
    ...values,
});

test("the worst light counts, and climbs up", () => {
    expect(worst(["green", "", "amber"])).toBe("amber");
    expect(worst([])).toBe("");
    const [growth] = buildTree(mapData());
    expect(growth.light).toBe("red");
    expect(growth.children.map((node) => node.key)).toEqual(["kpi-1", "goal-2"]);
    expect(growth.children[0].children[0].children.map((node) => node.key)).toEqual(["initiative-1", "initiative-2"]);
});

test("an initiative without a goal stands under “without”", () => {
    const data = mapData({ initiatives: [initiative(3, { goal_id: 0 })] });
    data.directions.push({ id: 0, name: "Without", goal_count: 1 });
    const tree = buildTree(data, { noGoal: "No goal" });
    expect(tree[2].children[0].name).toBe("No goal");
    expect(tree[2].children[0].children[0].key).toBe("initiative-3");
});

test("filters keep what leads to what was found", () => {
    const tree = buildTree(mapData());
    const names = (nodes) => visible(nodes, () => true).map((row) => row.node.name);
    expect(names(filterTree(tree, { text: "initiative 2" }))).toEqual(["Growth", "Turnover", "Goal 1", "Initiative 2", "Order it"]);
    expect(names(filterTree(tree, { department: 2 }))).toEqual(["Growth", "Turnover", "Goal 2"]);
    expect(names(filterTree(tree, { direction: 2 }))).toEqual(["Efficiency"]);
    expect(filterTree(tree, { text: "nothing like it" })).toEqual([]);
});

test("boxes do not overlap, and each line joins two of them", () => {
    const tree = buildTree(mapData());
    const { boxes, lines, height, width } = layout(tree, () => true);
    expect(boxes.size).toBe(8);
    expect(lines.length).toBe(6);
    const places = [...boxes.values()];
    for (const one of places) {
        for (const other of places) {
            expect(one !== other && one.x === other.x && Math.abs(one.y - other.y) < 64).toBe(false);
        }
    }
    expect(places.every((place) => place.x < width && place.y < height)).toBe(true);
});

async function open(data = mapData()) {
    onRpc("ops.cycle", "get_strategy_cycles", () => [{ id: 5, name: "Annual plan 2027" }]);
    onRpc("ops.cycle", "get_strategy_map", ({ kwargs }) => {
        expect.step(`map ${JSON.stringify([kwargs.direction_id, kwargs.goal_id])}`);
        return kwargs.direction_id
            ? { whole: false, goals: [goal(1, { initiative_count: 2 })], initiatives: [] }
            : kwargs.goal_id
            ? { initiatives: [initiative(1), initiative(2)] }
            : data;
    });
    await mountWithCleanup(WebClient);
    await getService("action").doAction({ type: "ir.actions.client", tag: "ops_handbook.strategy_map", context: { active_id: 5 } });
    await animationFrame();
}

test("one call; folds, unfolds, searches", async () => {
    await open();
    expect.verifySteps(["map [null,null]"]);
    expect(".o_ops_node").toHaveCount(8);
    expect(queryAllTexts(".o_ops_light").filter((text) => text === "Red").length).toBeGreaterThan(1);
    await click(".o_ops_node_goal .o_ops_node_toggle");
    await animationFrame();
    expect(".o_ops_node").toHaveCount(5);
    await click(".o_ops_strategy_tools input");
    await edit("order");
    await animationFrame();
    expect(queryAllTexts(".o_ops_node_name")).toEqual(["Growth", "Turnover", "Goal 1", "Initiative 2", "Order it"]);
    await edit("zzz");
    await animationFrame();
    expect(".o_ops_strategy_empty").toHaveCount(1);
});

test("the keyboard walks the tree", async () => {
    await open();
    expect.verifySteps(["map [null,null]"]);
    queryFirst(".o_ops_node_direction").focus();
    await press("ArrowRight");
    await animationFrame();
    expect(document.activeElement.dataset.key).toBe("kpi-1");
    await press("ArrowDown");
    await animationFrame();
    expect(document.activeElement.dataset.key).toBe("goal-1");
    await press("ArrowLeft");
    await animationFrame();
    expect(document.activeElement).toHaveAttribute("aria-expanded", "false");
    await press("End");
    await animationFrame();
    expect(document.activeElement.dataset.key).toBe("direction-2");
    expect(queryAll(".o_ops_node[tabindex='0']")).toHaveLength(1);
});

test("a large map asks for what is unfolded", async () => {
    await open(mapData({ whole: false, goals: [], initiatives: [], kpis: [] }));
    await click(".o_ops_node_direction .o_ops_node_toggle");
    await animationFrame();
    await click(".o_ops_node_goal .o_ops_node_toggle");
    await animationFrame();
    expect.verifySteps(["map [null,null]", "map [1,null]", "map [null,1]"]);
    expect(".o_ops_node_initiative").toHaveCount(2);
});

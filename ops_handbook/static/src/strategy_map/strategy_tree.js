/**
 * What the strategy map draws: pure functions, so that they can be tried without a page.
 *
 * A node: { key, kind, id, name, column, children, light, … }. Kinds, from left to right, are the columns.
 */

export const KINDS = ["direction", "kpi", "goal", "initiative", "task"];
export const BOX = { width: 232, height: 64, gapX: 56, gapY: 12 };
const ORDER = { red: 3, amber: 2, green: 1 };

/** Return the worst of some lights; "" when nobody has reported. */
export function worst(lights) {
    return lights.reduce((found, light) => ((ORDER[light] || 0) > (ORDER[found] || 0) ? light : found), "");
}

/**
 * Put the lists that the server sends into a tree.
 *
 * @param {Object} data directions, kpis, goals, initiatives
 * @param {Object} [labels] what stands for what has no name: `noGoal`
 * @returns {Object[]} the directions, with children
 */
export function buildTree(data, labels = {}) {
    const make = (kind, record, extra = {}) => ({
        ...record,
        key: `${kind}-${record.id}`,
        kind,
        column: KINDS.indexOf(kind),
        children: [],
        ...extra,
    });
    const directions = data.directions.map((record) => make("direction", record));
    const byDirection = new Map(directions.map((node) => [node.id, node]));
    const kpis = new Map();
    for (const record of data.kpis) {
        const node = make("kpi", record);
        kpis.set(record.id, node);
        byDirection.get(record.direction_id)?.children.push(node);
    }
    const goals = new Map();
    for (const record of data.goals) {
        const node = make("goal", record, { loaded: !record.initiative_count });
        goals.set(record.id, node);
        const kpi = kpis.get(record.kpi_id);
        const parent = kpi && kpi.direction_id === record.direction_id ? kpi : byDirection.get(record.direction_id);
        parent?.children.push(node);
    }
    for (const record of data.initiatives) {
        let goal = goals.get(record.goal_id);
        if (!goal && !record.goal_id && byDirection.has(0)) {
            goal = make("goal", { id: 0, name: labels.noGoal || "", light: "", direction_id: 0, initiative_count: 1 });
            goals.set(0, goal);
            byDirection.get(0).children.push(goal);
        }
        if (!goal) {
            continue;
        }
        goal.loaded = true;
        const node = make("initiative", record);
        node.children = (record.tasks || []).map((task) => make("task", task));
        goal.children.push(node);
    }
    directions.forEach(light);
    return directions;
}

/** Give a node the worst light of what is below it, where it has none of its own. */
function light(node) {
    node.children.forEach(light);
    node.light = node.light || worst(node.children.map((child) => child.light));
}

/**
 * Return the part of the tree that is asked for: of one direction or department, or whose names have a text.
 * A node stays when it fits or anything below it does; below a node whose name fits everything stays.
 */
export function filterTree(nodes, { department, direction, text } = {}) {
    const needle = (text || "").trim().toLowerCase();
    const keep = (node, found) => {
        if (department && ["goal", "initiative"].includes(node.kind) && node.id && node.department_id !== department) {
            return null;
        }
        const fits = found || !needle || [node.name, node.owner].some((part) => part?.toLowerCase().includes(needle));
        const children = node.children.map((child) => keep(child, fits)).filter(Boolean);
        if (children.length) {
            return { ...node, children };
        }
        const bare = department && ["direction", "kpi"].includes(node.kind) && node.department_id !== department;
        return fits && !bare ? { ...node, children } : null;
    };
    return nodes
        .filter((node) => !direction || node.id === direction)
        .map((node) => keep(node, false))
        .filter(Boolean);
}

/** Tell whether something can be unfolded below a node: what is there, or what the server has. */
export function isParent(node, lazy = false) {
    return Boolean(
        node.children.length ||
            (lazy && node.kind === "direction" && node.goal_count && !node.loaded) ||
            (lazy && node.kind === "goal" && node.initiative_count && !node.loaded)
    );
}

/**
 * Return the nodes that are seen, from top to bottom, as a tree reads them.
 *
 * @param {Object[]} nodes
 * @param {(node: Object) => boolean} isOpen
 */
export function visible(nodes, isOpen, level = 1, parent = null) {
    return nodes.flatMap((node, index) => {
        const row = { node, level, parent, position: index + 1, size: nodes.length };
        return [row, ...(isOpen(node) ? visible(node.children, isOpen, level + 1, node) : [])];
    });
}

/**
 * Return where the boxes stand and which lines join them.
 *
 * @returns {{boxes: Map, lines: Object[], width: number, height: number}} boxes: key → { x, y }
 */
export function layout(nodes, isOpen) {
    const boxes = new Map();
    const lines = [];
    const step = BOX.height + BOX.gapY;
    let next = 0;
    let columns = 1;
    const place = (node) => {
        const children = isOpen(node) ? node.children : [];
        columns = Math.max(columns, node.column + 1);
        let y;
        if (children.length) {
            const places = children.map(place);
            // in the middle of what hangs on it, but never so far down that one has to look for it
            y = Math.min((places[0] + places[places.length - 1]) / 2, places[0] + 2 * step);
        } else {
            y = next;
            next += step;
        }
        boxes.set(node.key, { x: node.column * (BOX.width + BOX.gapX), y });
        for (const child of children) {
            lines.push({ key: `${node.key}>${child.key}`, from: node.key, to: child.key, light: child.light });
        }
        return y;
    };
    nodes.forEach(place);
    for (const line of lines) {
        const from = boxes.get(line.from);
        const to = boxes.get(line.to);
        const [x1, y1] = [from.x + BOX.width, from.y + BOX.height / 2];
        const [x2, y2] = [to.x, to.y + BOX.height / 2];
        const bend = x2 - BOX.gapX / 2; // the curve stands right before the box, also when a column is skipped
        line.path = `M ${x1} ${y1} H ${x2 - BOX.gapX} C ${bend} ${y1}, ${bend} ${y2}, ${x2} ${y2}`;
    }
    return { boxes, lines, width: columns * (BOX.width + BOX.gapX) - BOX.gapX, height: Math.max(0, next - BOX.gapY) };
}

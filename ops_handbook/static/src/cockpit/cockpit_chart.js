import { Component } from "@odoo/owl";

/** Bars with their numbers, one row each; every number is a button that opens the list it counts. */
export class CockpitChart extends Component {
    static template = "ops_handbook.CockpitChart";
    static props = {
        chart: { type: Object }, // as ops.cockpit gives it
        open: { type: Function },
    };

    get total() {
        return this.props.chart.cells.flat().reduce((sum, number) => sum + number, 0);
    }

    get hasColumns() {
        return this.props.chart.columns.length > 1;
    }

    /** The rows with their parts; the widest fills the place there is. */
    get rows() {
        const { rows, columns, cells } = this.props.chart;
        const sums = cells.map((numbers) => numbers.reduce((sum, number) => sum + number, 0));
        const most = Math.max(...sums, 1);
        return rows.map((row, index) => ({
            ...row,
            sum: sums[index],
            parts: columns
                .map((column, number) => ({
                    ...column,
                    tone: column.tone || row.tone || "pending",
                    value: cells[index][number],
                    width: (100 * cells[index][number]) / most,
                }))
                .filter((part) => part.value),
        }));
    }

    title(row, part) {
        return [row.label, part.label, part.value].filter((text) => text !== "").join(" · ");
    }
}

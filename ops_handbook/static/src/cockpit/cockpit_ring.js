import { Component, onWillStart, onWillUnmount, useEffect, useRef } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";

/** The twelve months of a year as a ring, coloured by how much was done in time; a month opens its list. */
export class CockpitRing extends Component {
    static template = "ops_handbook.CockpitRing";
    static props = {
        months: { type: Array }, // { key, label, tone, title, due, coming }
        rate: { type: String }, // in the middle
        caption: { type: String },
        open: { type: Function },
    };

    setup() {
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => this.draw(),
            () => [this.props.months]
        );
        onWillUnmount(() => this.chart?.destroy());
    }

    /** The colours of the results, as they are on this page, light or dark. */
    colour(tone) {
        const style = getComputedStyle(this.canvas.el);
        return style.getPropertyValue(`--ops-${tone === "none" ? "held" : tone}-${tone === "none" ? "bg" : "fg"}`).trim();
    }

    draw() {
        const { months } = this.props;
        this.chart?.destroy();
        this.chart = new Chart(this.canvas.el, {
            type: "doughnut",
            data: {
                labels: months.map((month) => month.title),
                datasets: [{
                    data: months.map(() => 1),
                    backgroundColor: months.map((month) => this.colour(month.tone)),
                    borderColor: getComputedStyle(this.canvas.el.parentElement).backgroundColor,
                    borderWidth: 2,
                }],
            },
            options: {
                animation: false,
                cutout: "62%",
                responsive: true,
                maintainAspectRatio: false,
                plugins: {
                    legend: { display: false },
                    tooltip: { displayColors: false, callbacks: { label: () => "", title: ([item]) => item.label } },
                },
                onClick: (_ev, elements) => elements.length && this.props.open(months[elements[0].index]),
                onHover: (ev, elements) => {
                    ev.native.target.style.cursor = elements.length ? "pointer" : "default";
                },
            },
        });
    }
}

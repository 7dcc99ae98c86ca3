import { HtmlField, htmlField } from "@html_editor/fields/html_field";
import { registry } from "@web/core/registry";
import { STANDARD_EMBEDDINGS } from "./live_standard";
import { StandardPlugin } from "./standard_plugin";

/** The editor of the handbook's texts: Odoo's own, with live standards. */
export class ArticleHtmlField extends HtmlField {
    getConfig() {
        const config = super.getConfig();
        config.Plugins = [...config.Plugins, StandardPlugin];
        config.resources.embedded_components = [...config.resources.embedded_components, ...STANDARD_EMBEDDINGS];
        return config;
    }

    getReadonlyConfig() {
        const config = super.getReadonlyConfig();
        config.embeddedComponents = [...config.embeddedComponents, ...STANDARD_EMBEDDINGS];
        return config;
    }
}

export const articleHtmlField = {
    ...htmlField,
    component: ArticleHtmlField,
    extractProps() {
        return { ...htmlField.extractProps(...arguments), embeddedComponents: true };
    },
};

registry.category("fields").add("ops_article_html", articleHtmlField);

// @ts-check
"use strict";

// Draws each chart from the JSON that stands beside it, in the colours of the reader's scheme.
(() => {
  const colour = (/** @type {string} */ name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  /** @param {{data: any[], layout: any}} figure as the server wrote it, without colours */
  const dress = (figure) => {
    const ink = colour("--ink"), soft = colour("--ink-soft"), line = colour("--line");
    /** @type {Record<string, object>} */
    const styles = {
      value: { line: { color: colour("--accent"), width: 3 }, marker: { color: colour("--accent"), size: 9 } },
      target: { line: { color: colour("--missed"), width: 3 } },
      path: { line: { color: soft, width: 2, dash: "dash" } },
    };
    const data = figure.data.map((trace) => {
      const style = styles[trace.meta.role];
      if (trace.type === "bar") {
        return { ...trace, marker: { color: colour("--accent-soft"), line: { color: colour("--accent"), width: 1.5 } }, textfont: { color: ink } };
      }
      return { ...trace, ...style, textfont: { color: ink } };
    });
    const axis = { color: soft, gridcolor: line, linecolor: line, zerolinecolor: line, fixedrange: true };
    const layout = {
      ...figure.layout,
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: colour("--font"), size: 13, color: ink },
      hoverlabel: { bgcolor: colour("--surface"), bordercolor: line, font: { color: ink } },
      xaxis: { ...axis, ...figure.layout.xaxis },
      yaxis: { ...axis, ...figure.layout.yaxis },
    };
    return { data, layout };
  };

  const draw = () => {
    /** @type {NodeListOf<HTMLElement>} */
    const places = document.querySelectorAll("[data-chart]");
    for (const place of places) {
      const source = document.getElementById(place.dataset.chart ?? "");
      if (!source) continue;
      const figure = JSON.parse(source.textContent ?? "");
      const { data, layout } = dress(figure);
      /** @type {any} */ (window).Plotly.react(place, data, layout, { displayModeBar: false, responsive: true });
    }
  };

  document.addEventListener("DOMContentLoaded", draw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
})();

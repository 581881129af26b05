/* Draws groups of articles compared: differences with their intervals, and one curve per group.
   What it needs of the page's script is given to it; returns what draws both charts anew. */
function comparisonCharts(data, tools) {
  "use strict";

  const $ = (id) => document.getElementById(id);
  const { text } = tools;
  const ROW_PIXELS = 30;
  const FRAME_PIXELS = 100;

  const covariate = () => data.covariates[$("compared-by").value];
  const topic = () => +$("compared-topic").value;

  // Differences of one measure as points with bars: full where significant, else hollow.
  function intervalTrace(rows, axes, look) {
    const { values } = covariate();
    const known = values.map((_, n) => n).filter((n) => rows?.[n]);
    const colors = known.map((n) => tools.colorOf(look, n));
    return {
      type: "scatter",
      mode: "markers",
      ...axes,
      x: known.map((n) => 100 * rows[n][0]),
      y: known.map((n) => values[n]),
      error_x: {
        type: "data",
        symmetric: false,
        array: known.map((n) => 100 * (rows[n][2] - rows[n][0])),
        arrayminus: known.map((n) => 100 * (rows[n][0] - rows[n][1])),
        color: look.soft,
        thickness: 1.5,
        width: 4,
      },
      marker: {
        size: 10,
        color: colors,
        symbol: known.map((n) => (rows[n][3] ? "circle" : "circle-open")),
      },
      text: known.map((n) => `${(100 * rows[n][1]).toFixed(2)} – ${(100 * rows[n][2]).toFixed(2)}`),
      hovertemplate: "%{y} · %{x:+.2f} (%{text})<extra></extra>",
    };
  }

  function drawEffects() {
    const look = tools.style();
    const { values, share, trend } = covariate();
    const hasTrend = Boolean(trend[topic()]);
    const title = (key) => ({ text: text(key), font: { size: 12 } });
    const differences = { zeroline: true, zerolinecolor: look.fg, ticksuffix: "" };
    const traces = [intervalTrace(share[topic()], { xaxis: "x", yaxis: "y" }, look)];
    if (hasTrend) traces.push(intervalTrace(trend[topic()], { xaxis: "x2", yaxis: "y" }, look));
    const groups = { type: "category", categoryorder: "array", categoryarray: [...values].reverse() };
    Plotly.react("compared-effects", traces, {
      ...tools.commonLayout(look),
      height: FRAME_PIXELS + ROW_PIXELS * values.length,
      margin: { l: 8, r: 8, t: 8, b: 60 },
      hovermode: "closest",
      yaxis: { ...tools.axis(look, groups), range: [-0.6, values.length - 0.4] },
      xaxis: {
        ...tools.axis(look, { domain: hasTrend ? [0, 0.6] : [0, 1], title: title("difference") }),
        ...differences,
      },
      xaxis2: {
        ...tools.axis(look, { domain: [0.66, 1], title: title("trend"), anchor: "y" }),
        ...differences,
      },
    }, tools.config);
  }

  function curveTrace(curve, name, color) {
    const { starts, periods } = covariate();
    return {
      type: "scatter",
      mode: "lines+markers",
      name,
      x: starts,
      y: curve.y,
      text: periods.map((period, i) =>
        `${period} · ${curve.n[i]} ${text("articles")} · ` +
        `${(100 * curve.low[i]).toFixed(1)} – ${(100 * curve.high[i]).toFixed(1)}%`),
      connectgaps: false,
      line: { width: 2, color },
      marker: { size: 5, color },
      hovertemplate: "%{y:.1%} · %{text}<extra>%{fullData.name}</extra>",
    };
  }

  function drawCurves() {
    const look = tools.style();
    const { values, curves, periods, starts } = covariate();
    const shown = curves[topic()] ?? [];
    $("compared-curves").closest("figure").hidden = periods.length < 2;
    if (periods.length < 2) return;
    const banded = shown.length <= tools.MAX_CURVES_WITH_BANDS;
    const traces = shown.flatMap((curve, n) => {
      const color = tools.colorOf(look, n);
      const bands = banded ? tools.bandTraces(curve, color, starts) : [];
      return [...bands, curveTrace(curve, values[n], color)];
    });
    Plotly.react("compared-curves", traces, {
      ...tools.commonLayout(look),
      showlegend: true,
      legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom" },
      margin: { l: 64, r: 8, t: 8, b: 48 },
      height: 380,
      hovermode: "closest",
      yaxis: tools.titled(look, text("axis_share"), { tickformat: ".0%", rangemode: "tozero" }),
      xaxis: tools.titled(look, text("axis_period"), { type: "date", tickformat: tools.dateFormat }),
    }, tools.config);
  }

  // Names of covariates are of a language; the choice stays.
  function nameCovariates() {
    const chosen = $("compared-by").value || 0;
    tools.fill("compared-by", data.covariates.map(({ name }) => name[tools.language()]));
    $("compared-by").value = chosen;
  }

  function draw() {
    nameCovariates();
    drawEffects();
    drawCurves();
  }

  tools.fill("compared-topic", tools.labels);
  $("compared-topic").value = tools.first;
  for (const id of ["compared-by", "compared-topic"]) $(id).addEventListener("change", draw);
  return draw;
}

/* Draws the page of a themes run from the data that stand in it: curves with bands, words through
   time, the map of topics, and the articles behind a point. It loads nothing from any address. */
(async function () {
  "use strict";

  const $ = (id) => document.getElementById(id);
  const data = JSON.parse($("data").textContent);
  const { text, language } = window.page;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const narrow = matchMedia("(max-width: 600px)");

  // Colours of curves on a light and on a dark page.
  const LIGHT = [
    "#0b6e8f", "#b3261e", "#7a5c00", "#4b7f2c", "#6b4fa0",
    "#c2570c", "#8a3b6a", "#33608c", "#5f6b1b", "#a8324a",
  ];
  const DARK = [
    "#5cc3e6", "#ff8a80", "#e3c14f", "#97cf75", "#b9a1ec",
    "#ffab70", "#e58fc0", "#8fb8e0", "#c3d16b", "#ff8fa5",
  ];
  const BAND_OPACITY = "26";  // Of 255, in hexadecimal: 15 %.
  const MAX_CURVES_WITH_BANDS = 3;
  const CURVES_DOMAIN = [0.28, 1];  // Parts of a chart's height.
  const COUNTS_DOMAIN = [0, 0.18];
  const Z = 1.96;  // Of a 95 % interval.
  const MAX_LEAD_AS_TITLE = 24;  // Characters.
  const MAX_NEAR_WORDS = 8;
  const TITLE_PIXELS = 40;  // Above a chart that is saved.

  let chosen = JSON.parse($("chosen").textContent);
  let points = null;  // Articles behind points; unpacked when first asked for.
  let words = null;  // Where the cells of each word begin and end in the lexicon.
  let cells = null;
  let printing = false;  // On paper all is light.
  let layout = null;  // The map's circles, and the width and height that they were laid out for.

  /* ---- Unpacking ---- */

  async function unpack(id) {
    const packed = atob($(id).textContent);
    const bytes = Uint8Array.from(packed, (char) => char.charCodeAt(0));
    const stream = new Blob([bytes]).stream();
    return new Response(stream.pipeThrough(new DecompressionStream("deflate-raw"))).text();
  }

  if (typeof DecompressionStream === "undefined") {
    ($("curves") ?? $("map")).textContent = text("too_old");
    return;
  }

  /* ---- Looks ---- */

  const isDark = () => dark.matches && !printing;

  function style() {
    const css = getComputedStyle(document.documentElement);
    const read = (name) => css.getPropertyValue(name).trim();
    return {
      fg: read("--fg"),
      line: read("--line"),
      soft: read("--soft"),
      font: getComputedStyle(document.body).fontFamily,
      colors: isDark() ? DARK : LIGHT,
    };
  }

  const colorOf = (look, n) => look.colors[n % look.colors.length];

  function commonLayout(look) {
    return {
      font: { color: look.fg, family: look.font, size: narrow.matches ? 11 : 13 },
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      showlegend: false,
    };
  }

  function axis(look, more) {
    const lines = { gridcolor: look.line, linecolor: look.line, zerolinecolor: look.line };
    return { ...lines, automargin: true, ...more };
  }

  const titled = (look, title, more) => axis(look, { title: { text: title, standoff: 8 }, ...more });

  const config = { responsive: true, displayModeBar: false };

  // A chart as a file, with the title that stands above it in the page.
  async function saveChart(id, format) {
    const chart = $(id);
    const heading = chart.closest("figure").querySelector("h3");
    const title = heading.querySelector(`[lang="${language()}"]`) ?? heading;
    const { width, height } = chart.getBoundingClientRect();
    const frame = chart.layout;
    const figure = {
      data: chart.data,
      layout: {
        ...frame,
        title: { text: title.textContent, y: 0.98, yanchor: "top" },
        margin: { ...frame.margin, t: (frame.margin?.t ?? 0) + TITLE_PIXELS },
        paper_bgcolor: getComputedStyle(document.body).backgroundColor,
      },
    };
    const size = { width, height: height + TITLE_PIXELS, scale: format === "png" ? 2 : 1 };
    const url = await Plotly.toImage(figure, { format, ...size });
    window.page.save(`${window.page.fileName(id)}.${format}`, url);
  }

  function chip(label, clicked, color) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "chip";
    button.textContent = label;
    if (color) button.style.borderColor = color;
    button.addEventListener("click", clicked);
    return button;
  }

  /* ---- Curves: shares, with the number of articles below them. A curve has label, y, low and
     high, and as "of" what a click on one of its points is about. ---- */

  // Positions of periods with a band, stretch by stretch: a band must not run across a gap.
  function stretches(low) {
    const found = [[]];
    low.forEach((value, i) => {
      if (value === null) found.push([]);
      else found.at(-1).push(i);
    });
    return found.filter((stretch) => stretch.length);
  }

  function bandTraces(curve, color, starts) {
    return stretches(curve.low).map((stretch) => {
      const back = [...stretch].reverse();
      return {
        type: "scatter",
        mode: "lines",
        x: [...stretch, ...back].map((i) => starts[i]),
        y: [...stretch.map((i) => curve.high[i]), ...back.map((i) => curve.low[i])],
        fill: "toself",
        fillcolor: color + BAND_OPACITY,
        line: { width: 0 },
        hoverinfo: "skip",
        showlegend: false,
      };
    });
  }

  const isUnfinished = (i) => data.unfinished && i === data.periods.length - 1;

  function curveTrace(curve, color) {
    const symbols = data.starts.map((_, i) => (isUnfinished(i) ? "circle-open" : "circle"));
    return {
      type: "scatter",
      mode: "lines+markers",
      name: curve.label,
      x: data.starts,
      y: curve.y,
      text: data.periods,
      connectgaps: false,
      line: { width: 2, color },
      marker: { size: data.periods.length > 80 ? 4 : 6, color, symbol: symbols },
      customdata: data.starts.map((_, i) => [curve.of, i]),
      hovertemplate: "%{text} · %{y:.1%}<extra>%{fullData.name}</extra>",
    };
  }

  function countsTrace(look) {
    const opacity = data.starts.map((_, i) => (isUnfinished(i) ? 0.35 : 0.7));
    return {
      type: "bar",
      x: data.starts,
      y: data.counts,
      text: data.periods,
      textposition: "none",
      yaxis: "y2",
      marker: { color: look.soft, opacity },
      hovertemplate: `%{text} · %{y} ${text("articles")}<extra></extra>`,
      showlegend: false,
    };
  }

  // A dotted line at the day of each event, and its name beside it.
  function eventMarks(look) {
    const isShown = ({ date }) => date >= data.starts[0] && date <= data.end
      && !data.breaks.some((gap) => gap.from <= date && date < gap.to);
    const events = data.events.filter(isShown);
    const shapes = events.map((event) => ({
      type: "line",
      xref: "x",
      yref: "paper",
      x0: event.date,
      x1: event.date,
      y0: CURVES_DOMAIN[0],
      y1: 1,
      line: { color: look.soft, width: 1, dash: "dot" },
    }));
    const annotations = events.map((event, n) => ({
      xref: "x",
      yref: "paper",
      x: event.date,
      y: 1 - 0.05 * (n % 4),
      text: event.name,
      showarrow: false,
      xanchor: "left",
      font: { size: 11, color: look.soft },
    }));
    return { shapes, annotations };
  }

  // Years without an article are left out of the axis: a dashed line stands there.
  function breakMarks(look) {
    return data.breaks.map((gap) => ({
      type: "line",
      xref: "x",
      yref: "paper",
      x0: gap.to,
      x1: gap.to,
      y0: 0,
      y1: 1,
      line: { color: look.soft, width: 2, dash: "4px 4px" },
    }));
  }

  const DATES = { day: "%Y-%m-%d", week: "%Y-%m-%d", year: "%Y", decade: "%Y" };
  const dateFormat = DATES[data.by] ?? "%Y-%m";

  function timeAxis(look) {
    const hidden = data.breaks.map((gap) => ({ bounds: [gap.from, gap.to] }));
    return titled(look, text("axis_period"), {
      type: "date",
      tickformat: dateFormat,
      anchor: "y2",
      rangebreaks: hidden,
    });
  }

  function curvesLayout(look, curves, height, shareTitle) {
    const highest = Math.max(...curves.flatMap((curve) => curve.y));
    const shares = {
      domain: CURVES_DOMAIN,
      title: { text: shareTitle, standoff: 8 },
      tickformat: highest > 0.05 ? ".0%" : ".1%",
      rangemode: "tozero",
    };
    const { shapes, annotations } = eventMarks(look);
    return {
      ...commonLayout(look),
      shapes: [...shapes, ...breakMarks(look)],
      annotations,
      showlegend: true,
      legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom" },
      margin: { l: narrow.matches ? 40 : 64, r: 8, t: 8, b: 48 },
      height,
      hovermode: "closest",
      bargap: 0.1,
      yaxis: axis(look, shares),
      yaxis2: titled(look, text("axis_count"), { domain: COUNTS_DOMAIN, nticks: 3 }),
      xaxis: timeAxis(look),
    };
  }

  function plot(id, curves, height, shareTitle) {
    const look = style();
    const traces = curves.flatMap((curve, n) => {
      const color = colorOf(look, n);
      const banded = curve.low && curves.length <= MAX_CURVES_WITH_BANDS;
      return [...(banded ? bandTraces(curve, color, data.starts) : []), curveTrace(curve, color)];
    });
    traces.push(countsTrace(look));
    Plotly.react(id, traces, curvesLayout(look, curves, height, shareTitle), config);
  }

  // The curves of the chosen topics; the chips are their legend. No dates, no curves.
  function drawCurves() {
    if (!data.periods.length) return;
    const curves = chosen.map((k) => ({ ...data.topics[k], of: k }));
    plot("curves", curves, narrow.matches ? 440 : 580, text("axis_share"));
  }

  /* ---- Words through time. What the packed text holds is described in lexicon.py. ---- */

  const number = (packed, n) => packed.charCodeAt(n) - 32;

  async function readLexicon() {
    if (words) return;
    const [names, lengths, passed, held] = (await unpack("words")).split("\n");
    words = new Map();
    let begin = 0;
    names.split(" ").forEach((word, n) => {
      const end = begin + number(lengths, n);
      words.set(word, [begin, end]);
      begin = end;
    });
    cells = { passed, held };
  }

  // How many articles of each period have a word.
  function countArticles(word) {
    const counts = data.counts.map(() => 0);
    const [begin, end] = words.get(word);
    let period = -1;
    for (let n = begin; n < end; n++) {
      period += number(cells.passed, n) + 1;
      counts[period] = number(cells.held, n);
    }
    return counts;
  }

  // The curve of a word: which share of each period's articles has it, with Wilson's interval.
  function wordCurve(word) {
    const curve = { label: word, of: word, y: [], low: [], high: [] };
    countArticles(word).forEach((held, i) => {
      const n = data.counts[i];
      const middle = (held + Z ** 2 / 2) / (n + Z ** 2);
      const variance = (held * (n - held)) / n + Z ** 2 / 4;
      const reach = Math.sqrt(Z ** 2 * variance) / (n + Z ** 2);
      curve.y.push(n ? held / n : null);
      curve.low.push(n ? Math.max(0, middle - reach) : null);
      curve.high.push(n ? Math.min(1, middle + reach) : null);
    });
    return curve;
  }

  function wordsAskedFor() {
    const typed = $("word").value.normalize("NFKC").toLowerCase();
    return [...new Set(typed.split(/[\s，、,]+/).filter((word) => word))];
  }

  function nearWords(word) {
    const near = [...words.keys()].filter((other) => other.includes(word) || word.includes(other));
    return near.slice(0, MAX_NEAR_WORDS);
  }

  // Name the words that the run does not have, with near ones to take instead.
  function showUnknown(unknown, asked) {
    const message = unknown.length ? [`${text("not_among_words")}${unknown.join(" · ")} `] : [];
    const chips = unknown.flatMap((word) => nearWords(word).map((near) => chip(near, () => {
      $("word").value = asked.map((other) => (other === word ? near : other)).join(" ");
      drawWords();
    })));
    $("unknown").replaceChildren(...message, ...chips);
  }

  async function drawWords() {
    await readLexicon();
    const asked = wordsAskedFor();
    const known = asked.filter((word) => words.has(word));
    $("word-curves").hidden = !known.length;
    if (known.length) {
      plot("word-curves", known.map(wordCurve), narrow.matches ? 360 : 440, text("axis_word"));
      $("word-curves").removeAllListeners("plotly_click");
      onPointClick("word-curves", showArticlesWithWord);
    }
    showUnknown(asked.filter((word) => !words.has(word)), asked);
  }

  /* ---- The map: topics as circles, in pixels ---- */

  const MAP_GAP = 6;  // Pixels between two circles.
  const LABEL_HEIGHT = 16;
  const MAP_TITLE = 28;  // Below the map, in pixels.
  const MAX_COVERED = 0.4;  // Part of the map: hundreds of circles fit where they cover no more.
  const MAX_ROUNDS = 500;
  const MAX_PAIRS = 3e7;  // Compared in all rounds together: a second of work.

  function circleRadii(width, height) {
    const largest = Math.max(...data.topics.map((topic) => topic.share));
    const growth = data.topics.length > 40 || narrow.matches ? 11 : 17;
    const radii = data.topics.map((topic) => 4 + growth * Math.sqrt(topic.share / largest));
    const area = radii.reduce((sum, r) => sum + Math.PI * (r + MAP_GAP / 2) ** 2, 0);
    const shrink = Math.min(1, Math.sqrt(MAX_COVERED / (area / (width * height))));
    return radii.map((r) => r * shrink);
  }

  // Topics' places scaled into the map: up to twice as wide as true, or as tall, for labels' room.
  function scaledPlaces(width, height, margin) {
    const ends = [0, 1].map((axis) => {
      const places = data.topics.map((topic) => topic.place[axis]);
      return [Math.min(...places), Math.max(...places)];
    });
    const fit = [width, height].map(
      (room, axis) => (room - 2 * margin) / (ends[axis][1] - ends[axis][0] || 1),
    );
    const scale = fit.map((one) => Math.min(one, 2 * Math.min(...fit)));
    const middle = ends.map(([low, high]) => (low + high) / 2);
    return data.topics.map(({ place: [x, y] }) => [
      width / 2 + (x - middle[0]) * scale[0],
      height / 2 - (y - middle[1]) * scale[1],
    ]);
  }

  // Push each two circles that cover one another apart; return whether any did.
  function pushApart(places, radii) {
    let moved = false;
    for (let i = 1; i < places.length; i++) {
      for (let k = 0; k < i; k++) {
        const dx = places[i][0] - places[k][0] || 0.01;
        const dy = places[i][1] - places[k][1] || 0.01;
        const distance = Math.hypot(dx, dy);
        const push = (radii[i] + radii[k] + MAP_GAP - distance) / 2 / distance;
        if (push <= 0.001) continue;
        moved = true;
        places[i] = [places[i][0] + dx * push, places[i][1] + dy * push];
        places[k] = [places[k][0] - dx * push, places[k][1] - dy * push];
      }
    }
    return moved;
  }

  // Where the topics lie, moved until none covers another; without chance, so always the same map.
  function layOut(width, height) {
    const radii = circleRadii(width, height);
    const margin = Math.max(...radii) + LABEL_HEIGHT;
    const at = scaledPlaces(width, height, margin);
    const inside = (value, room) => Math.min(room - margin, Math.max(margin, value));
    const rounds = Math.min(MAX_ROUNDS, MAX_PAIRS / at.length ** 2);
    for (let round = 0; round < rounds; round++) {
      const moved = pushApart(at, radii);
      at.forEach(([x, y], k) => { at[k] = [inside(x, width), inside(y, height)]; });
      if (!moved) break;
    }
    return { width, height, radii, at };
  }

  // Pixels that a label takes: a Chinese character is nearly twice as wide as a Latin one.
  const labelWidth = (label) =>
    [...label].reduce((sum, char) => sum + (char > "\u2e80" ? 11.5 : 6.5), 4);

  // The boxes [left, top, right, bottom] of a label on each side of its circle.
  function labelBoxes([x, y], r, width) {
    return {
      "top center": [x - width / 2, y - r - LABEL_HEIGHT, x + width / 2, y - r],
      "bottom center": [x - width / 2, y + r, x + width / 2, y + r + LABEL_HEIGHT],
      "middle right": [x + r, y - 8, x + r + width + 4, y + 8],
      "middle left": [x - r - width - 4, y - 8, x - r, y + 8],
    };
  }

  const apart = (a, b) => a[2] <= b[0] || a[0] >= b[2] || a[3] <= b[1] || a[1] >= b[3];

  // On which side each label finds room: chosen topics first (they get one all the same), then
  // large ones. The others show theirs when pointed at.
  function placeLabels({ width, height, radii, at }) {
    const taken = at.map(([x, y], k) => {
      const r = radii[k] * 0.8;
      return [x - r, y - r, x + r, y + r];
    });
    const isChosen = data.topics.map((_, k) => chosen.includes(k));
    const order = data.topics.map((_, k) => k).sort((a, b) =>
      isChosen[b] - isChosen[a] || data.topics[b].share - data.topics[a].share || a - b);
    const side = data.topics.map(() => null);
    const isFree = (box) =>
      box[0] >= 0 && box[1] >= 0 && box[2] <= width && box[3] <= height &&
      taken.every((other) => apart(box, other));
    for (const k of order) {
      const boxes = labelBoxes(at[k], radii[k], labelWidth(data.topics[k].label));
      const free = Object.keys(boxes).find((name) => isFree(boxes[name]));
      side[k] = free ?? (isChosen[k] ? "top center" : null);
      if (side[k]) taken.push(boxes[side[k]]);
    }
    return side;
  }

  function mapTrace(look, side) {
    const colors = data.topics.map((_, k) =>
      (chosen.includes(k) ? colorOf(look, chosen.indexOf(k)) : look.soft));
    return {
      type: "scatter",
      mode: "markers+text",
      x: layout.at.map((place) => place[0]),
      y: layout.at.map((place) => place[1]),
      text: data.topics.map((topic, k) => (side[k] ? topic.label : "")),
      textposition: side.map((name) => name ?? "top center"),
      textfont: { size: 11 },
      marker: {
        size: layout.radii.map((r) => 2 * r),
        color: colors,
        opacity: 0.6,
        line: { width: 1, color: look.line },
      },
      customdata: data.topics.map((topic) => [topic.words, topic.share, topic.label]),
      hovertemplate:
        "%{customdata[2]}<br>%{customdata[1]:.1%}<br>%{customdata[0]}<extra></extra>",
    };
  }

  function drawMap() {
    const look = style();
    const width = $("map").clientWidth;
    const height = narrow.matches ? 360 : 520;
    if (layout?.width !== width || layout.height !== height) layout = layOut(width, height);
    Plotly.react("map", [mapTrace(look, placeLabels(layout))], {
      ...commonLayout(look),
      height: height + MAP_TITLE,
      margin: { l: 0, r: 0, t: 0, b: MAP_TITLE },
      hovermode: "closest",
      xaxis: {
        range: [0, width],
        title: { text: text("axis_map"), font: { size: 11, color: look.soft }, standoff: 2 },
        showgrid: false,
        zeroline: false,
        showticklabels: false,
      },
      yaxis: { visible: false, range: [height, 0] },
    }, config);
  }

  /* ---- The number of topics ---- */

  function drawChoice() {
    const look = style();
    const chart = data.choice[language()];
    const figure = { ...chart.layout, ...commonLayout(look) };
    for (const name of Object.keys(figure)) {
      if (/^[xy]axis/.test(name)) figure[name] = axis(look, figure[name]);
    }
    Plotly.react("choice", chart.data, figure, config);
  }

  /* ---- Choosing topics ---- */

  const topicButtons = () => document.querySelectorAll("[data-topic]");

  function drawChips() {
    const look = style();
    const chips = chosen.map((k, n) =>
      chip(data.topics[k].label + " ×", () => choose(k), colorOf(look, n)));
    $("chips")?.replaceChildren(...chips);
    for (const button of topicButtons()) {
      button.setAttribute("aria-pressed", chosen.includes(+button.dataset.topic));
    }
  }

  function draw() {
    drawChips();
    drawCurves();
    drawMap();
    if (data.choice) drawChoice();
  }

  let drawCompared = () => {};  // Groups of articles, where there are any.

  async function beginComparison() {
    const comparison = JSON.parse(await unpack("comparison"));
    const labels = data.topics.map((topic) => topic.label);
    const looks = { style, colorOf, commonLayout, axis, titled, config, dateFormat };
    const tools = { ...looks, bandTraces, MAX_CURVES_WITH_BANDS, fill, text, language };
    drawCompared = comparisonCharts(comparison, { ...tools, labels, first: chosen[0] ?? 0 });
  }

  function drawAll() {
    offerPoints();
    draw();
    drawCompared();
    if ($("word")) drawWords();
  }

  function choose(k) {
    chosen = chosen.includes(k) ? chosen.filter((other) => other !== k) : [...chosen, k];
    draw();
  }

  /* ---- The articles and stories behind a point ---- */

  function articleItem([date, page, headline, lead]) {
    const item = document.createElement("li");
    const title = document.createElement("b");
    title.textContent = headline || lead.slice(0, MAX_LEAD_AS_TITLE);
    const place = document.createElement("span");
    place.className = "soft";
    place.textContent = ` ${date} ${page === null ? "" : text("page").replace("{page}", page)}`;
    const beginning = document.createElement("div");
    beginning.className = "soft small";
    beginning.textContent = lead + "…";
    item.append(title, place, beginning);
    return item;
  }

  // Fill the card of that name with stories and articles, and show it.
  function showCard(card, title, stories, articles) {
    const names = stories.map((story) => story.querySelector("b").textContent).join(" · ");
    $(card + "-title").textContent = title;
    $(card + "-stories").textContent = stories.length ? `${text("chronology")}${names}` : "";
    $(card + "-list").replaceChildren(...articles.map((n) => articleItem(points.articles[n])));
    $(card).hidden = false;
  }

  const storiesOf = (i) =>
    [...document.querySelectorAll(`.story[data-period="${data.periods[i]}"]`)];

  async function readPoints() {
    points ??= JSON.parse(await unpack("points"));
  }

  // Articles with most of topic k in period i.
  async function showArticlesOfTopic(k, i) {
    await readPoints();
    const articles = points.points[k]?.[data.periods[i]] ?? [];
    const nothing = articles.length ? "" : text("nothing_behind");
    const title = `${data.topics[k].label} · ${data.periods[i]}${nothing}`;
    const stories = storiesOf(i).filter((story) => +story.dataset.theme === k);
    showCard("behind", title, stories, articles);
  }

  // Of the articles that the report holds, those of period i with the word in headline or lead.
  async function showArticlesWithWord(word, i) {
    await readPoints();
    const has = (content) => content.toLowerCase().includes(word);
    const ofPeriod = Object.values(points.points).flatMap((byPeriod) =>
      byPeriod[data.periods[i]] ?? []);
    const articles = [...new Set(ofPeriod)]
      .filter((n) => has(points.articles[n].slice(2).join(" ")))
      .sort((a, b) => a - b);
    const count = countArticles(word)[i];
    const listed = articles.length < count ? text("listed").replace("{n}", articles.length) : "";
    const title = `${word} · ${data.periods[i]} · ${count} ${text("articles")}${listed}`;
    const stories = storiesOf(i).filter((story) => has(story.textContent));
    showCard("behind-word", title, stories, articles);
  }

  // For readers without a mouse: a theme and a period to list the articles of.
  function offerPoints() {
    if (!$("behind-show") || $("behind-topic").options.length) return;
    fill("behind-topic", data.topics.map((topic) => topic.label));
    fill("behind-period", data.periods);
  }

  // Offer labels in a list; the value of each is its position.
  function fill(id, labels) {
    $(id).replaceChildren(...labels.map((label, n) => new Option(label, n)));
  }

  async function showAskedFor() {
    await showArticlesOfTopic(+$("behind-topic").value, +$("behind-period").value);
    $("behind-title").focus();
  }

  function onPointClick(id, show) {
    $(id).on("plotly_click", (event) => {
      const point = event.points.find(({ customdata }) => customdata)?.customdata;
      if (point) show(...point);
    });
  }

  /* ---- Searching ---- */

  const searchText = (id) => $(id).value.trim().toLowerCase();

  function searchTopics() {
    const query = searchText("search");
    let shown = 0;
    for (const card of document.querySelectorAll(".card[data-words]")) {
      const matches = !query || card.dataset.words.toLowerCase().includes(query);
      card.hidden = !matches;
      shown += matches;
    }
    $("hits").textContent = query ? `${shown} / ${data.topics.length}` : "";
  }

  function searchStories() {
    const query = searchText("find");
    const parts = query.split(/\s+/);
    let shown = 0;
    for (const year of document.querySelectorAll(".year")) {
      const stories = [...year.querySelectorAll(".story")];
      for (const story of stories) {
        const content = story.textContent.toLowerCase();
        story.hidden = !parts.every((part) => content.includes(part));
      }
      for (const list of year.querySelectorAll("ul")) {
        const isEmpty = !list.querySelector(".story:not([hidden])");
        list.hidden = isEmpty;
        list.previousElementSibling.hidden = isEmpty;
      }
      const left = stories.filter((story) => !story.hidden).length;
      year.hidden = !left;
      if (query) year.open = left > 0;
      shown += left;
    }
    $("found").textContent = query ? `${shown} ${text("stories")}` : "";
  }

  function followWords(typed) {
    $("word").value = typed;
    drawWords();
    $("word").scrollIntoView({ behavior: "smooth" });
  }

  // Lists behind points are of a language: they close. Charts and counts are drawn anew.
  function onLanguage() {
    for (const id of ["behind", "behind-word"]) if ($(id)) $(id).hidden = true;
    if ($("find")) searchStories();
    drawAll();
  }

  /* ---- Beginning ---- */

  const program = document.createElement("script");
  program.textContent = await unpack("plotly");
  document.head.append(program);
  if ($("comparison")) await beginComparison();
  drawAll();
  if ($("curves")) onPointClick("curves", showArticlesOfTopic);
  $("map").on("plotly_click", (event) => choose(event.points[0].pointNumber));
  for (const button of topicButtons()) {
    button.addEventListener("click", () => choose(+button.dataset.topic));
  }
  $("clear")?.addEventListener("click", () => { chosen = []; draw(); });
  $("search").addEventListener("input", searchTopics);
  $("find")?.addEventListener("input", searchStories);
  for (const button of document.querySelectorAll("[data-follow]")) {
    button.addEventListener("click", () => followWords(button.dataset.follow));
  }
  for (const typed of ["input", "compositionend"]) {
    $("word")?.addEventListener(typed, (event) => event.isComposing || drawWords());
  }
  for (const chart of document.querySelectorAll(".chart")) window.page.charts[chart.id] = saveChart;
  $("behind-show")?.addEventListener("click", showAskedFor);
  document.addEventListener("languagechange", onLanguage);
  for (const [event, isPrinting] of [["beforeprint", true], ["afterprint", false]]) {
    addEventListener(event, () => { printing = isPrinting; if (dark.matches) drawAll(); });
  }
  dark.addEventListener("change", drawAll);
  narrow.addEventListener("change", drawAll);
  addEventListener("resize", () => { if ($("map").clientWidth !== layout.width) drawMap(); });
  document.documentElement.dataset.drawn = "yes";
})();

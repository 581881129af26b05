(async function () {
  "use strict";
  const data = JSON.parse(document.getElementById("data").textContent);
  const $ = (id) => document.getElementById(id);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const narrow = matchMedia("(max-width: 600px)");
  const LIGHT = ["#0b6e8f", "#b3261e", "#7a5c00", "#4b7f2c", "#6b4fa0", "#c2570c", "#8a3b6a", "#33608c", "#5f6b1b", "#a8324a"];
  const DARK = ["#5cc3e6", "#ff8a80", "#e3c14f", "#97cf75", "#b9a1ec", "#ffab70", "#e58fc0", "#8fb8e0", "#c3d16b", "#ff8fa5"];
  let chosen = JSON.parse($("chosen").textContent);
  let points = null;
  let words = null;
  let cells = null;
  let laid = null;  // The map's circles, of the width and height that they were laid out for.

  async function unpack(id) {
    const text = atob($(id).textContent);
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"))).text();
  }
  if (typeof DecompressionStream === "undefined") {
    $("curves").textContent = "此浏览器太旧，画不出曲线；数字在 shares.csv。This browser is too old to draw the curves; the numbers stand in shares.csv.";
    return;
  }

  function style() {
    const css = getComputedStyle(document.documentElement);
    const read = (name) => css.getPropertyValue(name).trim();
    return { fg: read("--fg"), line: read("--line"), soft: read("--soft"), font: getComputedStyle(document.body).fontFamily, colors: dark.matches ? DARK : LIGHT };
  }
  function common(look) {
    return { font: { color: look.fg, family: look.font, size: narrow.matches ? 11 : 13 }, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", showlegend: false,
      modebar: { bgcolor: "rgba(0,0,0,0)", color: look.soft, activecolor: look.fg } };
  }
  const axis = (look, more) => ({ gridcolor: look.line, linecolor: look.line, zerolinecolor: look.line, automargin: true, ...more });
  const config = { responsive: true, displaylogo: false, modeBarButtons: [["toImage"]], toImageButtonOptions: { format: "svg", filename: document.title.split(" ")[0] } };

  function band(topic, color) {
    // A band is drawn stretch by stretch: it must not run across a gap.
    const traces = [];
    let run = [];
    const flush = () => {
      if (run.length) {
        const back = [...run].reverse();
        traces.push({ type: "scatter", mode: "lines", x: [...run, ...back].map((i) => data.starts[i]), y: [...run.map((i) => topic.high[i]), ...back.map((i) => topic.low[i])],
          fill: "toself", fillcolor: color + "26", line: { width: 0 }, hoverinfo: "skip", showlegend: false });
      }
      run = [];
    };
    topic.low.forEach((value, i) => (value === null ? flush() : run.push(i)));
    flush();
    return traces;
  }

  function chip(text, clicked, color) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "chip";
    button.textContent = text;
    if (color) button.style.borderColor = color;
    button.addEventListener("click", clicked);
    return button;
  }

  // Curves of shares with the number of articles below them. Each has label, y, low, high, and as "of" what a click on a point is told of.
  function plot(id, curves, height, legend) {
    const look = style();
    const traces = [];
    const last = data.periods.length - 1;
    curves.forEach((curve, n) => {
      const color = look.colors[n % look.colors.length];
      if (curve.low && curves.length <= 3) traces.push(...band(curve, color));
      traces.push({ type: "scatter", mode: "lines+markers", name: curve.label, x: data.starts, y: curve.y, text: data.periods, connectgaps: false, line: { width: 2, color },
        marker: { size: data.periods.length > 80 ? 4 : 6, color, symbol: data.starts.map((_, i) => (data.unfinished && i === last ? "circle-open" : "circle")) },
        customdata: data.starts.map((_, i) => [curve.of, i]), hovertemplate: "%{text} · %{y:.1%}<extra>%{fullData.name}</extra>" });
    });
    traces.push({ type: "bar", x: data.starts, y: data.counts, text: data.periods, textposition: "none", yaxis: "y2", marker: { color: look.soft, opacity: data.starts.map((_, i) => (data.unfinished && i === last ? 0.35 : 0.7)) },
      hovertemplate: "%{text} · %{y} 篇<extra></extra>", showlegend: false });
    const shapes = data.events.map((event) => ({ type: "line", xref: "x", yref: "paper", x0: event.date, x1: event.date, y0: 0.28, y1: 1, line: { color: look.soft, width: 1, dash: "dot" } }));
    const annotations = data.events.map((event, n) => ({ xref: "x", yref: "paper", x: event.date, y: 1 - 0.05 * (n % 4), text: event.name, showarrow: false, xanchor: "left", font: { size: 11, color: look.soft } }));
    const highest = Math.max(...curves.flatMap((curve) => curve.y));
    Plotly.react(id, traces, {
      ...common(look), showlegend: legend, legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom" }, shapes, annotations, margin: { l: narrow.matches ? 40 : 56, r: 8, t: 8, b: 32 }, height, hovermode: "closest", bargap: 0.1,
      yaxis: axis(look, { domain: [0.28, 1], tickformat: highest > 0.05 ? ".0%" : ".1%", rangemode: "tozero" }), yaxis2: axis(look, { domain: [0, 0.18], nticks: 3 }),
      xaxis: axis(look, { type: "date", anchor: "y2" }),
    }, config);
  }

  const drawCurves = () => plot("curves", chosen.map((k) => ({ ...data.topics[k], of: k })), narrow.matches ? 420 : 560, false);  // Its legend are the chips.

  // The words that can be followed, each with where its cells begin and end; unpacked when first asked for. See _lexicon in themes.py.
  async function lexicon() {
    if (words) return;
    const [names, lengths, passed, held] = (await unpack("words")).split("\n");
    let end = 0;
    words = new Map(names.split(" ").map((word, n) => [word, [end, (end += number(lengths, n))]]));
    cells = { passed, held };
  }
  const number = (text, n) => text.charCodeAt(n) - 32;

  // The curve of a word: which share of each period's articles hold it.
  function mentions(word) {
    const held = data.counts.map(() => 0);
    const [begin, end] = words.get(word);
    for (let n = begin, i = 0; n < end; n++, i++) held[i += number(cells.passed, n)] = number(cells.held, n);
    const z2 = 1.96 ** 2;  // Of Wilson's interval.
    const middle = held.map((k, i) => (k + z2 / 2) / (data.counts[i] + z2));
    const reach = held.map((k, i) => Math.sqrt(z2 * ((k * (data.counts[i] - k)) / data.counts[i] + z2 / 4)) / (data.counts[i] + z2));
    const there = (values) => values.map((value, i) => (data.counts[i] ? value : null));
    const share = held.map((k, i) => k / data.counts[i]);
    return { label: word, of: word, y: there(share), low: there(middle.map((value, i) => Math.max(0, value - reach[i]))), high: there(middle.map((value, i) => Math.min(1, value + reach[i]))) };
  }

  async function drawWords() {
    await lexicon();
    const asked = [...new Set($("word").value.normalize("NFKC").toLowerCase().split(/[\s，、,]+/).filter((word) => word))];
    const known = asked.filter((word) => words.has(word));
    const unknown = asked.filter((word) => !words.has(word));
    $("word-curves").hidden = !known.length;
    if (known.length) {
      plot("word-curves", known.map(mentions), narrow.matches ? 340 : 420, true);
      $("word-curves").removeAllListeners("plotly_click");
      clicked("word-curves", tellWord);
    }
    const near = unknown.flatMap((word) => [...words.keys()].filter((other) => other.includes(word) || word.includes(other)).slice(0, 8).map((other) => [word, other]));
    $("unknown").replaceChildren(...(unknown.length ? [`没有 not among the words: ${unknown.join("、")} `] : []), ...near.map(([word, other]) =>
      chip(other, () => { $("word").value = asked.map((one) => (one === word ? other : one)).join(" "); drawWords(); })));
  }

  // Circles in pixels: where the topics lie, moved until none covers another; no chance in it, so the same map every time.
  function layOut(width, height) {
    const gap = 6;
    const size = Math.max(...data.topics.map((topic) => topic.share));
    const wanted = data.topics.map((topic) => 4 + (data.topics.length > 40 || narrow.matches ? 11 : 17) * Math.sqrt(topic.share / size));
    const full = wanted.reduce((sum, r) => sum + Math.PI * (r + gap / 2) ** 2, 0) / (width * height);
    const radii = wanted.map((r) => r * Math.min(1, Math.sqrt(0.4 / full)));  // Hundreds of circles fit where they cover no more than that.
    const room = Math.max(...radii) + 16;  // A label's height more than a circle.
    const ends = [0, 1].map((axis) => data.topics.map((topic) => topic.place[axis])).map((places) => [Math.min(...places), Math.max(...places)]);
    const fit = [width, height].map((most, axis) => (most - 2 * room) / (ends[axis][1] - ends[axis][0] || 1));
    const scale = fit.map((one) => Math.min(one, 2 * Math.min(...fit)));  // Up to twice as wide as true, or as tall: room for labels.
    const middle = (axis) => (ends[axis][0] + ends[axis][1]) / 2;
    const at = data.topics.map(({ place: [x, y] }) => [width / 2 + (x - middle(0)) * scale[0], height / 2 - (y - middle(1)) * scale[1]]);
    for (let round = Math.min(500, 3e7 / at.length ** 2), moved = true; moved && round > 0; round--) {
      moved = false;
      for (let i = 1; i < at.length; i++) {
        for (let k = 0; k < i; k++) {
          const [dx, dy] = [at[i][0] - at[k][0] || 0.01, at[i][1] - at[k][1] || 0.01];
          const far = Math.hypot(dx, dy);
          const short = (radii[i] + radii[k] + gap - far) / 2 / far;
          if (short <= 0.001) continue;
          moved = true;
          at[i] = [at[i][0] + dx * short, at[i][1] + dy * short];
          at[k] = [at[k][0] - dx * short, at[k][1] - dy * short];
        }
      }
      for (const place of at) [width, height].forEach((most, axis) => { place[axis] = Math.min(most - room, Math.max(room, place[axis])); });
    }
    return { width, height, radii, at };
  }

  // On which side each label finds room; chosen topics first (they get one all the same), then large ones. The others have theirs in the hover.
  function placeLabels({ width, height, radii, at }) {
    const taken = at.map(([x, y], k) => [x - radii[k] * 0.8, y - radii[k] * 0.8, x + radii[k] * 0.8, y + radii[k] * 0.8]);
    const side = data.topics.map(() => null);
    const order = data.topics.map((_, k) => k).sort((a, b) => chosen.includes(b) - chosen.includes(a) || data.topics[b].share - data.topics[a].share || a - b);
    for (const k of order) {
      const long = [...data.topics[k].label].reduce((sum, char) => sum + (char > "\u2e80" ? 11.5 : 6.5), 4);
      const [x, y, r] = [...at[k], radii[k]];
      const boxes = { "top center": [x - long / 2, y - r - 16, x + long / 2, y - r], "bottom center": [x - long / 2, y + r, x + long / 2, y + r + 16],
        "middle right": [x + r, y - 8, x + r + long + 4, y + 8], "middle left": [x - r - long - 4, y - 8, x - r, y + 8] };
      side[k] = Object.keys(boxes).find((name) => {
        const [left, top, right, bottom] = boxes[name];
        return left >= 0 && top >= 0 && right <= width && bottom <= height &&
          taken.every((box) => right <= box[0] || left >= box[2] || bottom <= box[1] || top >= box[3]);
      }) ?? (chosen.includes(k) ? "top center" : null);
      if (side[k]) taken.push(boxes[side[k]]);
    }
    return side;
  }

  function drawMap() {
    const look = style();
    const [width, height] = [$("map").clientWidth, narrow.matches ? 360 : 520];
    if (laid?.width !== width || laid.height !== height) laid = layOut(width, height);
    const side = placeLabels(laid);
    Plotly.react("map", [{
      type: "scatter", mode: "markers+text", x: laid.at.map((place) => place[0]), y: laid.at.map((place) => place[1]),
      text: data.topics.map((topic, k) => (side[k] ? topic.label : "")), textposition: side.map((name) => name ?? "top center"), textfont: { size: 11 },
      marker: { size: laid.radii.map((r) => 2 * r), color: data.topics.map((_, k) => (chosen.includes(k) ? look.colors[chosen.indexOf(k) % look.colors.length] : look.soft)), opacity: 0.6, line: { width: 1, color: look.line } },
      customdata: data.topics.map((t) => [t.words, t.share, t.label]), hovertemplate: "%{customdata[2]}<br>%{customdata[1]:.1%}<br>%{customdata[0]}<extra></extra>",
    }], { ...common(look), height, margin: { l: 0, r: 0, t: 0, b: 0 }, hovermode: "closest",
      xaxis: { visible: false, range: [0, width] }, yaxis: { visible: false, range: [height, 0] } }, config);
  }

  function drawChips() {
    const look = style();
    $("chips").replaceChildren(...chosen.map((k, n) => chip(data.topics[k].label + " ×", () => choose(k), look.colors[n % look.colors.length])));
    for (const button of document.querySelectorAll("[data-topic]")) button.setAttribute("aria-pressed", chosen.includes(+button.dataset.topic));
  }

  function draw() {
    drawChips();
    drawCurves();
    drawMap();
    if (data.choice) {
      const look = style();
      const layout = { ...data.choice.layout, ...common(look) };
      for (const name of Object.keys(layout)) if (/^[xy]axis/.test(name)) layout[name] = axis(look, layout[name]);
      Plotly.react("choice", data.choice.data, layout, config);
    }
  }

  function choose(k) {
    chosen = chosen.includes(k) ? chosen.filter((other) => other !== k) : [...chosen, k];
    draw();
  }

  // Show the articles and stories behind a point, in the card of that name.
  function show(card, title, stories, found) {
    $(card + "-title").textContent = title;
    $(card + "-stories").textContent = stories.length ? "大事 " + stories.map((story) => story.querySelector("b").textContent).join("；") : "";
    $(card + "-list").replaceChildren(...found.map((n) => {
      const [date, page, headline, lead] = points.articles[n];
      const item = document.createElement("li");
      const title = document.createElement("b");
      title.textContent = headline || lead.slice(0, 24);
      const where = document.createElement("span");
      where.className = "soft";
      where.textContent = ` ${date} ${page}`;
      const text = document.createElement("div");
      text.className = "soft small";
      text.textContent = lead + "…";
      item.append(title, where, text);
      return item;
    }));
    $(card).hidden = false;
  }
  const storiesOf = (i) => [...document.querySelectorAll(`.story[data-period="${data.periods[i]}"]`)];

  async function tell(k, i) {
    points ??= JSON.parse(await unpack("points"));
    const found = points.points[k]?.[data.periods[i]] ?? [];
    const nothing = found.length ? "" : "：没有以此为主的报道 · no article is mostly about this";
    show("behind", `${data.topics[k].label} · ${data.periods[i]}${nothing}`, storiesOf(i).filter((story) => +story.dataset.theme === k), found);
  }

  // Of the articles that the report holds, those of the period with the word in headline or first lines.
  async function tellWord(word, i) {
    points ??= JSON.parse(await unpack("points"));
    const mine = new Set(Object.values(points.points).flatMap((periods) => periods[data.periods[i]] ?? []));
    const found = [...mine].filter((n) => points.articles[n].slice(2).join(" ").toLowerCase().includes(word)).sort((a, b) => a - b);
    const held = Math.round(mentions(word).y[i] * data.counts[i]);
    const stories = storiesOf(i).filter((story) => story.textContent.toLowerCase().includes(word));
    show("behind-word", `${word} · ${data.periods[i]} · ${held} 篇 articles${found.length < held ? `，此处列出 listed ${found.length}` : ""}`, stories, found);
  }

  function search() {
    const wanted = $("search").value.trim().toLowerCase();
    let shown = 0;
    for (const card of document.querySelectorAll(".card[data-words]")) {
      const hit = !wanted || card.dataset.words.toLowerCase().includes(wanted);
      card.hidden = !hit;
      shown += hit;
    }
    $("hits").textContent = wanted ? `${shown} / ${data.topics.length}` : "";
  }

  function find() {
    const wanted = $("find").value.trim().toLowerCase();
    let shown = 0;
    for (const year of document.querySelectorAll(".year")) {
      const stories = [...year.querySelectorAll(".story")];
      for (const story of stories) story.hidden = !wanted.split(/\s+/).every((word) => story.textContent.toLowerCase().includes(word));
      const left = stories.filter((story) => !story.hidden).length;
      for (const list of year.querySelectorAll("ul")) list.hidden = list.previousElementSibling.hidden = !list.querySelector(".story:not([hidden])");
      year.hidden = !left;
      year.open = wanted ? left > 0 : year.open;
      shown += left;
    }
    $("found").textContent = wanted ? `${shown} 件 stories` : "";
  }

  function clicked(id, told) {
    $(id).on("plotly_click", (event) => {
      const place = event.points.find((point) => point.customdata)?.customdata;
      if (place) told(...place);
    });
  }
  function drawAll() {
    draw();
    if ($("word")) drawWords();
  }

  const program = document.createElement("script");
  program.textContent = await unpack("plotly");
  document.head.append(program);
  drawAll();
  clicked("curves", tell);
  $("map").on("plotly_click", (event) => choose(event.points[0].pointNumber));
  for (const button of document.querySelectorAll("[data-topic]")) button.addEventListener("click", () => choose(+button.dataset.topic));
  $("clear").addEventListener("click", () => { chosen = []; draw(); });
  $("search").addEventListener("input", search);
  $("find")?.addEventListener("input", find);
  for (const button of document.querySelectorAll("[data-follow]")) button.addEventListener("click", () => {
    $("word").value = button.dataset.follow;
    drawWords();
    $("word").scrollIntoView({ behavior: "smooth" });
  });
  for (const typed of ["input", "compositionend"]) $("word")?.addEventListener(typed, (event) => event.isComposing || drawWords());
  dark.addEventListener("change", drawAll);
  narrow.addEventListener("change", drawAll);
  addEventListener("resize", () => { if ($("map").clientWidth !== laid.width) drawMap(); });
  document.documentElement.dataset.drawn = "yes";
})();

/* What every page has: one language at a time, tables as CSV, drawings as SVG and PNG, and all
   that folds unfolded in print. Other scripts use window.page; it loads nothing from any address. */
window.page = (function () {
  "use strict";

  const root = document.documentElement;
  const CODES = { zh: "zh-CN", en: "en" };
  const ATTRIBUTES = ["aria-label", "placeholder", "title", "text"];
  const PNG_SCALE = 2;
  // What a drawing takes from the style of the page.
  const STYLES = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity",
    "stroke-dasharray", "opacity", "font-family", "font-size", "font-weight", "text-anchor"];

  const language = () => (root.lang === "en" ? "en" : "zh");
  const texts = JSON.parse(document.getElementById("texts").textContent);
  const text = (key) => texts[language()][key];
  const fileName = (name) => `${document.title.split(" ")[0]}-${name}`;

  /* ---- Language ---- */

  // Texts that cannot be two spans: attributes, and the text of SVG's titles.
  function setAttributes() {
    for (const name of ATTRIBUTES) {
      const source = `data-${language()}-${name}`;
      for (const element of document.querySelectorAll(`[${source}]`)) {
        const value = element.getAttribute(source);
        if (name === "text") element.textContent = value;
        else element.setAttribute(name, value);
      }
    }
  }

  function setLanguage(chosen) {
    root.lang = CODES[chosen];
    setAttributes();
    document.dispatchEvent(new Event("languagechange"));
  }

  /* ---- Downloads ---- */

  function save(name, url) {
    const link = document.createElement("a");
    link.download = name;
    link.href = url;
    link.click();
  }

  function saveText(name, content, type) {
    save(name, URL.createObjectURL(new Blob([content], { type })));
  }

  // The text of an element in the language shown, folded parts too.
  function shownText(element) {
    const copy = element.cloneNode(true);
    const other = language() === "zh" ? "en" : "zh";
    for (const hidden of copy.querySelectorAll(`[lang="${other}"]`)) hidden.remove();
    for (const line of copy.querySelectorAll("br")) line.replaceWith(" ");
    return copy.textContent.replace(/\s+/g, " ").trim();
  }

  function csvOf(table) {
    const quoted = (cell) => (/[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
    const rows = [...table.rows].map((row) =>
      [...row.cells].map((cell) => quoted(shownText(cell))).join(","));
    return `\ufeff${rows.join("\r\n")}\r\n`;
  }

  function svgText(drawing) {
    const copy = drawing.cloneNode(true);
    const parts = [...copy.querySelectorAll("*")];
    [...drawing.querySelectorAll("*")].forEach((part, n) => {
      const style = getComputedStyle(part);
      for (const name of STYLES) parts[n].style[name] = style.getPropertyValue(name);
      if (style.display === "none") parts[n].dataset.gone = "";
    });
    for (const gone of copy.querySelectorAll("[data-gone]")) gone.remove();
    const { width, height } = drawing.getBoundingClientRect();
    copy.setAttribute("width", width);
    copy.setAttribute("height", height);
    copy.style.background = getComputedStyle(document.body).backgroundColor;
    return new XMLSerializer().serializeToString(copy);
  }

  async function savePng(name, svg) {
    const image = new Image();
    image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = image.width * PNG_SCALE;
    canvas.height = image.height * PNG_SCALE;
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    save(`${name}.png`, canvas.toDataURL("image/png"));
  }

  function saveDrawing(id, format) {
    const svg = svgText(document.querySelector(`#${id} svg`));
    if (format === "png") savePng(fileName(id), svg);
    else saveText(`${fileName(id)}.svg`, svg, "image/svg+xml");
  }

  // A chart of plotly has a way of its own; the script that draws charts sets it.
  const charts = {};

  function onSave({ currentTarget: { dataset } }) {
    (charts[dataset.of] ?? saveDrawing)(dataset.of, dataset.save);
  }

  function addCsvButtons() {
    document.querySelectorAll("table").forEach((table, n) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "tool";
      button.textContent = "CSV";
      button.dataset.save = "csv";
      for (const one of Object.keys(CODES)) {
        button.setAttribute(`data-${one}-aria-label`, `${texts[one].save_table} CSV ${n + 1}`);
      }
      const name = table.dataset.name ?? `table-${n + 1}`;
      button.addEventListener("click", () => saveText(`${fileName(name)}.csv`, csvOf(table), "text/csv"));
      (table.closest(".scroll") ?? table).after(button);
    });
  }

  /* ---- Print ---- */

  let folded = [];

  function unfold() {
    folded = [...document.querySelectorAll("details:not([open])")];
    for (const part of folded) part.open = true;
  }

  function fold() {
    for (const part of folded) part.open = false;
    folded = [];
  }

  /* ---- Beginning ---- */

  addCsvButtons();
  setAttributes();
  for (const button of document.querySelectorAll("[data-save]:not([data-save=csv])")) {
    button.addEventListener("click", onSave);
  }
  document.getElementById("language").addEventListener("click", () =>
    setLanguage(language() === "zh" ? "en" : "zh"));
  addEventListener("beforeprint", unfold);
  addEventListener("afterprint", fold);
  return { charts, fileName, language, save, text };
})();

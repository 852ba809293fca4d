// What every view uses: the data, numbers as text, colours, small builders, and when to draw.
const Report = { views: [], state: { split: "validation", picked: -1, matches: null } };

Report.data = JSON.parse(document.getElementById("data").textContent);

// A packed column of numbers: see packed_column.hpp. Little-endian on every machine that has a browser of today.
Report.decode = function (packed) {
  const text = atob(packed.f32 !== undefined ? packed.f32 : packed.u32);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; ++i) bytes[i] = text.charCodeAt(i);
  return packed.f32 !== undefined ? new Float32Array(bytes.buffer) : new Uint32Array(bytes.buffer);
};

// Four significant digits, without an exponent where that is short.
Report.number = function (value, digits = 4) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (value === 0) return "0";
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return String(value);
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-4) return value.toPrecision(digits);
  return value.toFixed(Math.max(0, digits - 1 - Math.floor(Math.log10(size))));
};
Report.short = (value) => String(Number(Number(value).toPrecision(4)));

// "0.7123 ± 0.0045": the error to two significant digits, the mean to the same place.
Report.estimate = function (mean, error) {
  if (Number.isNaN(mean)) return "–";
  if (!(error > 1e-12)) return Report.number(mean) + (error >= 0 ? " ± 0" : "");
  const places = Math.min(8, Math.max(0, 1 - Math.floor(Math.log10(error))));
  return mean.toFixed(places) + " ± " + error.toFixed(places);
};

Report.duration = function (seconds) {
  if (!(seconds >= 0)) return "–";
  if (seconds < 60) return seconds.toFixed(1) + " s";
  const whole = Math.round(seconds), two = (n) => String(n).padStart(2, "0");
  if (whole < 3600) return Math.floor(whole / 60) + " min " + two(whole % 60) + " s";
  return Math.floor(whole / 3600) + " h " + two(Math.floor(whole % 3600 / 60)) + " min";
};
// Round times between 0 and `end`, about `wanted` of them.
Report.timeTicks = function (end, wanted) {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400];
  if (!(end > 5)) return d3.ticks(0, end, wanted);
  const step = steps.find((one) => end / one <= wanted) || 86400 * Math.ceil(end / wanted / 86400);
  return d3.range(0, end * 1.0001, step);
};
Report.tickTime = (seconds) => seconds === 0 ? "0" : seconds < 60 ? Report.short(seconds) + " s" :
  seconds < 3600 ? Report.short(seconds / 60) + " min" : Report.short(seconds / 3600) + " h";
Report.count = (n, what) => n.toLocaleString("en") + " " + what + (n === 1 ? "" : "s");
Report.probability = (share) => Number.isNaN(share) ? "–" : share.toFixed(2);
Report.percent = (share) => (100 * share).toFixed(share < 0.0995 ? 1 : 0) + " %";

// An element with attributes and children; text is always text, never markup.
Report.element = function (name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value !== false && value !== null) element.setAttribute(key, value);
  }
  for (const child of children) element.append(child);
  return element;
};
Report.at = (id) => document.getElementById(id);
Report.replace = (id, ...children) => Report.at(id).replaceChildren(...children);

// rows: arrays of cells; columns: {name, number}.
Report.table = function (id, columns, rows) {
  const E = Report.element, cls = (column) => column.number ? { class: "number" } : {};
  Report.replace(id,
    E("thead", {}, E("tr", {}, ...columns.map((c) => E("th", { scope: "col", ...cls(c) }, c.name)))),
    E("tbody", {}, ...rows.map((row) => E("tr", {}, ...row.map((cell, i) => E("td", cls(columns[i]), cell))))));
};
// A table wider than its place is scrolled; nothing shows that on many screens, so words do, and the edges.
Report.hintAtScrolling = function () {
  for (const place of document.querySelectorAll(".scroll")) {
    const cut = place.scrollWidth > place.clientWidth + 1;
    place.classList.toggle("cut", cut);
    if (cut) place.tabIndex = 0;  // the arrow keys scroll it, too
    else place.removeAttribute("tabindex");
    let hint = place.nextElementSibling;
    if (!hint || !hint.classList.contains("hint")) {
      hint = Report.element("p", { class: "note hint" });
      place.after(hint);
    }
    hint.textContent = cut ? "This is wider than the page: scroll it sideways." : "";
  }
};
Report.pairs = (rows) => Report.element("table", { class: "pairs" }, Report.element("tbody", {},
  ...rows.map(([key, value]) => Report.element("tr", {}, Report.element("td", {}, key), Report.element("td", {}, value)))));

// Colours come from the style sheet, so that both themes have their own.
Report.colour = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
Report.hues = 6;
Report.hue = (index) => Report.colour("hue-" + (Math.min(index, Report.hues - 1) + 1));
Report.symbols = [d3.symbolCircle, d3.symbolSquare, d3.symbolTriangle, d3.symbolDiamond, d3.symbolStar, d3.symbolCross];
Report.symbol = (index, size) => d3.symbol().type(Report.symbols[Math.min(index, Report.symbols.length - 1)]).size(size)();
Report.dashes = [null, "6 3", "2 3", "8 3 2 3", "1 2", "12 4"];

// A mark of a legend: {symbol} or {dash} or neither (a box), with its colour and text.
Report.legend = function (id, entries) {
  Report.replace(id, ...entries.map((entry) => {
    const svg = d3.create("svg").attr("width", entry.dash !== undefined ? 28 : 14).attr("height", 14).attr("aria-hidden", "true");
    if (entry.symbol !== undefined) {
      svg.append("path").attr("transform", "translate(7,7)").attr("d", Report.symbol(entry.symbol, 70)).attr("fill", entry.colour);
    } else if (entry.dash !== undefined) {
      svg.append("line").attr("x2", 28).attr("y1", 7).attr("y2", 7).attr("stroke", entry.colour).attr("stroke-width", 2.5)
        .attr("stroke-dasharray", entry.dash);
    } else {
      svg.append("rect").attr("width", 14).attr("height", 14).attr("fill", entry.colour);
    }
    return Report.element("span", {}, svg.node(), entry.text);
  }));
};

// The inside of a plot: an svg of this height as wide as its place, or as wide as it has to be.
Report.stage = function (id, height, margin, least = 0) {
  const place = Report.at(id);
  const width = Math.max(least, place.parentElement.clientWidth || 640);
  place.replaceChildren();
  const svg = d3.select(place).append("svg").attr("width", width).attr("height", height);
  return { place, svg, width, height, inner: { left: margin.left, top: margin.top, right: width - margin.right, bottom: height - margin.bottom } };
};
Report.canvas = function (stage) {
  const canvas = Report.element("canvas"), ratio = window.devicePixelRatio || 1;
  canvas.width = stage.width * ratio;
  canvas.height = stage.height * ratio;
  canvas.style.width = stage.width + "px";
  canvas.style.height = stage.height + "px";
  stage.place.prepend(canvas);
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  return context;
};
// Axes with grid lines and titles along two scales.
// @param time  the horizontal axis is in seconds
Report.axes = function (stage, x, y, xTitle, yTitle, time, yTicks) {
  const { left, top, right, bottom } = stage.inner, svg = stage.svg;
  const few = Math.max(2, Math.floor((right - left) / 90));
  const horizontal = d3.axisBottom(x).ticks(few), vertical = d3.axisLeft(y).ticks(6);
  if (time) horizontal.tickValues(Report.timeTicks(x.domain()[1], few)).tickFormat(Report.tickTime);
  if (yTicks) vertical.tickFormat(yTicks);
  svg.append("g").attr("class", "grid").attr("transform", `translate(0,${bottom})`)
    .call(d3.axisBottom(x).ticks(few).tickValues(time ? Report.timeTicks(x.domain()[1], few) : null).tickSize(top - bottom).tickFormat(""));
  svg.append("g").attr("class", "grid").attr("transform", `translate(${left},0)`)
    .call(d3.axisLeft(y).ticks(6).tickSize(left - right).tickFormat(""));
  svg.append("g").attr("transform", `translate(0,${bottom})`).call(horizontal);
  svg.append("g").attr("transform", `translate(${left},0)`).call(vertical);
  svg.append("text").attr("x", right).attr("y", bottom + 36).attr("text-anchor", "end").text(xTitle);
  svg.append("text").attr("x", 2).attr("y", 12).text(yTitle);
};
Report.clip = function (stage, id) {
  const { left, top, right, bottom } = stage.inner;
  stage.svg.append("clipPath").attr("id", id).append("rect").attr("x", left).attr("y", top)
    .attr("width", right - left).attr("height", bottom - top);
  return `url(#${id})`;
};
Report.empty = (id, why) => Report.replace(id, Report.element("p", { class: "empty" }, why));

Report.tip = function (event, ...children) {
  const tip = Report.at("tip");
  if (!event) {
    tip.hidden = true;
    return;
  }
  tip.replaceChildren(...children);
  tip.hidden = false;
  const box = tip.getBoundingClientRect(), gap = 14;
  const left = event.clientX + gap + box.width > window.innerWidth ? event.clientX - gap - box.width : event.clientX + gap;
  const top = event.clientY + gap + box.height > window.innerHeight ? event.clientY - gap - box.height : event.clientY + gap;
  tip.style.left = Math.max(4, left) + "px";
  tip.style.top = Math.max(4, top) + "px";
};

Report.options = function (id, entries, chosen) {
  Report.replace(id, ...entries.map(([value, text]) =>
    Report.element("option", { value, selected: String(value) === String(chosen) }, text)));
};

// A view is a function that draws itself anew. The first is drawn at once, the others when the page can be seen.
Report.view = (name, draw) => Report.views.push({ name, draw });
Report.draw = (...names) => Report.views.filter((view) => names.includes(view.name)).forEach((view) => view.draw());
Report.drawAll = () => {
  Report.views.forEach((view) => view.draw());
  Report.hintAtScrolling();
};

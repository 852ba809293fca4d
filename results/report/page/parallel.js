// Every objective and setting as an axis of its own, a line a configuration; brushing an axis chooses, also in the front.
(function () {
  const points = Report.points, at = Report.at;
  // The axes that can be shown: {name, title, value(point), kind}.
  const dimensions = [
    ...points.axes.map((axis, i) => ({ key: "axis " + i, name: axis.label, value: (p) => Report.values().mean[i][p],
      down: axis.direction === "minimise", shown: axis.objective, choices: [], log: false, better: axis.direction !== "" })),
    ...points.settings.map((setting) => ({ key: "setting " + setting.path, name: setting.label, value: (p) => setting.values[p],
      down: false, shown: true, choices: setting.choices, log: setting.log, better: false })),
  ];
  dimensions.filter((one) => one.shown).slice(10).forEach((one) => { one.shown = false; });
  const ranges = new Map();  // key -> [low, high] in pixels

  Report.replace("parallel-axes", ...dimensions.map((one) => Report.element("label", {},
    Report.element("input", { type: "checkbox", checked: one.shown, onchange: (event) => { one.shown = event.target.checked; if (!one.shown) ranges.delete(one.key); match(); draw(); } }),
    one.name)));

  let shown = [], stage = null, context = null;

  function scaleOf(one, top, bottom) {
    const none = bottom - 14;  // settings that a configuration does not have lie below the scale
    if (one.choices.length > 0) {
      const scale = d3.scalePoint(d3.range(one.choices.length), [none - 16, top]).padding(0.3);
      return { scale, y: (value) => Number.isNaN(value) ? bottom : scale(value) };
    }
    let low = Infinity, high = -Infinity;
    for (let i = 0; i < points.count; ++i) {
      const value = one.value(i);
      if (Number.isFinite(value)) { low = Math.min(low, value); high = Math.max(high, value); }
    }
    if (!(low <= high)) { low = 0; high = 1; }
    if (low === high) { low -= Math.abs(low) * 0.1 || 1; high += Math.abs(high) * 0.1 || 1; }
    const scale = (one.log && low > 0 ? d3.scaleLog() : d3.scaleLinear()).domain(one.down ? [high, low] : [low, high]).range([none - 16, top]);
    return { scale, y: (value) => Number.isFinite(value) ? scale(value) : bottom };
  }

  function match() {
    if (ranges.size === 0) {
      Report.state.matches = null;
    } else {
      const matches = new Uint8Array(points.count).fill(1);
      for (const one of shown) {
        const range = ranges.get(one.key);
        if (!range) continue;
        for (let i = 0; i < points.count; ++i) {
          const y = one.place.y(one.value(i));
          if (y < range[0] || y > range[1]) matches[i] = 0;
        }
      }
      Report.state.matches = matches;
    }
    const matches = Report.state.matches;
    at("parallel-clear").hidden = !matches;
    if (!matches) {
      at("parallel-count").textContent = "Drag along an axis to choose; the front above follows.";
      return;
    }
    const members = matches.slice(0, points.members).reduce((a, b) => a + b, 0), all = matches.reduce((a, b) => a + b, 0);
    at("parallel-count").textContent = `${members.toLocaleString("en")} of ${Report.count(points.members, "member")} of the front and ` +
      `${(all - members).toLocaleString("en")} of ${(points.count - points.members).toLocaleString("en")} others shown here match.`;
  }

  function lines() {
    const matches = Report.state.matches;
    context.clearRect(0, 0, stage.width, stage.height);
    const path = (i) => {
      context.beginPath();
      shown.forEach((one, k) => { const y = one.place.y(one.value(i)); if (k === 0) context.moveTo(one.x, y); else context.lineTo(one.x, y); });
      context.stroke();
    };
    const others = points.count - points.members;
    context.lineWidth = 1;
    context.strokeStyle = Report.colour("dot");
    for (let i = points.members; i < points.count; ++i) {
      context.globalAlpha = matches && !matches[i] ? 0.015 : others > 2000 ? 0.06 : others > 300 ? 0.18 : 0.35;
      path(i);
    }
    context.lineWidth = points.members > 500 ? 1 : 1.8;
    for (let pass = 0; pass < 2; ++pass) {  // those that match lie on top
      for (let i = 0; i < points.members; ++i) {
        const yes = !matches || matches[i];
        if (Boolean(yes) !== (pass === 1)) continue;
        context.globalAlpha = yes ? (points.members > 500 ? 0.3 : points.members > 60 ? 0.55 : 0.85) : 0.07;
        context.strokeStyle = Report.hue(points.method[i]);
        path(i);
      }
    }
    context.globalAlpha = 1;
  }

  function axis(one, top, bottom) {
    const group = stage.svg.append("g").attr("transform", `translate(${one.x},0)`);
    const drawn = d3.axisLeft(one.place.scale);
    if (one.choices.length > 0) drawn.tickFormat((i) => one.choices[i].length > 14 ? one.choices[i].slice(0, 13) + "…" : one.choices[i]);
    else drawn.ticks(5, one.log ? "~g" : undefined);
    if (one.log && one.choices.length === 0) drawn.tickFormat((value) => Report.short(value)).tickValues(logTicks(one.place.scale.domain()));
    group.call(drawn);
    group.selectAll(".domain").attr("stroke", Report.colour("faint"));
    // Labels lie over the lines: a rim of the paper's colour keeps them readable.
    group.selectAll(".tick text").attr("stroke", Report.colour("paper")).attr("stroke-width", 3).attr("paint-order", "stroke");
    const words = (one.name + (one.better ? " ↑" : "")).split(/(?<=[ _])/);
    const title = group.append("text").attr("text-anchor", "middle").attr("y", 12);
    let line = "", row = 0;
    const put = () => { if (line) { title.append("tspan").attr("x", 0).attr("dy", row++ === 0 ? 0 : 13).text(line.trim()); line = ""; } };
    for (const word of words) { if ((line + word).length > 15) put(); line += word; }
    put();
    let some = false;
    for (let i = 0; i < points.count && !some; ++i) some = !Number.isFinite(one.value(i));
    if (some) group.append("text").attr("class", "faint").attr("x", -6).attr("y", bottom + 4).attr("text-anchor", "end").text("none");
    const brush = d3.brushY().extent([[-12, top - 6], [12, bottom + 8]]).on("brush end", () => {
      if (d3.event.selection) ranges.set(one.key, d3.event.selection);
      else ranges.delete(one.key);
      match();
      lines();
      if (d3.event.type === "end") Report.draw("front");
    });
    const place = group.append("g").attr("class", "brush").call(brush);
    if (ranges.has(one.key)) place.call(brush.move, ranges.get(one.key));
    place.select(".overlay").append("title").text("drag to choose");
  }

  function logTicks(domain) {
    const low = Math.min(...domain), high = Math.max(...domain), ticks = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); ++power) {
      for (const digit of high / low < 100 ? [1, 2, 5] : [1]) {
        const tick = digit * Math.pow(10, power);
        if (tick >= low && tick <= high) ticks.push(tick);
      }
    }
    return ticks.length > 0 ? ticks : [low, high];
  }

  function draw() {
    shown = dimensions.filter((one) => one.shown);
    if (shown.length < 2 || points.count === 0) {
      Report.empty("parallel-plot", points.count === 0 ? "No configuration competes yet." : "Choose two axes or more.");
      return;
    }
    stage = Report.stage("parallel-plot", 400, { left: 70, right: 50, top: 56, bottom: 20 }, 70 + 50 + 88 * (shown.length - 1));
    const { left, right, top, bottom } = stage.inner;
    shown.forEach((one, k) => { one.x = left + (right - left) * k / (shown.length - 1); one.place = scaleOf(one, top, bottom); });
    context = Report.canvas(stage);
    lines();
    shown.forEach((one) => axis(one, top, bottom));
    match();
    Report.legend("parallel-legend", [...points.methods.map((name, i) => ({ dash: null, colour: Report.hue(i), text: name + ", on the front" })),
      ...(points.count > points.members ? [{ dash: null, colour: Report.colour("dot"), text: "not on the front" }] : [])]);
    at("parallel-plot").setAttribute("aria-label", "Parallel coordinates of " + shown.map((one) => one.name).join(", "));
    at("parallel-caption").textContent = `A line is a configuration, the means of its replicates on ${Report.state.split}. ` +
      "Arrows mark axes on which up is better; where smaller is better the axis is turned around. “none”: the setting does not exist in that configuration.";
  }

  at("parallel-clear").addEventListener("click", () => { ranges.clear(); match(); draw(); Report.draw("front"); });
  Report.view("parallel", draw);
})();

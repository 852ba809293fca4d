// The front over any two axes, a third as colour, with regions of confidence and a hover that shows settings.
(function () {
  const points = Report.points, at = Report.at;
  const shownRegions = 60;  // more would cover each other
  let allRows = false, tree = null, scales = null;

  const choices = points.axes.map((axis, i) => [i, axis.label + (axis.objective ? "" : " (no axis of the front)")]);
  Report.options("front-x", choices, 0);
  Report.options("front-y", choices, Math.min(1, points.axes.length - 1));
  Report.options("front-colour", [["", "method"], ...choices], Report.objectives.length > 2 ? 2 : "");
  const chosen = () => ({ x: Number(at("front-x").value), y: Number(at("front-y").value), colour: at("front-colour").value });

  function extent(column, region, key, onlyFront) {
    let low = Infinity, high = -Infinity;
    const count = onlyFront ? points.members : points.count;
    for (let i = 0; i < count; ++i) {
      if (!Number.isFinite(column[i])) continue;
      // A region may be far larger than the front; it is cut where it would squeeze everything else.
      low = Math.min(low, column[i]);
      high = Math.max(high, column[i]);
    }
    if (!(low <= high)) return [0, 1];
    let room = 0;
    for (const one of region) if (one) room = Math.max(room, Math.sqrt(one[key]));
    const spread = high - low || Math.abs(high) * 0.1 || 1;
    room = Math.min(Math.max(points.members > shownRegions ? 0 : room * 1.05, spread * 0.04), spread);
    return [low - room, high + room];
  }

  function colourOf(colour) {
    if (colour === "") return { of: (i) => Report.hue(points.method[i]) };
    const column = Report.values().mean[Number(colour)];
    const [low, high] = d3.extent(Array.from(column.slice(0, points.members)).filter(Number.isFinite));
    const dark = document.documentElement.dataset.theme === "dark";
    // The ends that would vanish in the paper are left out.
    const scale = d3.scaleSequential(d3.interpolateCividis).domain([0, 1]), place = (share) => dark ? 0.35 + 0.65 * share : 0.75 * share;
    return { low, high, at: (share) => scale(place(share)), of: (i) => scale(place(high > low ? Math.min(1, Math.max(0, (column[i] - low) / (high - low))) : 0.5)) };
  }

  function legend(colour, colours) {
    const entries = points.methods.map((name, i) => ({ symbol: i, colour: colour === "" ? Report.hue(i) : Report.colour("ink"), text: name }));
    if (colour !== "" && colours.low !== undefined) {
      for (const share of [0, 0.5, 1]) {
        entries.push({ colour: colours.at(share), text: (share === 0 ? points.axes[Number(colour)].label + " " : "") + Report.number(colours.low + share * (colours.high - colours.low), 3) });
      }
    }
    if (points.count > points.members) entries.push({ colour: Report.colour("dot"), text: "not on the front" });
    Report.legend("front-legend", entries);
  }

  // The edge of what the front dominates: only over the two objectives of a front that has two.
  function edge(x, y, svg, clip) {
    if (Report.state.split !== "validation" || Report.objectives.length !== 2 || !points.axes[x].objective || !points.axes[y].objective || x === y) return;
    const values = Report.values(), up = points.axes[x].direction === "minimise";
    const order = d3.range(points.members).sort((a, b) => (values.mean[x][a] - values.mean[x][b]) * (up ? 1 : -1));
    const line = d3.line().curve(d3.curveStepAfter).x((i) => scales.x(values.mean[x][i])).y((i) => scales.y(values.mean[y][i]));
    svg.append("path").attr("d", line(order)).attr("clip-path", clip).attr("fill", "none").attr("stroke", Report.colour("faint")).attr("stroke-width", 1);
  }

  function caption(kind, drawn) {
    const noRegions = points.members === 0 || drawn.every((one) => one === null);
    const text = [`Each mark is the mean of a configuration's replicates on ${Report.state.split}; ` +
      `${points.members === 1 ? "the large one is" : "the " + points.members.toLocaleString("en") + " large ones are"} the front, chosen on validation.`];
    if (Report.state.split === "test") text.push("Test values were not used to choose: a member may look dominated here.");
    else text.push("The best of many validation means are better than the truth by some of their noise; test says by how much.");
    if (kind === "none") text.push("");
    else if (noRegions) text.push("There are too few replicates for regions of confidence.");
    else {
      const what = { pooled: "Ellipses are 95 % regions of the mean (Hotelling) with the members' covariances pooled, as if all spread alike between seeds.",
        own: "Ellipses are 95 % regions of the mean (Hotelling) from each member's own replicates; with three of them they are very wide.",
        error: "Ellipses are one standard error of the mean, about 39 % of the probability for many replicates." }[kind];
      text.push(what + " Seeds alone vary in them, not people or data; and they hold for a configuration picked beforehand, while these were picked for being good.");
      if (points.members > shownRegions) text.push(`With more than ${shownRegions} members, ellipses are drawn for the one under the pointer only.`);
    }
    if (chosen().x === chosen().y) text.push("Both axes are the same.");
    at("front-caption").textContent = text.filter(Boolean).join(" ");
  }

  function drawMembers(svg, clip, x, y, colours, regions) {
    const values = Report.values();
    const ellipses = svg.append("g").attr("clip-path", clip);
    const outline = d3.line().x((p) => scales.x(p[0])).y((p) => scales.y(p[1]));
    const drawRegion = (member, strong) => ellipses.append("path").attr("class", strong ? "strong" : "region").attr("fill", colours.of(member))
      .attr("fill-opacity", strong ? 0.22 : 0.08).attr("stroke", colours.of(member)).attr("stroke-opacity", strong ? 1 : 0.45)
      .attr("d", outline(Report.outline(regions[member], values.mean[x][member], values.mean[y][member])));
    const known = d3.range(points.members).filter((i) => Number.isFinite(values.mean[x][i]) && Number.isFinite(values.mean[y][i]));
    if (points.members <= shownRegions) known.forEach((i) => { if (regions[i]) drawRegion(i, false); });
    edge(x, y, svg, clip);
    const size = points.members > 2000 ? 12 : points.members > 200 ? 30 : 80;
    const matches = Report.state.matches;
    svg.append("g").attr("clip-path", clip).selectAll("path").data(known).enter().append("path").attr("class", "member")
      .attr("d", (i) => Report.symbol(points.method[i], size)).attr("transform", (i) => `translate(${scales.x(values.mean[x][i])},${scales.y(values.mean[y][i])})`)
      .attr("fill", (i) => colours.of(i)).attr("stroke", Report.colour(at("front-colour").value === "" ? "paper" : "ink")).attr("stroke-width", size > 20 ? 1 : 0.5)
      .attr("opacity", (i) => !matches || matches[i] ? 1 : 0.15);
    const mark = svg.append("g").attr("pointer-events", "none");
    return (point) => {
      mark.selectAll("*").remove();
      ellipses.selectAll(".strong").remove();
      if (point < 0 || !Number.isFinite(values.mean[x][point]) || !Number.isFinite(values.mean[y][point])) return;
      if (point < points.members && regions[point]) drawRegion(point, true);
      mark.append("circle").attr("cx", scales.x(values.mean[x][point])).attr("cy", scales.y(values.mean[y][point])).attr("r", 9)
        .attr("fill", "none").attr("stroke", Report.colour("ink")).attr("stroke-width", 2);
    };
  }

  function drawOthers(stage, x, y) {
    const context = Report.canvas(stage), values = Report.values(), { left, top, right, bottom } = stage.inner, matches = Report.state.matches;
    context.fillStyle = Report.colour("dot");
    const size = points.count > 3000 ? 2 : 3.5;
    for (let i = points.members; i < points.count; ++i) {
      const px = scales.x(values.mean[x][i]), py = scales.y(values.mean[y][i]);
      if (!(px >= left && px <= right && py >= top && py <= bottom)) continue;
      context.globalAlpha = matches && !matches[i] ? 0.08 : points.count > 3000 ? 0.45 : 0.8;
      context.fillRect(px - size / 2, py - size / 2, size, size);
    }
    context.globalAlpha = 1;
  }

  function nearest(px, py) {
    // A member near the pointer goes before a closer one of the many others.
    const member = tree.members.find(px, py, 24), other = member === undefined ? tree.others.find(px, py, 12) : member;
    return other === undefined ? null : other;
  }

  function draw() {
    const { x, y, colour } = chosen(), kind = at("front-region").value, values = Report.values();
    if (points.members === 0) {
      Report.empty("front-plot", "There is no front yet: no configuration has all its replicates.");
      return;
    }
    const regions = Report.regions(x, y, kind), onlyFront = at("front-range").value === "front";
    const stage = Report.stage("front-plot", Math.min(560, Math.max(320, window.innerWidth * 0.75)), { left: 56, right: 14, top: 24, bottom: 44 });
    const { left, top, right, bottom } = stage.inner;
    scales = { x: d3.scaleLinear(extent(values.mean[x], regions, "xx", onlyFront), [left, right]).nice(),
      y: d3.scaleLinear(extent(values.mean[y], regions, "yy", onlyFront), [bottom, top]).nice() };
    Report.axes(stage, scales.x, scales.y, Report.axisTitle(points.axes[x]), Report.axisTitle(points.axes[y]));
    const clip = Report.clip(stage, "front-clip"), colours = colourOf(colour);
    drawOthers(stage, x, y);
    legend(colour, colours);
    const mark = drawMembers(stage.svg, clip, x, y, colours, regions);
    const place = (from, to) => d3.quadtree().x((i) => scales.x(values.mean[x][i])).y((i) => scales.y(values.mean[y][i]))
      .addAll(d3.range(from, to).filter((i) => Number.isFinite(values.mean[x][i]) && Number.isFinite(values.mean[y][i])));
    tree = { members: place(0, points.members), others: place(points.members, points.count) };
    const pick = (point) => {
      Report.state.picked = point;
      mark(point);
      document.querySelectorAll("#front-table tr.picked").forEach((row) => row.classList.remove("picked"));
      const row = document.querySelector(`#front-table tr[data-point="${point}"]`);
      if (row) row.classList.add("picked");
    };
    Report.pick = pick;
    stage.svg.append("rect").attr("class", "overlay").attr("x", left).attr("y", top).attr("width", right - left).attr("height", bottom - top)
      .on("pointermove", () => {
        const [px, py] = d3.mouse(stage.svg.node()), found = nearest(px, py);
        mark(found === null ? Report.state.picked : found);
        if (found === null) Report.tip(null);
        else Report.tip(d3.event, ...Report.describe(found));
      })
      .on("pointerleave", () => { Report.tip(null); mark(Report.state.picked); })
      .on("click", () => {
        const [px, py] = d3.mouse(stage.svg.node()), found = nearest(px, py);
        pick(found === null ? -1 : found);
      });
    pick(Report.state.picked);
    at("front-plot").setAttribute("aria-label", `Scatter plot of ${points.axes[y].label} against ${points.axes[x].label}; the table below says the same of the front.`);
    caption(kind, regions);
    table();
  }

  // Arrow keys walk along the front.
  at("front-plot").addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step || points.members === 0) return;
    event.preventDefault();
    const now = Report.state.picked, next = now < 0 || now >= points.members ? 0 : (now + step + points.members) % points.members;
    Report.pick(next);
    const box = at("front-plot").getBoundingClientRect(), { x, y } = chosen();
    Report.tip({ clientX: box.left + scales.x(Report.values().mean[x][next]), clientY: box.top + scales.y(Report.values().mean[y][next]) }, ...Report.describe(next));
  });
  at("front-plot").addEventListener("blur", () => Report.tip(null));

  function table() {
    const limit = allRows ? points.members : Math.min(points.members, 30);
    const columns = [{ name: "configuration", number: true }, { name: "method" }];
    for (const i of Report.objectives) {
      for (const split of ["validation", "test"]) columns.push({ name: points.axes[i].label + ", " + split, number: true });
    }
    if (points.probability) columns.push({ name: "probability", number: true });
    for (const fact of points.facts) columns.push({ name: fact.name, number: true });
    for (const setting of points.settings) if (setting.path !== "method.name") columns.push({ name: setting.label, number: setting.choices.length === 0 });
    const rows = d3.range(limit).map((member) => {
      const row = [String(points.id[member]), points.methods[points.method[member]]];
      for (const i of Report.objectives) {
        for (const split of ["validation", "test"]) row.push(Report.estimate(points[split].mean[i][member], points[split].error[i][member]));
      }
      if (points.probability) row.push(Report.probability(points.probability[member]));
      for (const fact of points.facts) row.push(Report.number(fact.values[member]));
      for (const setting of points.settings) if (setting.path !== "method.name") row.push(Report.settingText(setting, member));
      return row;
    });
    Report.table("front-table", columns, rows);
    document.querySelectorAll("#front-table tbody tr").forEach((row, i) => {
      row.dataset.point = i;
      row.tabIndex = 0;
      row.addEventListener("click", () => Report.pick(i));
      row.addEventListener("focus", () => Report.pick(i));
      if (i === Report.state.picked) row.classList.add("picked");
    });
    const more = at("front-more");
    more.hidden = limit >= points.members;
    more.textContent = `show all ${points.members.toLocaleString("en")} members`;
  }
  at("front-more").addEventListener("click", () => { allRows = true; table(); Report.hintAtScrolling(); });

  for (const id of ["front-x", "front-y", "front-colour", "front-region", "front-range"]) at(id).addEventListener("change", draw);
  Report.view("front", draw);
})();

// Hypervolume over time, and which settings matter.
(function () {
  const at = Report.at, curve = Report.data.curve;
  const columns = { seconds: Report.decode(curve.seconds), configurations: Report.decode(curve.configurations), front: Report.decode(curve.front), hypervolume: Report.decode(curve.hypervolume) };

  function drawCurve() {
    const n = columns.hypervolume.length;
    if (n === 0) {
      Report.empty("curve-plot", "There is no hypervolume to show: nothing competes yet, or the file tells no times.");
      return;
    }
    const kind = at("curve-x").value, across = columns[kind];
    const end = kind === "seconds" ? Math.max(curve.end || 0, across[n - 1]) : Math.max(Report.points.competing, across[n - 1]);
    const stage = Report.stage("curve-plot", 300, { left: 60, right: 14, top: 24, bottom: 44 }), { left, right, top, bottom } = stage.inner;
    const x = d3.scaleLinear([0, end || 1], [left, right]);
    const low = d3.min(columns.hypervolume), high = d3.max(columns.hypervolume);
    const y = d3.scaleLinear([low - (high - low || high * 0.1 || 1) * 0.05, high + (high - low || high * 0.1 || 1) * 0.05], [bottom, top]).nice();
    Report.axes(stage, x, y, kind === "seconds" ? "running time" : "configurations that compete", "hypervolume, validation", kind === "seconds");
    const line = d3.line().curve(d3.curveStepAfter).x((i) => x(i < n ? across[i] : end)).y((i) => y(columns.hypervolume[Math.min(i, n - 1)]));
    stage.svg.append("path").attr("class", "curve").attr("d", line(d3.range(n + 1))).attr("fill", "none").attr("stroke", Report.hue(0)).attr("stroke-width", 2);
    if (n <= 60) {
      stage.svg.append("g").selectAll("circle").data(d3.range(n)).enter().append("circle").attr("cx", (i) => x(across[i])).attr("cy", (i) => y(columns.hypervolume[i])).attr("r", 2.5).attr("fill", Report.hue(0));
    }
    stage.svg.append("rect").attr("class", "overlay").attr("x", left).attr("y", top).attr("width", right - left).attr("height", bottom - top)
      .on("pointermove", () => {
        const i = Math.max(0, d3.bisectRight(across, x.invert(d3.mouse(stage.svg.node())[0])) - 1);
        Report.tip(d3.event, Report.pairs([["hypervolume", Report.number(columns.hypervolume[i], 6)], ["running time", Report.duration(columns.seconds[i])],
          ["configurations", String(columns.configurations[i])], ["on the front", String(columns.front[i])]]));
      }).on("pointerleave", () => Report.tip(null));
    at("curve-plot").setAttribute("aria-label", `Hypervolume from ${Report.number(columns.hypervolume[0])} to ${Report.number(columns.hypervolume[n - 1])}`);
    const left_out = curve.changes > n ? ` The front changed ${curve.changes.toLocaleString("en")} times; ${n} of these moments, evenly spread, are drawn.` : "";
    const untimed = curve.untimed > 0 ? ` ${Report.count(curve.untimed, "configuration")} whose end no event tells is left out.` : "";
    at("curve-caption").textContent = "Exact hypervolume of the validation means of the configurations finished by then, from the run's final reference point (" +
      (Report.data.about.reference || []).map((value) => Report.number(value)).join(", ") + "), so that it never falls. The axis up does not begin at 0. Pauses between sessions do not count." +
      " Noise lifts it: it is the best of many means, on the split they were chosen on." + left_out + untimed;
  }

  function drawImportance() {
    const importance = Report.data.importance, settings = importance.settings;
    if (settings.length === 0) {
      Report.empty("importance-plot", importance.all === 0 ? "No configuration competes yet." :
        importance.chosen === importance.all ? "Every configuration is on or near the front, so there is nothing to compare the front with." : "No setting varies, or too few configurations are near the front.");
      at("importance-caption").textContent = "";
      return;
    }
    const row = 64, stage = Report.stage("importance-plot", row * settings.length + 30, { left: 0, right: 0, top: 26, bottom: 4 });
    const narrow = stage.width < 560, split = narrow ? stage.width * 0.42 : stage.width * 0.5, gap = 24;
    const most = d3.max(settings, (s) => Math.max(s.divergence, s.chance_high)) || 1;
    const x = d3.scaleLinear([0, most], [4, split - gap]), svg = stage.svg;
    svg.append("text").attr("class", "faint").attr("x", 4).attr("y", 12).text(narrow ? "difference" : "difference from all configurations");
    svg.append("text").attr("class", "faint").attr("x", split).attr("y", 12).text(stage.width < 780 ? "of all (grey), near the front" : "share of all configurations (grey) and of those near the front");
    settings.forEach((setting, i) => {
      const top = 26 + i * row, beyond = setting.divergence > setting.chance_high;
      const group = svg.append("g").attr("transform", `translate(0,${top})`);
      group.append("text").attr("x", 4).attr("y", 14).text(setting.path).append("title").text(setting.path);
      group.append("rect").attr("class", "importance").attr("x", 4).attr("y", 22).attr("height", 14).attr("width", Math.max(1, x(setting.divergence) - 4)).attr("fill", beyond ? Report.hue(0) : Report.colour("dot"));
      group.append("line").attr("x1", x(setting.chance_high)).attr("x2", x(setting.chance_high)).attr("y1", 18).attr("y2", 40).attr("stroke", Report.colour("ink")).attr("stroke-width", 2);
      group.append("text").attr("class", "faint").attr("x", 4).attr("y", 52).text(narrow ? `${Report.number(setting.divergence, 2)} (chance ${Report.number(setting.by_chance, 2)})` :
        `${Report.number(setting.divergence, 3)}; by chance ${Report.number(setting.by_chance, 2)}, 95 % below ${Report.number(setting.chance_high, 2)}`);
      const bins = setting.bins.length, wide = (stage.width - split - 4) / bins, high = d3.max([...setting.share_all, ...setting.share_chosen]);
      const y = d3.scaleLinear([0, high || 1], [0, 34]);
      // All names, or all lower ends, or what is at the two ends.
      const fits = (names) => names.every((name) => name.length * 7.4 < wide), lower = setting.bins.map((name) => name.split(" to ")[0]);
      const ends = !fits(setting.bins) && !fits(lower);
      const labels = fits(setting.bins) ? setting.bins : fits(lower) ? lower : setting.bins.map((name, b) => b === 0 ? lower[0] : b === bins - 1 ? name.split(" to ").pop() : "");
      for (let b = 0; b < bins; ++b) {
        const left = split + b * wide, bar = Math.min(wide * 0.42, 26), middle = left + wide / 2;
        group.append("rect").attr("x", middle - bar).attr("width", bar - 1).attr("y", 40 - y(setting.share_all[b])).attr("height", y(setting.share_all[b])).attr("fill", Report.colour("dot"));
        group.append("rect").attr("x", middle).attr("width", bar).attr("y", 40 - y(setting.share_chosen[b])).attr("height", y(setting.share_chosen[b])).attr("fill", Report.hue(1));
        const name = setting.bins[b], text = labels[b];
        if (text) group.append("text").attr("class", "faint").attr("y", 53).text(text).attr("x", ends ? (b === 0 ? left : left + wide) : middle).attr("text-anchor", ends ? (b === 0 ? "start" : "end") : "middle");
        group.append("rect").attr("class", "overlay").attr("x", left).attr("width", wide).attr("y", 0).attr("height", 56)
          .on("pointermove", () => Report.tip(d3.event, Report.element("strong", {}, `${setting.path}: ${name}`), Report.pairs([
            [`of all ${setting.all}`, Report.percent(setting.share_all[b])], [`of the ${setting.chosen} near the front`, Report.percent(setting.share_chosen[b])]])))
          .on("pointerleave", () => Report.tip(null));
      }
    });
    at("importance-plot").setAttribute("aria-label", "Settings by how far the configurations near the front differ from all: " + settings.map((s) => s.path).join(", "));
    at("importance-caption").textContent = `Near the front are the ${importance.chosen.toLocaleString("en")} of ${importance.all.toLocaleString("en")} configurations of the first ` +
      `${importance.ranks === 1 ? "non-dominated rank" : importance.ranks + " non-dominated ranks"} on validation. The difference is Pearson's divergence between their settings and those of all, ` +
      "over the bins at the right; choices are their own bins, ranges are cut into parts of equal probability under the search space. " +
      "Where there is no room a part of a range is named by its lower end. The upright line is what 95 % of blind choices of as many configurations stay below: a grey bar says nothing. " +
      "One setting at a time: settings that matter only together are not seen, and what a setting does far from the front is not asked. " +
      "A setting that is not always there is looked at among the configurations that have it.";
  }

  at("curve-x").addEventListener("change", drawCurve);
  Report.view("curve", drawCurve);
  Report.view("importance", drawImportance);
})();

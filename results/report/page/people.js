// How a metric is spread over people, and the bias curve over preference support.
(function () {
  const at = Report.at, persons = Report.data.persons;
  const byId = new Map(persons.configurations.map((one) => [one.configuration, one]));
  const best = new Map(persons.best_of_methods.map((one) => [one.configuration, one.method]));
  const title = (id) => `configuration ${id}` + (best.has(id) ? `, best ${best.get(id)}` : "");
  const ids = [...byId.keys()];
  const pooled = persons.best_of_methods.find((one) => one.method === "pooled" && byId.has(one.configuration));
  const others = ids.filter((id) => !pooled || id !== pooled.configuration), first = others[Math.floor(others.length / 2)];
  Report.options("people-first", ids.map((id) => [id, title(id)]), first === undefined ? ids[0] : first);
  Report.options("people-second", [["", "nothing"], ...ids.map((id) => [id, title(id)])], pooled && ids.length > 1 ? pooled.configuration : "");

  const none = "This file has no values for single people: its trainer left none.";
  const chosen = () => [at("people-first").value, at("people-second").value].filter((id, i, all) => id !== "" && all.indexOf(id) === i)
    .map((id) => ({ id: Number(id), values: byId.get(Number(id))[Report.state.split] })).filter((one) => one.values);
  const dash = (i) => i === 0 ? null : "5 4";

  function drawPeople() {
    const shown = byId.size > 0 ? chosen() : [];
    if (shown.length === 0) {
      Report.empty("people-plot", byId.size === 0 ? none : `There are no values for single people on ${Report.state.split}.`);
      ["people-legend", "people-table"].forEach((id) => Report.replace(id));
      at("people-caption").textContent = "";
      return;
    }
    const stage = Report.stage("people-plot", 330, { left: 56, right: 14, top: 24, bottom: 44 }), { left, right, top, bottom } = stage.inner;
    const spreads = shown.flatMap((one, which) => one.values.spreads.map((spread) => ({ ...spread, which, name: spread.group || "everybody", values: Report.decode(spread.quantiles) })));
    const low = d3.min(spreads, (s) => s.values[0]), high = d3.max(spreads, (s) => s.values[s.values.length - 1]);
    const x = d3.scaleLinear([low, high > low ? high : low + 1], [left, right]).nice(), y = d3.scaleLinear([0, 1], [bottom, top]);
    Report.axes(stage, x, y, `${persons.metric} of a person, ${Report.state.split}`, "share of people with at most this", false, d3.format(".0%"));
    const names = [...new Set(spreads.map((s) => s.name))];
    const groupColour = (name) => name === "everybody" ? Report.colour("ink") : Report.hue((names.indexOf(name) - 1) % Report.hues);
    for (const spread of spreads) {
      // Quantiles, turned around: a step up at each.
      const n = spread.values.length - 1;
      const line = d3.line().curve(d3.curveStepBefore).x((i) => x(spread.values[i])).y((i) => y(i / n));
      stage.svg.append("path").attr("class", "spread").attr("d", line(d3.range(n + 1))).attr("fill", "none").attr("stroke", groupColour(spread.name)).attr("stroke-width", spread.name === "everybody" ? 1.5 : 2.2)
        .attr("stroke-dasharray", dash(spread.which));
    }
    Report.legend("people-legend", [
      ...names.map((name) => ({ colour: groupColour(name), text: name })),
      ...shown.map((one, i) => ({ dash: dash(i), colour: Report.colour("ink"), text: title(one.id) }))]);
    Report.table("people-table", [{ name: "configuration" }, { name: "people" }, { name: "how many", number: true }, { name: "mean", number: true }, { name: "worst tenth at most", number: true },
      { name: "median", number: true }, { name: "best tenth at least", number: true }],
      spreads.map((s) => [title(shown[s.which].id), s.name, String(s.people), Report.number(s.mean), Report.number(s.values[4]), Report.number(s.values[20]), Report.number(s.values[36])]));
    at("people-plot").setAttribute("aria-label", "Cumulative distribution over people; the table below has its quantiles.");
    at("people-caption").textContent = `Each person counts once, with the mean over the replicates. A curve further right serves its people better${persons.metric === "accuracy" ? "" : " where larger is better"}. ` +
      "People have few comparisons each, so a part of the spread is chance: it is wider than the spread of what they would see in the long run. Drawn from 41 quantiles." +
      (persons.members + best.size > byId.size + 1 && persons.members > byId.size ? ` Of the ${persons.members.toLocaleString("en")} members of the front, ${byId.size} spread evenly along it can be chosen here.` : "");
  }
  function drawSupport() {
    const shown = byId.size > 0 ? chosen().filter((one) => one.values.support.bins.length > 0) : [];
    if (shown.length === 0) {
      Report.empty("support-plot", byId.size === 0 ? none : `The preference support rate of these people is not known on ${Report.state.split}: they share no comparison with others, or the run did not ask for it.`);
      Report.replace("support-legend");
      at("support-caption").textContent = "";
      return;
    }
    const stage = Report.stage("support-plot", 320, { left: 56, right: 14, top: 24, bottom: 44 }), { left, right, top, bottom } = stage.inner;
    const bins = shown.flatMap((one) => one.values.support.bins);
    const ends = bins.flatMap((bin) => [bin.mean - 1.96 * (bin.error || 0), bin.mean + 1.96 * (bin.error || 0)]);
    const [low, high] = d3.extent(bins.flatMap((bin) => [bin.low, bin.high]));
    const x = d3.scaleLinear([low, high > low ? high : low + 1], [left, right]).nice(), y = d3.scaleLinear(d3.extent(ends), [bottom, top]).nice();
    Report.axes(stage, x, y, "preference support rate", `mean ${persons.metric}, ${Report.state.split}`);
    shown.forEach((one, i) => {
      const colour = Report.hue(i), own = one.values.support.bins, shift = i * 3;
      stage.svg.append("path").attr("class", "support").attr("d", d3.line().x((b) => x(b.support) + shift).y((b) => y(b.mean))(own)).attr("fill", "none").attr("stroke", colour).attr("stroke-width", 2).attr("stroke-dasharray", dash(i));
      for (const bin of own) {
        const at_x = x(bin.support) + shift;
        if (bin.error !== null) stage.svg.append("line").attr("x1", at_x).attr("x2", at_x).attr("y1", y(bin.mean - 1.96 * bin.error)).attr("y2", y(bin.mean + 1.96 * bin.error)).attr("stroke", colour).attr("stroke-width", 1.5);
        stage.svg.append("path").attr("transform", `translate(${at_x},${y(bin.mean)})`).attr("d", Report.symbol(i, 46)).attr("fill", colour)
          .on("pointermove", () => Report.tip(d3.event, Report.element("strong", {}, title(one.id)), Report.pairs([["support", `${Report.number(bin.low, 3)} to ${Report.number(bin.high, 3)}`], ["people", String(bin.people)],
            ["mean", Report.estimate(bin.mean, bin.error === null ? NaN : bin.error)]]))).on("pointerleave", () => Report.tip(null));
      }
    });
    Report.legend("support-legend", shown.map((one, i) => ({ dash: dash(i), colour: Report.hue(i), text: `${title(one.id)}: slope ${Report.number(one.values.support.slope, 3)}, rank correlation ${Report.number(one.values.support.correlation, 2)}` })));
    at("support-plot").setAttribute("aria-label", "Mean over people by preference support rate");
    at("support-caption").textContent = `The support rate of a person is the share of the other people who agree with their answers. Up to ten bins of about as many people; bars are 95 % of the mean over the people in a bin (1.96 standard errors). ` +
      `Slope and Spearman's rank correlation are over all ${shown[0].values.support.people} people whose rate is known, not over bins; above 0, common tastes are served better. ` +
      "People differ in how steadily they answer: whoever answers half by chance has both low support and low accuracy, which is not the model's doing.";
  }

  const draw = () => { drawPeople(); drawSupport(); };
  at("people-first").addEventListener("change", draw);
  at("people-second").addEventListener("change", draw);
  Report.view("people", draw);
})();

// What is said in words: summary, failures, declaration, provenance. Then the page is drawn.
(function () {
  const at = Report.at, E = Report.element, { about, confidence, warnings, points, failures, declaration, provenance } = Report.data;
  const trials = Object.entries(about.trials).map(([state, n]) => `${n.toLocaleString("en")} ${state}`).join(", ");
  document.title = about.sweep + ", a fairsweep report";
  at("sweep").textContent = about.sweep;
  at("state").textContent = about.complete ? "complete" : "unfinished";
  const began = about.started ? new Date(about.started * 1000).toISOString().slice(0, 16).replace("T", " ") + " UTC" : "";
  const front = points.competing === 0 ? "There is no front: no configuration has all its replicates" :
    `The front has ${points.members.toLocaleString("en")} of the ${Report.count(points.competing, "configuration")} with all replicates ended`;
  at("summary").textContent = `${front}${about.hypervolume === null ? "" : "; its hypervolume is " + Report.number(about.hypervolume, 6)}. ` +
    `${about.complete ? "Tried" : "Tried so far"}: ${about.configurations.toLocaleString("en")} of the ${Report.count(about.wanted_configurations, "configuration")} asked for, ` +
    `with ${Report.count(about.replicates, "replicate")} each; trials: ${trials || "none"}. Began ${began}, ran ${Report.duration(about.seconds)}.`;
  at("confidence").textContent = confidence.sentence + (confidence.meaning === "" ? "" : " Probability: " + confidence.meaning);
  const others = points.competing - points.members, drawn = Report.points.count - points.members;
  at("thinning").textContent = drawn < others ? `The front is here whole. Of the ${others.toLocaleString("en")} other configurations that compete, ${drawn.toLocaleString("en")} drawn at random, by their numbers, are shown; ` +
    "hypervolume and the importance of settings are worked out from all of them." : "";
  Report.replace("warnings", ...warnings.map((warning) => E("p", { class: "note" }, E("b", {}, "Warning: "), warning + ".")));

  at("failures-text").textContent = failures.attempts === 0 ? "No attempt failed." :
    `${Report.count(failures.attempts, "attempt")} failed; ${failures.trials_lost === 0 ? "every trial was reported in the end or is still open" : Report.count(failures.trials_lost, "trial") + " failed for good"}.`;
  if (failures.attempts > 0) {
    Report.table("failures-kinds", [{ name: "stage" }, { name: "reason" }, { name: "attempts", number: true }, { name: "trials", number: true }, { name: "of them may pass when tried again", number: true }],
      failures.kinds.map((kind) => [kind.stage, kind.reason, String(kind.attempts), String(kind.trials), String(kind.retryable)]));
    Report.table("failures-table", [{ name: "trial", number: true }, { name: "stage" }, { name: "reason" }, { name: "message" }],
      failures.shown.map((one) => [String(one.trial), one.stage, one.reason, one.message]));
    if (failures.shown.length < failures.attempts) at("failures-details").append(E("p", { class: "note" }, `${failures.shown.length} of ${failures.attempts}, spread evenly; fairsweep show RUN --trial N has them all.`));
  }
  at("failures-details").hidden = failures.attempts === 0;

  const part = (title, ...content) => E("div", {}, E("h3", {}, title), ...content);
  const parts = [part("Declared by the author", Report.pairs(declaration.declared)), part("What was chosen on what", Report.pairs(declaration.chosen)),
    part("Methods", Report.pairs(declaration.methods.map((method) => [method.name, method.about])))];
  if (declaration.groups.length > 0) parts.push(part("Groups", Report.pairs(declaration.groups.map((group) => [group.group, `${Report.count(group.people, group.people === 1 ? "person" : "people").replace("peoples", "people")}, ${group.in_training.toLocaleString("en")} of them in training`]))));
  if (declaration.splits.length > 0) parts.push(part("Comparisons by split", Report.pairs(declaration.splits.map((split) => [split.split, split.comparisons.toLocaleString("en")]))));
  if (declaration.how.length > 0) parts.push(part("Found on the way", Report.pairs(declaration.how)));
  Report.replace("declaration-tables", ...parts);

  const sections = [Report.pairs([["data, SHA-256", provenance.data_digest], ["resolved configuration, SHA-256", provenance.configuration_digest], ...provenance.rows])];
  const folded = (title, text) => { if (text.trim() !== "") sections.push(E("details", {}, E("summary", {}, title), E("pre", {}, text))); };
  folded("the resolved configuration", provenance.configuration);
  folded("settings that every configuration shares", provenance.fixed.map(([path, value]) => `${path}: ${value}`).join("\n"));
  folded("what is in the data", provenance.data_description);
  Report.replace("provenance-tables", ...sections);
  at("licence").textContent = at("licence-text").textContent;

  for (const folded of document.querySelectorAll("details")) folded.addEventListener("toggle", Report.hintAtScrolling);
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const wear = (theme) => { document.documentElement.dataset.theme = theme || (system.matches ? "dark" : "light"); };
  const dress = () => { wear(at("theme").value); Report.drawAll(); };
  at("theme").addEventListener("change", dress);
  system.addEventListener("change", dress);
  at("split").addEventListener("change", () => { Report.state.split = at("split").value; Report.drawAll(); });
  // Paper is light, and as wide as paper.
  window.addEventListener("beforeprint", () => { wear("light"); document.querySelector("main").style.width = "680px"; Report.drawAll(); });
  window.addEventListener("afterprint", () => { document.querySelector("main").style.width = ""; dress(); });
  let width = window.innerWidth, waiting = 0;
  window.addEventListener("resize", () => {
    if (window.innerWidth === width) return;
    width = window.innerWidth;
    clearTimeout(waiting);
    waiting = setTimeout(Report.drawAll, 120);
  });

  wear("");
  const [first, ...rest] = Report.views;
  first.draw();
  Report.hintAtScrolling();
  document.documentElement.dataset.firstPlot = Math.round(performance.now());
  const next = () => {
    const view = rest.shift();
    if (view) {
      view.draw();
      setTimeout(next, 0);
    } else {
      Report.hintAtScrolling();
      document.documentElement.dataset.ready = Math.round(performance.now());
    }
  };
  requestAnimationFrame(() => setTimeout(next, 0));
})();

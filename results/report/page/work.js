// Where the workers' time went.
(function () {
  const at = Report.at, work = Report.data.work;
  const causes = Object.entries(work.causes || {}).sort((a, b) => (rank(a[0]) - rank(b[0])) || b[1] - a[1]);
  function rank(cause) { return cause === "useful" ? 0 : cause === "idle" ? 2 : 1; }
  const total = d3.sum(causes, (one) => one[1]);
  const lost = causes.filter(([cause]) => rank(cause) === 1);
  const say = (cause) => ({ useful: "trials that were reported", idle: "idle: waiting for work, for a trainer to start, for the end" })[cause] || cause;
  function colour(cause) {
    if (cause === "useful") return Report.hue(0);
    if (cause === "idle") return Report.colour("line");
    return Report.hue(1 + lost.findIndex(([name]) => name === cause) % 4);
  }

  function drawCauses() {
    if (!(total > 0)) {
      Report.empty("work-plot", "The file tells of no worker: it has no events that this fairsweep can read.");
      return;
    }
    const stage = Report.stage("work-plot", 46, { left: 0, right: 0, top: 6, bottom: 6 }), x = d3.scaleLinear([0, total], [0, stage.width]);
    let from = 0;
    for (const [cause, seconds] of causes) {
      stage.svg.append("rect").attr("class", "cause").attr("x", x(from)).attr("y", 6).attr("width", Math.max(0, x(seconds) - 1)).attr("height", 32).attr("fill", colour(cause))
        .on("pointermove", () => Report.tip(d3.event, Report.pairs([[say(cause), `${Report.duration(seconds)}, ${Report.percent(seconds / total)}`]]))).on("pointerleave", () => Report.tip(null));
      from += seconds;
    }
    Report.legend("work-legend", causes.slice(0, 8).map(([cause, seconds]) => ({ colour: colour(cause), text: `${cause} ${Report.percent(seconds / total)}` })));
    Report.table("work-table", [{ name: "cause" }, { name: "worker time", number: true }, { name: "share", number: true }], causes.map(([cause, seconds]) => [say(cause), Report.duration(seconds), Report.percent(seconds / total)]));
    at("work-plot").setAttribute("aria-label", "Shares of the workers' time; the table below has the numbers.");
    at("work-caption").textContent = `${Report.duration(total)} of ${Report.count(work.count, "worker")} in ${Report.count(work.sessions.length, "session")}, failed attempts included. A lease is one worker's time however many trials it packs; ` +
      "each of its trials stands for an equal share. What was lost to a lease or a stop may in part live on in a checkpoint." + (work.unread > 0 ? ` ${Report.count(work.unread, "event")} could not be read.` : "");
  }

  function drawCourse() {
    if (work.workers.length === 0) {
      Report.replace("work-course");
      at("course-caption").textContent = "";
      return;
    }
    const row = 18, stage = Report.stage("work-course", row * work.workers.length + 46, { left: 110, right: 8, top: 4, bottom: 42 }), { left, right, top, bottom } = stage.inner;
    const bins = Report.decode(work.workers[0].course).length, x = d3.scaleLinear([0, bins * work.bin_seconds], [left, right]);
    const dark = document.documentElement.dataset.theme === "dark", shade = d3.interpolateRgb(Report.colour("panel"), Report.hue(0)), context = Report.canvas(stage);
    work.workers.forEach((worker, i) => {
      const course = Report.decode(worker.course), y = top + i * row;
      for (let b = 0; b < bins; ++b) {
        if (Number.isNaN(course[b])) continue;
        context.fillStyle = shade(course[b]);
        context.fillRect(x(b * work.bin_seconds), y + 1, Math.ceil((right - left) / bins), row - 3);
      }
      const host = worker.host.length > 10 ? worker.host.slice(0, 9) + "…" : worker.host;
      stage.svg.append("text").attr("class", "faint").attr("x", left - 6).attr("y", y + row - 5).attr("text-anchor", "end").text(`${worker.worker} ${host}`)
        .append("title").text(`worker ${worker.worker} on ${worker.host}`);
      stage.svg.append("rect").attr("class", "overlay").attr("x", left).attr("y", y).attr("width", right - left).attr("height", row)
        .on("pointermove", () => {
          const b = Math.min(bins - 1, Math.max(0, Math.floor(x.invert(d3.mouse(stage.svg.node())[0]) / work.bin_seconds)));
          Report.tip(d3.event, Report.element("strong", {}, `worker ${worker.worker} on ${worker.host}`), Report.pairs([["here", Number.isNaN(course[b]) ? "not there" : Report.percent(course[b]) + " useful"],
            ["in all", `${Report.duration(worker.useful)} useful, ${Report.duration(worker.lost)} lost, of ${Report.duration(worker.present)}`]]));
        }).on("pointerleave", () => Report.tip(null));
    });
    stage.svg.append("g").attr("transform", `translate(0,${bottom})`).call(d3.axisBottom(x).tickValues(Report.timeTicks(x.domain()[1], Math.max(2, Math.floor((right - left) / 90)))).tickFormat(Report.tickTime));
    stage.svg.append("text").attr("x", right).attr("y", bottom + 34).attr("text-anchor", "end").text("running time");
    at("work-course").setAttribute("aria-label", "Useful share of each worker's time over the run");
    at("course-caption").textContent = `A row is a worker; the ${dark ? "brighter" : "darker"}, the larger the share of that moment in trials that were reported. Nothing: it was not there.` +
      (work.count > work.workers.length ? ` ${work.workers.length} of ${work.count.toLocaleString("en")} workers, spread evenly over their numbers.` : "");
  }

  Report.view("work", () => { drawCauses(); drawCourse(); });
})();

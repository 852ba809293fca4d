// The configurations as columns, and what is said of one of them.
Report.points = (function () {
  const raw = Report.data.points, decode = Report.decode;
  const split = (name) => ({ mean: raw[name].map(decode), error: raw[name + "_error"].map(decode), replicates: raw.replicates[name].map(decode) });
  return {
    axes: raw.axes,
    settings: raw.settings.map((setting) => ({ ...setting, values: decode(setting.values) })),
    methods: raw.methods,
    probability: raw.probability === null ? null : raw.probability.map((share) => share === null ? NaN : share),
    facts: raw.facts.map((fact) => ({ ...fact, values: decode(fact.values) })),
    competing: raw.competing,
    members: raw.members,
    id: decode(raw.id),
    method: decode(raw.method),
    offset: decode(raw.replicates.offset),
    validation: split("validation"),
    test: split("test"),
  };
})();
Report.points.count = Report.points.id.length;
Report.values = () => Report.points[Report.state.split];
Report.objectives = Report.points.axes.map((axis, i) => i).filter((i) => Report.points.axes[i].objective);
Report.axisTitle = function (axis) {
  const unit = axis.unit ? ` (${axis.unit})` : "";
  return axis.label + unit + (axis.direction ? (axis.direction === "minimise" ? ", smaller is better" : ", larger is better") : "");
};

Report.settingText = function (setting, point) {
  const value = setting.values[point];
  if (Number.isNaN(value)) return "";
  return setting.choices.length > 0 ? setting.choices[value] : Report.short(value);
};

// Squared radius of the region of a mean with two coordinates, in units of the mean's covariance: see confidence_ellipse.hpp.
Report.meanRegion = (degrees, confidence) => degrees * (Math.pow(1 - confidence, -2 / (degrees - 1)) - 1);

// Sums of squares and products of two columns between two rows, around their means.
Report.scatter = function (x, y, from, to) {
  let n = 0, meanX = 0, meanY = 0;
  const pairs = [];
  for (let i = from; i < to; ++i) {
    if (Number.isFinite(x[i]) && Number.isFinite(y[i])) {
      pairs.push([x[i], y[i]]);
      meanX += x[i];
      meanY += y[i];
      ++n;
    }
  }
  const sum = { xx: 0, xy: 0, yy: 0, degrees: 0, n };
  if (n < 2) return sum;
  meanX /= n;
  meanY /= n;
  for (const [a, b] of pairs) {
    sum.xx += (a - meanX) * (a - meanX);
    sum.xy += (a - meanX) * (b - meanY);
    sum.yy += (b - meanY) * (b - meanY);
  }
  sum.degrees = n - 1;
  return sum;
};

// The region of each member's mean on two axes: {xx, xy, yy}, a covariance times the squared radius; null where there is none.
Report.regions = function (axisX, axisY, kind) {
  const points = Report.points, values = Report.values(), regions = [];
  const scatters = [], pooled = { xx: 0, xy: 0, yy: 0, degrees: 0 };
  for (let member = 0; member < points.members; ++member) {
    const one = Report.scatter(values.replicates[axisX], values.replicates[axisY], points.offset[member], points.offset[member + 1]);
    scatters.push(one);
    for (const key of Object.keys(pooled)) pooled[key] += one[key];
  }
  for (const own of scatters) {
    const scatter = kind === "pooled" ? pooled : own;
    const least = kind === "error" ? 0 : 1;
    if (kind === "none" || !(scatter.degrees > least) || own.n === 0) {
      regions.push(null);
      continue;
    }
    const scale = (kind === "error" ? 1 : Report.meanRegion(scatter.degrees, 0.95)) / scatter.degrees / own.n;
    regions.push({ xx: scatter.xx * scale, xy: scatter.xy * scale, yy: scatter.yy * scale });
  }
  return regions;
};

// The outline of {(x, y): d' C^-1 d = 1} around a centre, as points in the units of the data.
Report.outline = function (region, centreX, centreY, steps = 48) {
  const middle = (region.xx + region.yy) / 2, half = (region.xx - region.yy) / 2, spread = Math.hypot(half, region.xy);
  const major = Math.sqrt(Math.max(0, middle + spread)), minor = Math.sqrt(Math.max(0, middle - spread));
  const angle = Math.atan2(region.xy, half + spread), cos = Math.cos(angle), sin = Math.sin(angle), outline = [];
  for (let i = 0; i <= steps; ++i) {
    const turn = 2 * Math.PI * i / steps, along = major * Math.cos(turn), across = minor * Math.sin(turn);
    outline.push([centreX + along * cos - across * sin, centreY + along * sin + across * cos]);
  }
  return outline;
};

// Name and settings of one point, for the hover.
Report.describe = function (point) {
  const points = Report.points, rows = [], member = point < points.members;
  for (const i of Report.objectives) {
    for (const split of ["validation", "test"]) {
      const values = points[split];
      rows.push([points.axes[i].label + ", " + split, Report.estimate(values.mean[i][point], values.error[i][point])]);
    }
  }
  if (points.probability) rows.push(["probability of being on the front", Report.probability(points.probability[point])]);
  if (member) for (const fact of points.facts) rows.push([fact.name, Report.number(fact.values[point])]);
  for (const setting of points.settings) {
    const text = Report.settingText(setting, point);
    if (text !== "") rows.push([setting.label, text]);
  }
  return [Report.element("strong", {}, `configuration ${points.id[point]}, ${points.methods[points.method[point]]}${member ? ", on the front" : ""}`), Report.pairs(rows)];
};

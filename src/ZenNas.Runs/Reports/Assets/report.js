(() => {
  "use strict";
  const root = document.documentElement;
  const data = JSON.parse(document.getElementById("report-data").textContent);
  const costs = { parameters: "Parameters", macs: "MACs per image", layers: "Layers" };
  const full = new Intl.NumberFormat("en", { maximumFractionDigits: 3 });
  const short = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 4 });
  const scientific = new Intl.NumberFormat("en", { notation: "scientific", maximumFractionDigits: 3 });
  const tick = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 6 });
  const wholeSteps = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].flatMap(power => [1, 2, 5].map(first => first * 10 ** power));
  let logSteps = false;
  let charts = [];

  const colour = name => getComputedStyle(root).getPropertyValue(name).trim();
  const isExtreme = value => Math.abs(value) >= 1e15 || (value !== 0 && Math.abs(value) < 1e-3);
  const shown = (u, value) => value == null ? "–" : (isExtreme(value) ? scientific : full).format(value);
  const scoreTicks = {
    format: value => (isExtreme(value) ? scientific : Math.abs(value) >= 1e4 ? tick : full).format(value),
  };

  const axis = (label, format) => ({
    label,
    labelSize: 24,
    labelFont: "12px system-ui, sans-serif",
    font: "12px system-ui, sans-serif",
    stroke: colour("--muted"),
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { stroke: colour("--line"), width: 1 },
    values: (u, splits) => splits.map(v => v == null ? "" : format.format(v)),
  });

  const widthOfTicks = (u, values) => {
    const { ctx } = u;
    ctx.save();
    ctx.font = "12px system-ui, sans-serif";
    const widest = Math.max(0, ...(values ?? []).map(v => ctx.measureText(v).width));
    ctx.restore();
    return Math.max(56, Math.ceil(widest) + 18);
  };

  const axes = xLabel => [
    { ...axis(xLabel, short), space: 64, size: 30, incrs: wholeSteps },
    { ...axis(`Score (${data.scoreName})`, scoreTicks), size: widthOfTicks },
  ];

  const draw = (id, height, options, series) => {
    const place = document.getElementById(`chart-${id}`);
    charts.push(new uPlot({ width: place.clientWidth, height, ...options }, series, place));
  };

  const line = (label, stroke) => ({
    label, stroke, width: 2, value: shown, points: { show: false }, paths: uPlot.paths.stepped({ align: 1 }),
  });

  const drawConvergence = () => {
    const { step, best, worst } = data.convergence;
    const first = logSteps && step[0] === 0 ? 1 : 0;
    if (step.length === first) {
      return;
    }
    draw("convergence", 320, {
      scales: { x: { time: false, distr: logSteps ? 3 : 1, range: [step[first], step.at(-1)] } },
      axes: axes("Step"),
      series: [
        { label: "Step", value: shown },
        line("Best", colour("--hot")),
        line("Worst of population", colour("--accent")),
      ],
    }, [step.slice(first), best.slice(first), worst.slice(first)]);
  };

  const padded = (values, limit) => {
    const all = limit == null ? values : [...values, limit];
    const low = Math.min(...all);
    const high = Math.max(...all);
    const space = (high - low) * 0.06 || Math.max(1, high * 0.01);
    return [low - space, high + space];
  };

  const nearest = (u, series, index) => {
    const { left, top } = u.cursor;
    let closest = index;
    let least = Infinity;
    u.data[0].forEach((x, i) => {
      const y = u.data[1][i] ?? u.data[2][i];
      const distance = Math.hypot(u.valToPos(x, "x") - left, u.valToPos(y, "y") - top);
      if (distance < least) {
        [closest, least] = [i, distance];
      }
    });
    return closest;
  };

  const drawLimit = limit => u => {
    const x = u.valToPos(limit, "x", true);
    const { ctx, bbox } = u;
    ctx.save();
    ctx.strokeStyle = colour("--hot");
    ctx.lineWidth = 1.5 * devicePixelRatio;
    ctx.setLineDash([5 * devicePixelRatio, 4 * devicePixelRatio]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.restore();
  };

  const points = (label, stroke, fill, size) => ({
    label, stroke, width: 0, paths: () => null, points: { show: true, size, stroke, fill, width: 1.5 }, value: shown,
  });

  const drawScatter = cost => {
    const { score } = data.population;
    const rows = score.map((y, i) => [data.population[cost][i], y, null]);
    rows.push([data.best[cost], null, data.best.score]);
    rows.sort((a, b) => a[0] - b[0]);
    const limit = data.limits[cost];
    const [x, population, best] = [0, 1, 2].map(column => rows.map(row => row[column]));
    draw(cost, 300, {
      scales: { x: { time: false, range: padded(x, limit) } },
      axes: axes(costs[cost]),
      cursor: { dataIdx: nearest, points: { size: 10, fill: colour("--hot") }, drag: { x: false, y: false } },
      hooks: { draw: limit == null ? [] : [drawLimit(limit)] },
      series: [
        { label: costs[cost], value: shown },
        points("Population", colour("--accent"), "transparent", 6),
        points("Best", colour("--hot"), "transparent", 13),
      ],
    }, [x, population, best]);
  };

  const drawAll = () => {
    charts.forEach(chart => chart.destroy());
    charts = [];
    drawConvergence();
    Object.keys(costs).forEach(drawScatter);
  };

  const offerLogSteps = () => {
    const label = document.createElement("label");
    const box = Object.assign(document.createElement("input"), { type: "checkbox" });
    label.className = "option";
    label.append(box, "Logarithmic steps (step 0 left out)");
    box.addEventListener("change", () => {
      logSteps = box.checked;
      drawAll();
    });
    document.getElementById("chart-convergence").before(label);
  };

  const copy = async code => {
    try {
      await navigator.clipboard.writeText(code.textContent);
    } catch {
      getSelection().selectAllChildren(code);
      document.execCommand("copy");
    }
  };

  const offerCopying = box => {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Copy" });
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", async () => {
      await copy(box.querySelector("code"));
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    });
    box.append(button);
  };

  const print = isPrinting => {
    root.toggleAttribute("data-print", isPrinting);
    drawAll();
  };

  const redrawOnResize = () => {
    let width = innerWidth;
    addEventListener("resize", () => {
      if (innerWidth !== width && !root.hasAttribute("data-print")) {
        width = innerWidth;
        requestAnimationFrame(drawAll);
      }
    });
  };

  document.querySelectorAll(".copyable").forEach(offerCopying);
  if (data.convergence.step.length > 1) {
    offerLogSteps();
  }
  drawAll();
  redrawOnResize();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
  addEventListener("beforeprint", () => print(true));
  addEventListener("afterprint", () => print(false));
})();

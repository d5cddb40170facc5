(() => {
  "use strict";
  const root = document.documentElement;
  const data = JSON.parse(document.getElementById("report-data").textContent);
  const number = new Intl.NumberFormat("en", { maximumSignificantDigits: 5 });
  const colour = name => getComputedStyle(root).getPropertyValue(name).trim();
  let charts = [];

  const axis = label => ({
    label,
    labelSize: 24,
    labelFont: "12px system-ui, sans-serif",
    font: "12px system-ui, sans-serif",
    stroke: colour("--muted"),
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { stroke: colour("--line"), width: 1 },
    size: label === "Epoch" ? 30 : 62,
  });

  const line = (label, stroke) => ({
    label, stroke, width: 2, points: { show: data.epoch.length < 3 },
    value: (u, v) => v == null ? "–" : number.format(v),
  });

  const draw = (id, unit, lines) => {
    const place = document.getElementById(`chart-${id}`);
    charts.push(new uPlot({
      width: place.clientWidth,
      height: 300,
      scales: { x: { time: false } },
      axes: [axis("Epoch"), axis(unit)],
      series: [{ label: "Epoch" }, ...lines.map(([label, name]) => line(label, colour(name)))],
    }, [data.epoch, ...lines.map(([, , values]) => values)], place));
  };

  const drawAll = () => {
    charts.forEach(chart => chart.destroy());
    charts = [];
    if (data.epoch.length === 0) {
      return;
    }
    draw("accuracy", "Test accuracy (%)", [["Top-1", "--hot", data.top1], ["Top-5", "--accent", data.top5]]);
    draw("loss", "Loss (nats)", [["Training", "--accent", data.trainingLoss], ["Test", "--hot", data.testLoss]]);
    draw("rate", "Learning rate", [["Learning rate", "--accent", data.learningRate]]);
  };

  const print = isPrinting => {
    root.toggleAttribute("data-print", isPrinting);
    drawAll();
  };

  drawAll();
  let width = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth !== width && !root.hasAttribute("data-print")) {
      width = innerWidth;
      requestAnimationFrame(drawAll);
    }
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
  addEventListener("beforeprint", () => print(true));
  addEventListener("afterprint", () => print(false));
})();

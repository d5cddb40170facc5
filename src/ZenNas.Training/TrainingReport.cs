using System.Collections.Immutable;
using System.Text.Json;
using ZenNas.Architectures;
using ZenNas.Complexity;
using ZenNas.Runs.Reports;
using ZenNas.Scores;

namespace ZenNas.Training;

/// <summary>A training as one HTML page: what came out, its curves, the network, how it was trained.</summary>
internal static class TrainingReport
{
    private const int Percent = 100;
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    /// <summary>Writes the page; the same training gives the same text.</summary>
    public static string Render(TrainingPlan plan, ImmutableArray<EpochRow> rows) => ReportPage.Render(
        $"{Html.Text(Path.GetFileName(plan.Data))}, seed {Html.Plain(plan.Seed)} – ZenNas training",
        $"""
        {Headline(plan, rows)}
        {Curves(rows)}
        <section aria-labelledby="network">
        <h2 id="network">The network, block by block</h2>
        {ArchitectureDrawing.Render(plan.Architecture)}
        {ArchitectureText.Box(plan.Architecture)}
        </section>
        {Facts(plan, rows)}
        """,
        Data(rows), ReportAssets.TrainingScript);

    private static string Headline(TrainingPlan plan, ImmutableArray<EpochRow> rows)
    {
        var cost = NetworkCost.Of(Network.Lower(plan.Architecture));
        var state = rows.Length == plan.Recipe.Epochs ? "Trained" : "In training";
        return $"""
            <header>
            <p class="kicker">ZenNas training</p>
            <h1>{state} for {Html.Count(rows.Length)} of {Html.Count(plan.Recipe.Epochs, "epoch")} on {Html.Text(Path.GetFileName(plan.Data))}</h1>
            </header>
            <section>
            <dl class="figures">
            {Figure("Top-1 test accuracy", rows.IsEmpty ? "–" : Html.Percent(rows[^1].Top1, 1), rows.IsEmpty ? "" : $"best epoch {Html.Percent(rows.Max(r => r.Top1), 1)}")}
            {Figure("Top-5 test accuracy", rows.IsEmpty ? "–" : Html.Percent(rows[^1].Top5, 1), "")}
            {Figure("Parameters", Html.Count(cost.Parameters), "")}
            {Figure("MACs per image", Html.Count(cost.Macs), Html.Pixels(plan.Architecture.Resolution))}
            </dl>
            <p class="note">Accuracy is that of the weights after the last epoch; they weren't chosen by it.</p>
            </section>
            """;
    }

    private static string Figure(string name, string value, string note) => $"<div><dt>{name}</dt><dd><b>{value}</b><span>{note}</span></dd></div>";

    private static string Curves(ImmutableArray<EpochRow> rows)
    {
        var words = rows.IsEmpty
            ? "No epoch is finished."
            : $"Test accuracy went from {Html.Percent(rows[0].Top1, 1)} to {Html.Percent(rows[^1].Top1, 1)}, the training loss from {Html.Number(rows[0].TrainingLoss, 3)} to {Html.Number(rows[^1].TrainingLoss, 3)} nats.";
        return $"""
            <section aria-labelledby="curves">
            <h2 id="curves">Curves</h2>
            <p class="note">{words}</p>
            <div class="charts">
            {Chart("accuracy", "Test accuracy by epoch")}
            {Chart("loss", "Loss by epoch")}
            {Chart("rate", "Learning rate at the end of each epoch")}
            </div>
            </section>
            """;
    }

    private static string Chart(string id, string title) => $"""
        <figure>
        <div class="chart" id="chart-{id}" role="img" aria-label="{title}"></div>
        <figcaption><b>{title}.</b></figcaption>
        </figure>
        """;

    private static string Facts(TrainingPlan plan, ImmutableArray<EpochRow> rows)
    {
        var seconds = rows.Sum(row => row.Seconds + row.EvaluationSeconds);
        return $"""
            <section aria-labelledby="run">
            <h2 id="run">How it was trained</h2>
            <div class="facts">
            <dl>
            {Fact("Data", Html.Text(plan.Data))}
            {Fact("Teacher", Html.Text(plan.Teacher ?? "none"))}
            {Fact("Seed", Html.Plain(plan.Seed))}
            </dl>
            <dl>
            {Fact("Device", Html.Text(plan.Device))}
            {Fact("Threads", Html.Count(plan.Threads))}
            {Fact("Precision", ScoreSettingNames.Of(plan.Precision))}
            </dl>
            <dl>
            {Fact("Time", $"{Html.Number(seconds, 1)} s")}
            {Fact("Speed", rows.IsEmpty ? "not measured" : $"{Html.Number(rows.Sum(row => row.Images) / rows.Sum(row => row.Seconds), 0)} images per second")}
            </dl>
            </div>
            <h3>Recipe</h3>
            {ArchitectureText.Copyable(Recipes.RecipeJson.Write(plan.Recipe))}
            </section>
            """;
    }

    private static string Fact(string name, string value) => $"<div><dt>{name}</dt><dd>{value}</dd></div>";

    private static string Data(ImmutableArray<EpochRow> rows) => JsonSerializer.Serialize(
        new
        {
            Epoch = rows.Select(r => r.Epoch),
            Top1 = rows.Select(r => Percent * r.Top1),
            Top5 = rows.Select(r => Percent * r.Top5),
            TrainingLoss = rows.Select(r => r.TrainingLoss),
            TestLoss = rows.Select(r => r.TestLoss),
            LearningRate = rows.Select(r => r.LearningRate),
        },
        Options);
}

using System.Text.Json;
using System.Text.Json.Nodes;
using ZenNas.Architectures;
using ZenNas.Data.Loading;
using ZenNas.Json;
using ZenNas.Scores;
using ZenNas.Training.Recipes;

namespace ZenNas.Training;

/// <summary>The file <c>training.json</c> of a training's folder, version 1.</summary>
public static class TrainingPlanJson
{
    private const string Format = "zennas/training";
    private const int Version = 1;
    private const int FileLimit = 4 << 20;
    private const int LongestPath = 4096;
    private const int Sha256Digits = 64;
    private const int MostThreads = 4096;
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Writes a plan.</summary>
    public static string Write(TrainingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new JsonObject
        {
            ["format"] = Format,
            ["version"] = Version,
            ["architecture"] = ArchitectureJson.Write(plan.Architecture),
            ["recipe"] = RecipeJson.Write(plan.Recipe),
            ["data"] = plan.Data,
            ["dataSha256"] = plan.DataSha256,
            ["teacher"] = plan.Teacher,
            ["teacherSha256"] = plan.TeacherSha256,
            ["seed"] = plan.Seed,
            ["threads"] = plan.Threads,
            ["precision"] = ScoreSettingNames.Of(plan.Precision),
            ["device"] = plan.Device,
            ["brokenPictures"] = plan.BrokenPictures == BrokenPictureHandling.Skip ? "skip" : "fatal",
        }.ToJsonString(Indented);
    }

    /// <summary>Reads a plan.</summary>
    /// <exception cref="InvalidInputException">It isn't valid.</exception>
    public static TrainingPlan Parse(string text) => StrictJson.Read(text, "training", FileLimit, root =>
    {
        StrictJson.CheckFormat(root, Format, Version);
        return new TrainingPlan
        {
            Architecture = ArchitectureJson.Parse(root.Verbatim("architecture", FileLimit)),
            Recipe = RecipeJson.Parse(root.Verbatim("recipe", FileLimit)),
            Data = root.Verbatim("data", LongestPath),
            DataSha256 = root.TextOrNull("dataSha256", Sha256Digits),
            Teacher = root.TextOrNull("teacher", LongestPath),
            TeacherSha256 = root.TextOrNull("teacherSha256", Sha256Digits),
            Seed = (ulong)root.Number("seed", 0, long.MaxValue),
            Threads = root.Integer("threads", 1, MostThreads),
            Precision = ScoreSettingNames.ParsePrecision(root.OneOf("precision", [.. ScoreSettingNames.Precisions])),
            Device = ReadDevice(root.Text("device", 20)),
            BrokenPictures = root.OneOf("brokenPictures", "fatal", "skip") == "skip" ? BrokenPictureHandling.Skip : BrokenPictureHandling.Fail,
        };
    });

    private static string ReadDevice(string name) => ScoreSettings.IsDeviceName(name)
        ? name
        : throw new InvalidInputException($"training, device: is '{Excerpt.Of(name, 20)}'; allowed is cpu, cuda or cuda:0 to cuda:63");
}

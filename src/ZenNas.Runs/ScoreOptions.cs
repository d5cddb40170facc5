using System.Text.Json.Nodes;
using ZenNas.Json;
using ZenNas.Scores;

namespace ZenNas.Runs;

/// <summary>Which score a run maximises, and how it is evaluated.</summary>
/// <param name="Name">Name of the score.</param>
/// <param name="Alpha">Size of the perturbation.</param>
/// <param name="BatchSize">Images per measurement.</param>
/// <param name="Precision"><c>fp32</c> or <c>bf16</c>.</param>
/// <param name="Device">Torch device.</param>
/// <param name="Ahead">
/// Proposals drawn from one population before their scores are told; more than 1 lets measurements run in parallel, and since it doesn't
/// depend on the number of threads, neither does the result.
/// </param>
public sealed record ScoreOptions(string Name, double Alpha, int BatchSize, string Precision, string Device, int Ahead)
{
    private const int MostAhead = 1024;
    private const int LongestName = 64;

    /// <summary>Name of the closed-form Zen-Score.</summary>
    public const string ClosedForm = "closed-form";

    /// <summary>Name of the measured Zen-Score.</summary>
    public const string Measured = "measured";

    internal JsonObject ToNode() => new()
    {
        ["name"] = Name,
        ["alpha"] = Alpha,
        ["batch"] = BatchSize,
        ["precision"] = Precision,
        ["device"] = Device,
        ["ahead"] = Ahead,
    };

    internal static ScoreOptions Read(JsonObjectReader o) => new(
        o.OneOf("name", ClosedForm, Measured),
        o.Build(() => ZenOptions.CheckAlpha(o.Real("alpha"))),
        o.Integer("batch", 1, ZenOptions.MaxBatchSize),
        o.OneOf("precision", "fp32", "bf16"),
        ReadDevice(o),
        o.Integer("ahead", 1, MostAhead));

    private static string ReadDevice(JsonObjectReader o)
    {
        var device = o.Text("device", LongestName);
        return ZenOptions.IsDeviceName(device)
            ? device
            : throw new InvalidInputException($"{RunOptions.FileName}, score.device: is '{device}'; allowed is cpu, cuda or cuda:0 to cuda:63");
    }
}

using System.CommandLine;

namespace ZenNas.Cli.Commands.Latency;

/// <summary><c>zennas latency</c>: measure it, profile a device, predict it.</summary>
internal static class LatencyCommand
{
    public static Command Create(CancellationToken cancellation) => new("latency", "Measure the latency of networks, profile a device, and predict from a profile.")
    {
        MeasureCommand.Create(cancellation),
        ProfileCommand.Create(cancellation),
        PredictCommand.Create(),
        EvaluateCommand.Create(cancellation),
    };
}

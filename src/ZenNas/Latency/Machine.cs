using System.Runtime.InteropServices;

namespace ZenNas.Latency;

/// <summary>A machine on which latencies are measured.</summary>
/// <param name="Processor">Name of its processor as the system gives it.</param>
/// <param name="Cores">Logical cores that a process may use.</param>
/// <param name="Architecture">Instruction set, for example <c>X64</c>.</param>
/// <param name="System">Operating system.</param>
public sealed record Machine(string Processor, int Cores, string Architecture, string System)
{
    private const string ProcessorFile = "/proc/cpuinfo";

    /// <summary>The machine that this process runs on.</summary>
    public static Machine Current { get; } = new(
        ProcessorName(), Environment.ProcessorCount, RuntimeInformation.ProcessArchitecture.ToString(), RuntimeInformation.OSDescription);

    /// <summary>Whether latencies of one apply to the other: the same processor and number of cores.</summary>
    public bool IsLike(Machine other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return (Processor, Cores, Architecture) == (other.Processor, other.Cores, other.Architecture);
    }

    /// <summary>The machine as a user reads it.</summary>
    public override string ToString() => $"{Processor}, {Cores} {(Cores == 1 ? "core" : "cores")}, {Architecture}";

    /// <summary>Virtual machines often hide the model's name; family and model stay.</summary>
    private static string ProcessorName()
    {
        if (!File.Exists(ProcessorFile))
        {
            return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? "unknown processor";
        }

        var facts = new Dictionary<string, string>();
        foreach (var line in File.ReadLines(ProcessorFile).TakeWhile(line => line.Length > 0))
        {
            if (line.Split(':', 2) is [var name, var value])
            {
                facts[name.Trim()] = value.Trim();
            }
        }

        var model = facts.GetValueOrDefault("model name", "unknown processor");
        return facts.TryGetValue("cpu family", out var family) ? $"{model} (family {family}, model {facts.GetValueOrDefault("model")})" : model;
    }
}

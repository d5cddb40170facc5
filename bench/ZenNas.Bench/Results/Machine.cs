using System.Runtime.InteropServices;
using TorchSharp;
using ZenNas.Torch;

namespace ZenNas.Bench.Results;

/// <summary>What the numbers were measured on.</summary>
internal static class Machine
{
    private const string ProcessorFile = "/proc/cpuinfo";

    public static string Processor => File.Exists(ProcessorFile)
        ? $"{Entry("model name")} (family {Entry("cpu family")}, model {Entry("model")})"
        : $"{RuntimeInformation.ProcessArchitecture}";

    public static string System => RuntimeInformation.OSDescription;

    public static string Runtime => RuntimeInformation.FrameworkDescription;

    public static string LibTorch
    {
        get
        {
            TorchRuntime.Initialize();
            return Version.Parse(torch.__version__).ToString(3);
        }
    }

    private static string Entry(string name) =>
        File.ReadLines(ProcessorFile).Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries))
            .FirstOrDefault(parts => parts.Length == 2 && parts[0] == name)?[1] ?? "?";
}

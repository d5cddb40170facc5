using System.Globalization;
using TorchSharp;

namespace ZenNas.Torch;

/// <summary>Torch devices by name.</summary>
public static class TorchDevices
{
    internal static torch.Device Parse(string name)
    {
        if (name == "cpu")
        {
            return torch.CPU;
        }

        return IsName(name) && torch.cuda.is_available() && DeviceIndex(name) < torch.cuda.device_count()
            ? torch.device(name)
            : throw new InvalidInputException($"device is '{name}'; allowed here is cpu{Available()}");
    }

    /// <summary>Whether a device of this name could be there: cpu, cuda or cuda:0 to cuda:63.</summary>
    public static bool IsName(string name) =>
        name is "cpu" or "cuda"
        || (name.StartsWith("cuda:", StringComparison.Ordinal)
            && int.TryParse(name.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < 64);

    private static int DeviceIndex(string name) => name.Length > 5 ? int.Parse(name.AsSpan(5), CultureInfo.InvariantCulture) : 0;

    private static string Available() =>
        torch.cuda.is_available() ? $" or cuda:0 to cuda:{torch.cuda.device_count() - 1}" : " (no CUDA device was found)";
}

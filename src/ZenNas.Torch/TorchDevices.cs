using TorchSharp;

namespace ZenNas.Torch;

/// <summary>Torch devices by name.</summary>
internal static class TorchDevices
{
    public static torch.Device Parse(string name)
    {
        if (name == "cpu")
        {
            return torch.CPU;
        }

        var isCuda = name == "cuda" || (name.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(name.AsSpan(5), out var index) && index is >= 0 and < 64);
        return isCuda && torch.cuda.is_available() && DeviceIndex(name) < torch.cuda.device_count()
            ? torch.device(name)
            : throw new InvalidInputException($"device is '{name}'; allowed here is cpu{Available()}");
    }

    private static int DeviceIndex(string name) => name.Length > 5 ? int.Parse(name.AsSpan(5)) : 0;

    private static string Available() =>
        torch.cuda.is_available() ? $" or cuda:0 to cuda:{torch.cuda.device_count() - 1}" : " (no CUDA device was found)";
}

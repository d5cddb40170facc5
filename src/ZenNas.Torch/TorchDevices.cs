using System.Globalization;
using TorchSharp;
using ZenNas.Scores;

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

        return ScoreSettings.IsDeviceName(name) && torch.cuda.is_available() && DeviceIndex(name) < torch.cuda.device_count()
            ? torch.device(name)
            : throw new InvalidInputException($"device is '{name}'; allowed here is cpu{Available()}");
    }

    private static int DeviceIndex(string name) => name.Length > 5 ? int.Parse(name.AsSpan(5), CultureInfo.InvariantCulture) : 0;

    private static string Available() =>
        torch.cuda.is_available() ? $" or cuda:0 to cuda:{torch.cuda.device_count() - 1}" : " (no CUDA device was found)";
}

using ZenNas.Architectures;
using ZenNas.Weights;

namespace ZenNas.Cli.Input;

/// <summary>Reads the weights that a user means.</summary>
internal static class WeightsArgument
{
    /// <exception cref="InvalidInputException">The file can't be read, or holds no weights of the network.</exception>
    public static NetworkWeights Read(string path, Network network)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return WeightsFile.Read(network, stream);
        }
        catch (InvalidInputException e)
        {
            throw new InvalidInputException($"--weights '{Quantity.Shown(path)}': {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new InvalidInputException($"--weights is '{Quantity.Shown(path)}', which can't be read ({e.Message}); allowed is a safetensors file", e);
        }
    }
}

using ZenNas.Cli.Input;

namespace ZenNas.Cli.Correlating;

/// <summary>The folder of <c>--out</c>, found usable before anything is computed for it.</summary>
internal static class OutputFolder
{
    /// <summary>Makes the folder where it isn't there, and finds out whether files can be written to it.</summary>
    /// <exception cref="InvalidInputException">It is a file, or can't be made or written to.</exception>
    public static void Open(string path)
    {
        if (File.Exists(path))
        {
            throw new InvalidInputException($"--out is '{Quantity.Shown(path)}', which is a file; allowed is a folder");
        }

        try
        {
            Directory.CreateDirectory(path);
            using var probe = new FileStream(
                Path.Combine(path, $".{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new InvalidInputException(
                $"--out is '{Quantity.Shown(path)}', which can't be made or written to; allowed is a folder that can ({Quantity.Shown(e.Message)})", e);
        }
    }
}

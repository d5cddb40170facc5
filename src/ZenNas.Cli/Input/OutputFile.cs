using ZenNas.Runs;

namespace ZenNas.Cli.Input;

/// <summary>Writes files that users name, whole or not at all.</summary>
internal static class OutputFile
{
    private const string Devices = "/dev";

    /// <summary>Finds out before the work whether a file of this name can be written.</summary>
    /// <returns>The path.</returns>
    /// <exception cref="InvalidInputException">It is a folder or a device, or its folder doesn't exist.</exception>
    public static string Check(string option, string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        var reason = Directory.Exists(path) || Path.EndsInDirectorySeparator(path) ? "which is a folder"
            : !Directory.Exists(folder) ? "whose folder doesn't exist"
            // Renaming over a device would replace it for everybody.
            : folder == Devices ? "which is a device"
            : null;
        return reason is null ? path : throw new InvalidInputException($"{option} is '{Quantity.Shown(path)}', {reason}; allowed is a file in a folder that exists");
    }

    /// <exception cref="InvalidInputException">The file can't be written there.</exception>
    public static void Write(string option, string path, ReadOnlySpan<byte> content)
    {
        try
        {
            AtomicFile.Write(path, content);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or PathTooLongException or DirectoryNotFoundException)
        {
            throw new InvalidInputException($"{option} is '{Quantity.Shown(path)}', which can't be written ({e.Message}); allowed is a file that can", e);
        }
    }
}

using System.Collections.Immutable;
using ZenNas.Runs;

namespace ZenNas.Cli.Input;

/// <summary>Writes folders that users name, whole or not at all, and never into one that is there.</summary>
internal static class NewFolder
{
    private const string Allowed = "allowed is a new folder in one that exists";

    /// <summary>Finds out before the work whether a folder of this name can be made.</summary>
    /// <returns>The path.</returns>
    /// <exception cref="InvalidInputException">It is there already, or the folder that it would be in isn't.</exception>
    public static string Check(string option, string path)
    {
        var parent = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        var reason = Path.Exists(path) ? "which is there already"
            : !Directory.Exists(parent) ? "whose folder doesn't exist"
            : null;
        return reason is null ? path : throw new InvalidInputException($"{option} is '{Quantity.Shown(path)}', {reason}; {Allowed}");
    }

    /// <exception cref="InvalidInputException">The folder can't be written there.</exception>
    public static void Write(string option, string path, ImmutableArray<(string Name, byte[] Content)> files)
    {
        try
        {
            AtomicFolder.WriteNew(path, files);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or PathTooLongException or DirectoryNotFoundException)
        {
            throw new InvalidInputException($"{option} is '{Quantity.Shown(path)}', which can't be written ({e.Message}); {Allowed}", e);
        }
    }
}

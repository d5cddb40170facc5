using ZenNas.Architectures;

namespace ZenNas.Cli.Input;

/// <summary>Finds the network that a user means: a structure string, a zoo name, or a file of either format.</summary>
internal static class NetworkArgument
{
    public const int DefaultResolution = 224;
    public const int DefaultClasses = 1000;

    public const string Description =
        "Structure string, zoo name (see 'zennas zoo'), or a file holding a structure string or an architecture in JSON.";

    /// <summary>Resolves the text; resolution and classes replace the network's own, and are 224 and 1000 for a structure string.</summary>
    /// <exception cref="InvalidInputException">There is no such network.</exception>
    /// <param name="text">What the user gave.</param>
    /// <param name="resolution">Replaces the network's own.</param>
    /// <param name="classes">Replaces the network's own.</param>
    /// <param name="defaults">Resolution and classes of a structure string, which has none.</param>
    public static Architecture Resolve(string text, int? resolution, int? classes, (int Resolution, int Classes)? defaults = null)
    {
        var (size, count) = defaults ?? (DefaultResolution, DefaultClasses);
        if (ModelZoo.Find(text) is { } entry)
        {
            return entry.Architecture.With(resolution, classes);
        }

        if (!text.Contains('\0') && File.Exists(text))
        {
            return Read(text, resolution, classes, (size, count));
        }

        if (text.Contains('('))
        {
            return StructureString.Parse(text, resolution ?? size, classes ?? count);
        }

        throw new InvalidInputException(
            $"network is '{Quantity.Shown(text)}', which is no file here; allowed is a structure string like SuperConvK3BNRELU(3,8,1,1)…, a file, or a zoo name{Suggestion(text)}");
    }

    /// <summary>The same for a cell of a table, which names no files.</summary>
    /// <exception cref="InvalidInputException">There is no such network.</exception>
    public static Architecture ResolveName(string text, int? resolution, int? classes) => ModelZoo.Find(text) is { } entry
        ? entry.Architecture.With(resolution, classes)
        : text.Contains('(')
            ? StructureString.Parse(text, resolution ?? DefaultResolution, classes ?? DefaultClasses)
            : throw new InvalidInputException($"network is '{Quantity.Shown(text)}'; allowed is a structure string or a zoo name{Suggestion(text)}");

    private static Architecture Read(string path, int? resolution, int? classes, (int Resolution, int Classes) defaults)
    {
        var content = InputFile.Read(path, Limits.FileSize);
        try
        {
            return content.AsSpan().TrimStart().StartsWith("{")
                ? ArchitectureJson.Parse(content).With(resolution, classes)
                : StructureString.Parse(content, resolution ?? defaults.Resolution, classes ?? defaults.Classes);
        }
        catch (InvalidInputException e)
        {
            throw new InvalidInputException($"file '{Quantity.Shown(path)}': {e.Message}", e);
        }
    }

    private static string Suggestion(string text)
    {
        var near = ModelZoo.Entries.Select(e => e.Name)
            .Where(name => text.Length >= 3 && name.Contains(text, StringComparison.OrdinalIgnoreCase)).Take(3).ToArray();
        return near.Length > 0 ? $" such as {string.Join(" or ", near)}" : ", see 'zennas zoo'";
    }
}

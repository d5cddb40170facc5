using System.Collections.Immutable;
using System.Text;

namespace ZenNas.Data.Files;

/// <summary>Names of classes, one a line, as CIFAR comes with.</summary>
internal static class ClassNameFile
{
    private const int MostBytes = 64 * 1024;
    private const int LongestName = 100;

    /// <summary>Reads the names of a known number of classes; empty lines are passed over.</summary>
    /// <exception cref="InvalidInputException">There is another number of names, or one can't be used.</exception>
    public static ImmutableArray<string> Read(string path, int classes)
    {
        ImmutableArray<string> names =
        [
            .. Encoding.UTF8.GetString(DataFile.Read(path, MostBytes)).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
        ];
        if (names.Length != classes)
        {
            throw new InvalidInputException($"{DataFile.Shown(path)}: has {names.Length} names; allowed are {classes}");
        }

        return names.FirstOrDefault(name => name.Length > LongestName || !name.All(Excerpt.IsPrintable)) is { } wrong
            ? throw new InvalidInputException(
                $"{DataFile.Shown(path)}: holds the name '{Excerpt.Of(wrong, LongestName)}'; allowed are at most {LongestName} printable characters")
            : names;
    }

    /// <summary>The numbers of classes as their names.</summary>
    public static ImmutableArray<string> Numbers(int classes) => [.. Enumerable.Range(0, classes).Select(c => $"{c}")];
}

using System.Collections.Immutable;
using ZenNas.Architectures;

namespace ZenNas.Data.Files;

/// <summary>Pictures in a folder for each class, as ImageNet is kept.</summary>
internal static class PictureFolders
{
    private const string Training = "train";
    private const int MostPictures = 50_000_000;
    private const int LongestName = 200;

    private static readonly ImmutableArray<string> Tests = ["val", "test"];
    private static readonly ImmutableArray<string> Endings = [".jpg", ".jpeg", ".png"];

    // Tiny ImageNet, for one, has a folder between class and pictures. The limit ends loops of links.
    private static readonly EnumerationOptions Deeper = new() { RecurseSubdirectories = true, MaxRecursionDepth = 3 };
    private static readonly EnumerationOptions Direct = new();

    /// <summary>The dataset, or null where there is none.</summary>
    public static DatasetPair? Open(string folder)
    {
        var training = Path.Combine(folder, Training);
        if (!Directory.Exists(training))
        {
            return null;
        }

        var test = Tests.Select(name => Path.Combine(folder, name)).FirstOrDefault(Directory.Exists)
            ?? throw new InvalidInputException($"{DataFile.Shown(folder)} holds the folder {Training} alone; allowed is one with {string.Join(" or ", Tests)} beside it");
        try
        {
            var names = ClassNames(training);
            var name = new DirectoryInfo(folder).Name;
            return new DatasetPair(List(name, training, names, mayLackClasses: false), List(name, test, names, mayLackClasses: true), ImageStatistics.ImageNet);
        }
        catch (Exception e) when (DataFile.IsFailure(e))
        {
            throw DataFile.Unreadable(folder, e);
        }
    }

    private static ImmutableArray<string> ClassNames(string folder)
    {
        var folders = Directory.EnumerateDirectories(folder, "*", Direct).Take(Limits.Classes + 1);
        ImmutableArray<string> names = [.. folders.Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        if (names.Length is 0 or > Limits.Classes)
        {
            throw new InvalidInputException($"{DataFile.Shown(folder)}: holds {names.Length} folders of classes; allowed are 1 to {Limits.Classes}");
        }

        return names.FirstOrDefault(name => name.Length > LongestName || !name.All(Excerpt.IsPrintable)) is { } wrong
            ? throw new InvalidInputException(
                $"{DataFile.Shown(folder)}: holds the class '{Excerpt.Of(wrong, LongestName)}'; allowed are at most {LongestName} printable characters")
            : names;
    }

    private static PictureFileDataset List(string name, string folder, ImmutableArray<string> classNames, bool mayLackClasses)
    {
        var given = ClassNames(folder);
        if (given.Except(classNames).FirstOrDefault() is { } unknown)
        {
            throw new InvalidInputException($"{DataFile.Shown(folder)}: holds the class '{unknown}'; allowed are those of {Training}");
        }

        var (files, labels) = (new List<string>(), new List<int>());
        foreach (var (label, className) in classNames.Index())
        {
            var classFolder = Path.Combine(folder, className);
            var before = files.Count;
            if (Directory.Exists(classFolder))
            {
                files.AddRange(Pictures(classFolder).Take(MostPictures + 1 - before));
            }

            labels.AddRange(Enumerable.Repeat(label, files.Count - before));
            if (files.Count == before && !mayLackClasses)
            {
                throw new InvalidInputException($"{DataFile.Shown(classFolder)}: holds no picture; allowed is at least one ({string.Join(", ", Endings)})");
            }
        }

        return files.Count is > 0 and <= MostPictures
            ? new PictureFileDataset(name, folder, classNames, [.. files], [.. labels])
            : throw new InvalidInputException($"{DataFile.Shown(folder)}: holds {files.Count} pictures; allowed are 1 to {MostPictures}");
    }

    /// <summary>Paths within the folder of a class, in ordinal order.</summary>
    private static IEnumerable<string> Pictures(string folder) => Directory.EnumerateFiles(folder, "*", Deeper)
        .Where(file => Endings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
        .Select(file => Path.GetRelativePath(folder, file))
        .Order(StringComparer.Ordinal);
}

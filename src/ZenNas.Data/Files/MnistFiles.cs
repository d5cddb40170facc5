using System.Collections.Immutable;
using ZenNas.Architectures;

namespace ZenNas.Data.Files;

/// <summary>MNIST, Fashion-MNIST and others in the same four files.</summary>
internal static class MnistFiles
{
    private const string TrainingPictures = "train-images-idx3-ubyte";
    private const string TrainingLabels = "train-labels-idx1-ubyte";
    private const string TestPictures = "t10k-images-idx3-ubyte";
    private const string TestLabels = "t10k-labels-idx1-ubyte";

    // The files themselves don't say which dataset they are; their first labels do.
    private static readonly ImmutableArray<Known> All =
    [
        new("MNIST", [5, 0, 4, 1, 9, 2, 1, 3, 1, 4], ClassNameFile.Numbers(10), ImageStatistics.Mnist),
        new(
            "Fashion-MNIST",
            [9, 0, 0, 3, 0, 2, 7, 2, 5, 5],
            ["T-shirt/top", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"],
            ImageStatistics.FashionMnist),
    ];

    /// <summary>The dataset, or null where there is none.</summary>
    public static DatasetPair? Open(string folder)
    {
        string[] names = [TrainingPictures, TrainingLabels, TestPictures, TestLabels];
        var files = names.Select(name => File.Exists(Path.Combine(folder, name)) ? name : name + IdxFile.GzipEnding).ToArray();
        if (!files.Any(file => File.Exists(Path.Combine(folder, file))))
        {
            return null;
        }

        DataFile.CheckAllThere("pictures like MNIST's", folder, files);
        var paths = files.Select(file => Path.Combine(folder, file)).ToArray();
        var (trainingPictures, trainingLabels) = Read(paths[0], paths[1]);
        var (testPictures, testLabels) = Read(paths[2], paths[3]);
        if (!testPictures.Sizes[1..].SequenceEqual(trainingPictures.Sizes[1..]))
        {
            throw new InvalidInputException(
                $"{DataFile.Shown(paths[2])}: has pictures of {string.Join('×', testPictures.Sizes[1..])}; "
                + $"allowed is {string.Join('×', trainingPictures.Sizes[1..])}, as for training");
        }

        var classes = 1 + Math.Max(trainingLabels.Elements.Max(), testLabels.Elements.Max());
        var known = All.FirstOrDefault(one => classes <= one.ClassNames.Length && trainingLabels.Elements.AsSpan().StartsWith(one.FirstLabels.AsSpan()))
            ?? new Known("IDX pictures", [], ClassNameFile.Numbers(classes), null);
        var training = Dataset(known, trainingPictures, trainingLabels);
        return new DatasetPair(training, Dataset(known, testPictures, testLabels), known.Statistics ?? ImageStatistics.Measure(training));
    }

    private static (IdxFile Pictures, IdxFile Labels) Read(string picturesPath, string labelsPath)
    {
        var pictures = IdxFile.Read(picturesPath, 3);
        if (pictures.Sizes[1] > Limits.Resolution || pictures.Sizes[2] > Limits.Resolution)
        {
            throw new InvalidInputException(
                $"{DataFile.Shown(picturesPath)}: has pictures of {pictures.Sizes[1]}×{pictures.Sizes[2]}; allowed is up to {Limits.Resolution}×{Limits.Resolution}");
        }

        var labels = IdxFile.Read(labelsPath, 1);
        return labels.Sizes[0] == pictures.Sizes[0]
            ? (pictures, labels)
            : throw new InvalidInputException($"{DataFile.Shown(labelsPath)}: has {labels.Sizes[0]} labels; allowed are {pictures.Sizes[0]}, one for each picture");
    }

    private static MemoryDataset Dataset(Known known, IdxFile pictures, IdxFile labels) =>
        new(known.Name, known.ClassNames, new PictureSize(pictures.Sizes[1], pictures.Sizes[2]), 1, pictures.Elements, labels.Elements);

    /// <summary>What is known beside the files; statistics may not be.</summary>
    private sealed class Known(string name, ImmutableArray<byte> firstLabels, ImmutableArray<string> classNames, ImageStatistics? statistics)
    {
        public string Name { get; } = name;

        public ImmutableArray<byte> FirstLabels { get; } = firstLabels;

        public ImmutableArray<string> ClassNames { get; } = classNames;

        public ImageStatistics? Statistics { get; } = statistics;
    }
}

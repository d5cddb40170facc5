using System.Collections.Immutable;

namespace ZenNas.Data.Files;

/// <summary>
/// CIFAR-10 and CIFAR-100 in their binary versions (Krizhevsky, 2009): a record holds the label in one byte, or coarse and fine label in two,
/// then 32×32 pixels channel by channel.
/// </summary>
internal static class CifarFiles
{
    private const int Side = 32;
    private const int Channels = 3;
    private const int Plane = Side * Side;
    private const int PictureBytes = Channels * Plane;
    private const int MostFileBytes = 1 << 30;

    private const string TestBatch10 = "test_batch.bin";
    private const string Names10 = "batches.meta.txt";
    private const string Training100 = "train.bin";
    private const string Test100 = "test.bin";
    private const string Names100 = "fine_label_names.txt";

    private static readonly ImmutableArray<string> TrainingBatches10 = [.. Enumerable.Range(1, 5).Select(i => $"data_batch_{i}.bin")];

    private static readonly ImmutableArray<string> Classes10 =
        ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    // Classes that each label byte of a record tells apart; the last byte is the class.
    private static readonly ImmutableArray<int> Labels10 = [10];
    private static readonly ImmutableArray<int> Labels100 = [20, 100];

    /// <summary>The dataset, or null where there is none.</summary>
    public static DatasetPair? Open(string folder) =>
        Open10(folder) ?? Open10(Path.Combine(folder, "cifar-10-batches-bin"))
        ?? Open100(folder) ?? Open100(Path.Combine(folder, "cifar-100-binary"));

    private static DatasetPair? Open10(string folder)
    {
        string[] files = [.. TrainingBatches10, TestBatch10];
        if (!files.Any(file => File.Exists(Path.Combine(folder, file))))
        {
            return null;
        }

        const string Name = "CIFAR-10";
        DataFile.CheckAllThere(Name, folder, files);
        var names = ReadNames(Path.Combine(folder, Names10), Classes10);
        return new DatasetPair(
            Read(Name, names, folder, TrainingBatches10, Labels10), Read(Name, names, folder, [TestBatch10], Labels10), ImageStatistics.Cifar10);
    }

    private static DatasetPair? Open100(string folder)
    {
        string[] files = [Training100, Test100];
        if (!files.Any(file => File.Exists(Path.Combine(folder, file))))
        {
            return null;
        }

        const string Name = "CIFAR-100";
        DataFile.CheckAllThere(Name, folder, files);
        var names = ReadNames(Path.Combine(folder, Names100), ClassNameFile.Numbers(Labels100[^1]));
        return new DatasetPair(
            Read(Name, names, folder, [Training100], Labels100), Read(Name, names, folder, [Test100], Labels100), ImageStatistics.Cifar100);
    }

    private static ImmutableArray<string> ReadNames(string path, ImmutableArray<string> otherwise) =>
        File.Exists(path) ? ClassNameFile.Read(path, otherwise.Length) : otherwise;

    private static MemoryDataset Read(
        string name, ImmutableArray<string> classNames, string folder, ImmutableArray<string> files, ImmutableArray<int> labelRanges)
    {
        var record = labelRanges.Length + PictureBytes;
        var counts = files.Select(file => CountRecords(Path.Combine(folder, file), record)).ToArray();
        if (counts.Sum(count => (long)count * PictureBytes) > Array.MaxLength)
        {
            throw new InvalidInputException(
                $"{DataFile.Shown(folder)}: holds {counts.Sum(count => (long)count)} pictures; allowed are {Array.MaxLength / PictureBytes}");
        }

        var pixels = new byte[counts.Sum() * PictureBytes];
        var labels = new byte[counts.Sum()];
        var done = 0;
        foreach (var (file, count) in files.Zip(counts))
        {
            var path = Path.Combine(folder, file);
            ReadOnlySpan<byte> content = DataFile.Read(path, MostFileBytes);
            for (var i = 0; i < count; i++, done++)
            {
                var bytes = content.Slice(i * record, record);
                labels[done] = ReadLabel(bytes[..labelRanges.Length], labelRanges, path, i);
                Interleave(bytes[labelRanges.Length..], pixels.AsSpan(done * PictureBytes, PictureBytes));
            }
        }

        return new MemoryDataset(name, classNames, new PictureSize(Side, Side), Channels, pixels, labels);
    }

    private static int CountRecords(string path, int record)
    {
        var length = new FileInfo(path).Length;
        return length > 0 && length % record == 0 && length <= MostFileBytes
            ? (int)(length / record)
            : throw new InvalidInputException(
                $"{DataFile.Shown(path)}: has {length} bytes; allowed is a multiple of {record}, the bytes of a picture, up to {MostFileBytes}");
    }

    private static byte ReadLabel(ReadOnlySpan<byte> labels, ImmutableArray<int> ranges, string path, int picture)
    {
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] >= ranges[i])
            {
                throw new InvalidInputException(
                    $"{DataFile.Shown(path)}: the label of picture {picture + 1} is {labels[i]}; allowed is 0 to {ranges[i] - 1}");
            }
        }

        return labels[^1];
    }

    private static void Interleave(ReadOnlySpan<byte> planes, Span<byte> pixels)
    {
        var red = planes[..Plane];
        var green = planes.Slice(Plane, Plane);
        var blue = planes.Slice(2 * Plane, Plane);
        for (var i = 0; i < Plane; i++)
        {
            pixels[3 * i] = red[i];
            pixels[3 * i + 1] = green[i];
            pixels[3 * i + 2] = blue[i];
        }
    }
}

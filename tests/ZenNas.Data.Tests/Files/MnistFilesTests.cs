using System.Buffers.Binary;
using System.IO.Compression;

namespace ZenNas.Data.Tests.Files;

public sealed class MnistFilesTests : IDisposable
{
    private const string TrainingPictures = "train-images-idx3-ubyte";
    private const string TrainingLabels = "train-labels-idx1-ubyte";
    private const string TestPictures = "t10k-images-idx3-ubyte";
    private const string TestLabels = "t10k-labels-idx1-ubyte";

    private static readonly byte[] MnistLabels = [5, 0, 4, 1, 9, 2, 1, 3, 1, 4, 3, 5];
    private static readonly byte[] FashionLabels = [9, 0, 0, 3, 0, 2, 7, 2, 5, 5];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Should_read_pictures_and_labels(bool isCompressed)
    {
        WriteAll(MnistLabels, isCompressed);
        var (training, test, statistics) = DatasetFolder.Open(_folder.Path);
        Assert.Equal(("MNIST", 12, 1, new PictureSize(3, 4)), (training.Name, training.Count, training.Channels, training.Size));
        Assert.Equal(MnistLabels.Select(label => (int)label), Enumerable.Range(0, 12).Select(training.Label));
        Assert.Equal(2, test.Count);
        Assert.Equal(["0", "1"], training.ClassNames.Take(2));
        Assert.Same(ImageStatistics.Mnist, statistics);
        Assert.Equal(Enumerable.Range(5 * 12, 12).Select(i => (byte)(7 * i)), training.Read(5).Pixels.ToArray());
    }

    [Fact]
    public void Should_tell_fashion_mnist_by_its_first_labels()
    {
        WriteAll(FashionLabels, isCompressed: true);
        var (training, _, statistics) = DatasetFolder.Open(_folder.Path);
        Assert.Equal(("Fashion-MNIST", "ankle boot"), (training.Name, training.ClassNames[9]));
        Assert.Same(ImageStatistics.FashionMnist, statistics);
    }

    [Fact]
    public void Should_measure_the_statistics_of_unknown_pictures()
    {
        WriteAll([0, 11, 3], isCompressed: false);
        var (training, _, statistics) = DatasetFolder.Open(_folder.Path);
        Assert.Equal(12, training.ClassNames.Length);
        var values = Enumerable.Range(0, 36).Select(i => (byte)(7 * i) / 255.0).ToArray();
        Assert.Equal(values.Average(), statistics.Mean[0], 1e-6);
        Assert.Equal(Math.Sqrt(values.Sum(v => Math.Pow(v - values.Average(), 2)) / 36), statistics.StandardDeviation[0], 1e-6);
    }

    [Fact]
    public void Should_name_a_missing_file()
    {
        WriteAll(MnistLabels, isCompressed: true);
        File.Delete(_folder[TestLabels + ".gz"]);
        Assert.Contains(TestLabels, Open(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(40)]
    [InlineData(-20)]
    public void Should_name_a_compressed_file_cut_short(int length)
    {
        WriteAll(MnistLabels, isCompressed: true);
        Cut(TrainingPictures + ".gz", length);
        Assert.Contains(TrainingPictures, Open(), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_refuse_a_compressed_file_of_another_checksum()
    {
        WriteAll(MnistLabels, isCompressed: true);
        var content = File.ReadAllBytes(_folder[TrainingPictures + ".gz"]);
        content[^8] ^= 1;
        File.WriteAllBytes(_folder[TrainingPictures + ".gz"], content);
        Assert.Contains("isn't a whole gzip file", Open(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(15)]
    [InlineData(-1)]
    public void Should_name_a_plain_file_cut_short(int length)
    {
        WriteAll(MnistLabels, isCompressed: false);
        Cut(TrainingPictures, length);
        Assert.Contains(TrainingPictures, Open(), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_refuse_what_is_not_gzip()
    {
        WriteAll(MnistLabels, isCompressed: true);
        File.WriteAllText(_folder[TestPictures + ".gz"], "no gzip at all, but long enough for a header");
        Assert.Contains("isn't a whole gzip file", Open(), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_refuse_another_format()
    {
        WriteAll(MnistLabels, isCompressed: false);
        Write(TestPictures, Idx([12], MnistLabels), isCompressed: false);
        Assert.Contains("begins with 00000801; allowed is 00000803", Open(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(60_000, 28, 28)]
    [InlineData(int.MaxValue, int.MaxValue, int.MaxValue)]
    [InlineData(-1, 28, 28)]
    [InlineData(0, 28, 28)]
    public void Should_refuse_sizes_that_the_file_cannot_have_without_reserving_memory(int count, int height, int width)
    {
        WriteAll(MnistLabels, isCompressed: true);
        Write(TrainingPictures, Idx([count, height, width], new byte[100]), isCompressed: true);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains($"{count}×{height}×{width}", Open(), StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Fact]
    public void Should_refuse_more_than_the_header_says()
    {
        WriteAll(MnistLabels, isCompressed: false);
        Write(TestLabels, Idx([2], [1, 2, 3]), isCompressed: false);
        Assert.Contains("goes on after", Open(), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_refuse_more_labels_than_pictures()
    {
        WriteAll(MnistLabels, isCompressed: false);
        Write(TestLabels, Idx([3], [1, 2, 3]), isCompressed: false);
        Assert.Contains("has 3 labels; allowed are 2", Open(), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_refuse_test_pictures_of_another_size()
    {
        WriteAll(MnistLabels, isCompressed: false);
        Write(TestPictures, Idx([2, 4, 3], new byte[24]), isCompressed: false);
        Assert.Contains("4×3; allowed is 3×4", Open(), StringComparison.Ordinal);
    }

    private static byte[] Idx(int[] sizes, byte[] elements)
    {
        var header = new byte[4 + 4 * sizes.Length];
        (header[2], header[3]) = (8, (byte)sizes.Length);
        foreach (var (i, size) in sizes.Index())
        {
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + 4 * i), size);
        }

        return [.. header, .. elements];
    }

    private void WriteAll(byte[] labels, bool isCompressed)
    {
        Write(TrainingPictures, Idx([labels.Length, 3, 4], [.. Enumerable.Range(0, labels.Length * 12).Select(i => (byte)(7 * i))]), isCompressed);
        Write(TrainingLabels, Idx([labels.Length], labels), isCompressed);
        Write(TestPictures, Idx([2, 3, 4], [.. Enumerable.Range(0, 24).Select(i => (byte)i)]), isCompressed);
        Write(TestLabels, Idx([2], [0, 1]), isCompressed);
    }

    private void Write(string name, byte[] content, bool isCompressed)
    {
        if (!isCompressed)
        {
            File.WriteAllBytes(_folder[name], content);
            return;
        }

        using var stream = new GZipStream(File.Create(_folder[name + ".gz"]), CompressionLevel.Fastest);
        stream.Write(content);
    }

    /// <summary>Cuts a file to a length, or, where that is negative, by so many bytes.</summary>
    private void Cut(string name, int length)
    {
        var content = File.ReadAllBytes(_folder[name]);
        File.WriteAllBytes(_folder[name], content[..(length < 0 ? content.Length + length : length)]);
    }

    private string Open() => Sentence.Of(() => DatasetFolder.Open(_folder.Path));
}

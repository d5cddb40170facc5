namespace ZenNas.Data.Tests.Files;

public sealed class CifarFilesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("cifar-10-batches-bin")]
    public void Should_read_cifar_10(string subfolder)
    {
        CifarSamples.Write10(_folder[subfolder]);
        var (training, test, statistics) = DatasetFolder.Open(_folder.Path);
        Assert.Equal(("CIFAR-10", 10, 3, new PictureSize(32, 32)), (training.Name, training.Count, training.Channels, training.Size));
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], Enumerable.Range(0, 10).Select(training.Label));
        Assert.Equal([0, 1], Enumerable.Range(0, test.Count).Select(test.Label));
        Assert.Equal(["airplane", "automobile", "bird"], training.ClassNames.Take(3));
        Assert.Equal(10, test.ClassNames.Length);
        Assert.Same(ImageStatistics.Cifar10, statistics);
        AssertIsNumber(7, training.Read(7));
        AssertIsNumber(11, test.Read(1));
    }

    [Fact]
    public void Should_take_names_from_the_file_that_comes_with_cifar_10()
    {
        CifarSamples.Write10(_folder.Path);
        File.WriteAllText(_folder["batches.meta.txt"], string.Join('\n', Enumerable.Range(0, 10).Select(i => $"name {i}")) + "\n\n");
        Assert.Equal("name 9", DatasetFolder.Open(_folder.Path).Training.ClassNames[9]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("cifar-100-binary")]
    public void Should_read_cifar_100_by_its_fine_labels(string subfolder)
    {
        CifarSamples.Write100(_folder[subfolder]);
        var (training, test, statistics) = DatasetFolder.Open(_folder.Path);
        Assert.Equal("CIFAR-100", training.Name);
        Assert.Equal([99, 0, 42], Enumerable.Range(0, training.Count).Select(training.Label));
        Assert.Equal(7, test.Label(0));
        Assert.Equal("fine_99", training.ClassNames[99]);
        Assert.Same(ImageStatistics.Cifar100, statistics);
        AssertIsNumber(2, training.Read(2));
        AssertIsNumber(3, test.Read(0));
    }

    [Fact]
    public void Should_name_a_missing_file()
    {
        CifarSamples.Write10(_folder.Path);
        File.Delete(_folder["data_batch_4.bin"]);
        Assert.Contains("data_batch_4.bin", Open(), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_name_a_file_cut_short()
    {
        CifarSamples.Write10(_folder.Path);
        using (var file = File.OpenWrite(_folder["data_batch_2.bin"]))
        {
            file.SetLength(file.Length - 1);
        }

        Assert.Contains("data_batch_2.bin: has 6145 bytes; allowed is a multiple of 3073", Open(), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_name_an_empty_file()
    {
        CifarSamples.Write100(_folder.Path);
        File.WriteAllBytes(_folder["test.bin"], []);
        Assert.Contains("test.bin: has 0 bytes", Open(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 20)]
    [InlineData(1, 100)]
    public void Should_name_the_picture_of_a_wrong_label(int labelByte, int label)
    {
        CifarSamples.Write100(_folder.Path);
        var content = File.ReadAllBytes(_folder["train.bin"]);
        content[3074 + labelByte] = (byte)label;
        File.WriteAllBytes(_folder["train.bin"], content);
        Assert.Contains($"train.bin: the label of picture 2 is {label}; allowed is 0 to {label - 1}", Open(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("one\ntwo\n", "has 2 names")]
    [InlineData("1\n2\n3\n4\n5\n6\n7\n8\n9\nt\u0007n\n", "t?n")]
    public void Should_refuse_names_that_cannot_be_used(string names, string part)
    {
        CifarSamples.Write10(_folder.Path);
        File.WriteAllText(_folder["batches.meta.txt"], names);
        Assert.Contains(part, Open(), StringComparison.Ordinal);
    }

    private static void AssertIsNumber(int number, Picture picture)
    {
        for (var i = 0; i < 3 * 32 * 32; i++)
        {
            var (y, x, c) = (i / 3 / 32, i / 3 % 32, i % 3);
            Assert.Equal(CifarSamples.Value(number, y, x, c), picture.At(y, x, c));
        }
    }

    private string Open() => Sentence.Of(() => DatasetFolder.Open(_folder.Path));
}

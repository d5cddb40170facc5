using SkiaSharp;

namespace ZenNas.Data.Tests.Files;

public sealed class PictureFoldersTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("val")]
    [InlineData("test")]
    public void Should_read_a_folder_for_each_class(string test)
    {
        Write("train/cat/b.png", 1);
        Write("train/cat/a.JPEG", 2, SKEncodedImageFormat.Jpeg);
        Write("train/Zebra/images/deeper.jpg", 3, SKEncodedImageFormat.Jpeg);
        Write("train/ant/x.png", 4);
        File.WriteAllText(_folder["train/ant/readme.txt"], "no picture");
        Write(test + "/cat/c.png", 5);
        var (training, testing, statistics) = DatasetFolder.Open(_folder.Path);
        Assert.Equal(["Zebra", "ant", "cat"], training.ClassNames);
        Assert.Equal([0, 1, 2, 2], Enumerable.Range(0, training.Count).Select(training.Label));
        Assert.Equal([2], Enumerable.Range(0, testing.Count).Select(testing.Label));
        Assert.Equal((3, null), (training.Channels, training.Size));
        Assert.Same(ImageStatistics.ImageNet, statistics);
        Assert.Equal(Sample(4).Pixels.ToArray(), training.Read(1).Pixels.ToArray());
        Assert.Equal(Sample(1).Pixels.ToArray(), training.Read(3).Pixels.ToArray());
        Assert.Equal(Sample(5).Pixels.ToArray(), testing.Read(0).Pixels.ToArray());
    }

    [Fact]
    public void Should_name_a_broken_picture_when_it_is_read()
    {
        Write("train/cat/good.png", 1);
        Write("val/cat/good.png", 1);
        File.WriteAllText(_folder["train/cat/broken.png"], "no picture");
        var training = DatasetFolder.Open(_folder.Path).Training;
        Assert.Contains("broken.png", Assert.Throws<BrokenPictureException>(() => training.Read(0)).Message, StringComparison.Ordinal);
        Assert.Equal(Sample(1).Pixels.ToArray(), training.Read(1).Pixels.ToArray());
    }

    [Fact]
    public void Should_refuse_a_class_that_training_does_not_know()
    {
        Write("train/cat/a.png", 1);
        Write("val/dog/a.png", 1);
        Assert.Contains("holds the class 'dog'", Open(), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_refuse_a_class_without_pictures()
    {
        Write("train/cat/a.png", 1);
        Write("val/cat/a.png", 1);
        Directory.CreateDirectory(_folder["train/dog"]);
        Assert.Contains("dog: holds no picture", Open(), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_refuse_training_pictures_alone()
    {
        Write("train/cat/a.png", 1);
        Assert.Contains("val or test", Open(), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_refuse_pictures_without_classes()
    {
        Write("train/a.png", 1);
        Write("val/a.png", 1);
        Assert.Contains("holds 0 folders of classes", Open(), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_say_what_was_looked_for_where_nothing_is()
    {
        var message = Open();
        Assert.All(
            ["data_batch_1.bin", "train.bin", "train-images-idx3-ubyte.gz", "train/CLASS"], name => Assert.Contains(name, message, StringComparison.Ordinal));
        Assert.Contains("isn't a folder", Sentence.Of(() => DatasetFolder.Open(_folder["missing\nfolder"])), StringComparison.Ordinal);
    }

    private static Picture Sample(ulong seed) => SamplePictures.Random(6, 8, 3, seed);

    private void Write(string path, ulong seed, SKEncodedImageFormat format = SKEncodedImageFormat.Png)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[path])!);
        File.WriteAllBytes(_folder[path], EncodedPictures.Of(Sample(seed), format));
    }

    private string Open() => Sentence.Of(() => DatasetFolder.Open(_folder.Path));
}

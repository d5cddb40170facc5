using SkiaSharp;
using ZenNas.Data.Augmentation;

namespace ZenNas.Data.Tests;

public sealed class ContactSheetTests
{
    private static readonly AugmentationSettings All = new()
    {
        Resolution = 16,
        Pad = 2,
        Flip = true,
        AutoAugment = AutoAugmentPolicy.Cifar,
        PcaLighting = 0.1,
        ErasingProbability = 0.2,
    };

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Should_show_a_row_for_each_augmentation_and_one_for_all(int channels)
    {
        var rows = ContactSheet.RowNames(All);
        Assert.Equal(["pad and crop", "flip", "AutoAugment", "PCA lighting", "erasing", "all"], rows);
        var dataset = new SampleDataset(count: 10, side: 16, channels);
        var png = ContactSheet.Png(dataset, All, pictures: 2, draws: 3, seed: 1);
        using var sheet = SKBitmap.Decode(png);
        // Cells are six times as large as the pictures, and 4 pixels apart.
        Assert.Equal((4 + 4 * 100, 4 + 2 * (6 * 100 + 16) - 16), (sheet.Width, sheet.Height));
        for (var row = 0; row < 6; row++)
        {
            AssertShows(dataset.Read(0), sheet, top: 4 + 100 * row, left: 4);
            AssertShows(dataset.Read(5), sheet, top: 4 + 616 + 100 * row, left: 4);
        }

        Assert.Equal(png, ContactSheet.Png(dataset, All, pictures: 2, draws: 3, seed: 1));
        Assert.NotEqual(png, ContactSheet.Png(dataset, All, pictures: 2, draws: 3, seed: 2));
    }

    [Fact]
    public void Should_refuse_what_would_be_too_large()
    {
        var settings = new AugmentationSettings { Resolution = 1024, RandomResizedCrop = true };
        Assert.Contains("the sheet would have", Sentence.Of(() => ContactSheet.Png(new SampleDataset(4), settings, pictures: 1, draws: 60)), StringComparison.Ordinal);
        Assert.Contains("number of draws is 0", Sentence.Of(() => ContactSheet.Png(new SampleDataset(4), settings, draws: 0)), StringComparison.Ordinal);
    }

    private static void AssertShows(Picture picture, SKBitmap sheet, int top, int left)
    {
        for (var y = 0; y < 16; y++)
        {
            for (var x = 0; x < 16; x++)
            {
                var shown = sheet.GetPixel(left + 6 * x + 5, top + 6 * y);
                var last = picture.Channels - 1;
                Assert.Equal(
                    (picture.At(y, x, 0), picture.At(y, x, last / 2), picture.At(y, x, last)), (shown.Red, shown.Green, shown.Blue));
            }
        }
    }
}

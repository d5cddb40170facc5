using System.Collections.Immutable;
using ZenNas.Data;
using ZenNas.Search;

namespace ZenNas.Training.Tests;

/// <summary>Pictures that can be learnt: stripes whose width and direction are the class, under noise.</summary>
internal sealed class StripedPictures(int count, int size, ulong seed) : IImageDataset
{
    private const int Classes = 10;

    public string Name => "stripes";

    public int Count => count;

    public int Channels => 1;

    public PictureSize? Size => new PictureSize(size, size);

    public ImmutableArray<string> ClassNames { get; } = [.. Enumerable.Range(0, Classes).Select(i => $"class {i}")];

    public static DatasetPair Pair(int training, int test, int size) =>
        new(new StripedPictures(training, size, 1), new StripedPictures(test, size, 2), ImageStatistics.FashionMnist);

    public int Label(int index) => index % Classes;

    public Picture Read(int index)
    {
        var random = new StepRandom(seed, (ulong)index);
        var (period, isVertical, phase) = (2 + Label(index) % 5, Label(index) >= 5, random.Next(8));
        var pixels = new byte[size * size];
        for (var i = 0; i < pixels.Length; i++)
        {
            var along = phase + (isVertical ? i % size : i / size);
            pixels[i] = (byte)((along / period % 2 == 0 ? 170 : 30) + random.Next(60));
        }

        return new Picture(size, size, 1, pixels);
    }
}

using System.Collections.Immutable;

namespace ZenNas.Data.Tests;

/// <summary>Random pictures; the label of each is its index, so that it can be followed. Some may be broken.</summary>
internal sealed class SampleDataset : IImageDataset
{
    private readonly int _side;
    private readonly ImmutableHashSet<int> _broken;

    public SampleDataset(int count, int side = 8, int channels = 3, params int[] broken)
    {
        (Count, _side, Channels, _broken) = (count, side, channels, [.. broken]);
        ClassNames = [.. Enumerable.Range(0, count).Select(i => $"class {i}")];
    }

    public string Name => "sample";

    public int Count { get; }

    public int Channels { get; }

    public PictureSize? Size => new(_side, _side);

    public ImmutableArray<string> ClassNames { get; }

    public int Label(int index) => index;

    public Picture Read(int index) => _broken.Contains(index)
        ? throw new BrokenPictureException($"picture-{index}.jpg: is broken; allowed is a whole picture")
        : SamplePictures.Random(_side, _side, Channels, (ulong)index);
}

using System.Collections.Immutable;

namespace ZenNas.Data.Files;

/// <summary>Pictures of one size, all in memory.</summary>
internal sealed class MemoryDataset : IImageDataset
{
    private readonly PictureSize _size;
    private readonly byte[] _pixels;
    private readonly byte[] _labels;

    /// <param name="name">The name.</param>
    /// <param name="classNames">Names of the classes.</param>
    /// <param name="size">Size of each picture.</param>
    /// <param name="channels">Channels of each picture.</param>
    /// <param name="pixels">Shape (count, height, width, channels); kept, not copied.</param>
    /// <param name="labels">Labels, each that of a class; kept, not copied.</param>
    public MemoryDataset(string name, ImmutableArray<string> classNames, PictureSize size, int channels, byte[] pixels, byte[] labels) =>
        (Name, ClassNames, _size, Channels, _pixels, _labels) = (name, classNames, size, channels, pixels, labels);

    public string Name { get; }

    public int Count => _labels.Length;

    public int Channels { get; }

    public PictureSize? Size => _size;

    public ImmutableArray<string> ClassNames { get; }

    public int Label(int index) => _labels[index];

    public Picture Read(int index)
    {
        var bytes = _size.Height * _size.Width * Channels;
        return new Picture(_size.Height, _size.Width, Channels, _pixels.AsMemory(index * bytes, bytes));
    }
}

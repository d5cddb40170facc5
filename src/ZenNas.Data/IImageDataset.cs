using System.Collections.Immutable;

namespace ZenNas.Data;

/// <summary>Pictures with labels. Immutable; every member can be called from many threads at once.</summary>
public interface IImageDataset
{
    /// <summary>Name as a user reads it, for example <c>CIFAR-10</c>.</summary>
    string Name { get; }

    /// <summary>Number of pictures, at least 1.</summary>
    int Count { get; }

    /// <summary>Channels of every picture: 1 or 3.</summary>
    int Channels { get; }

    /// <summary>Size that every picture has, or null where sizes differ.</summary>
    PictureSize? Size { get; }

    /// <summary>Names of the classes, by label.</summary>
    ImmutableArray<string> ClassNames { get; }

    /// <summary>Class of a picture, from 0.</summary>
    int Label(int index);

    /// <summary>The picture.</summary>
    /// <exception cref="BrokenPictureException">Its file can't be read.</exception>
    Picture Read(int index);
}

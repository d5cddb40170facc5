namespace ZenNas.Data.Loading;

/// <summary>
/// A batch of pictures for a network. Its arrays are used again: what is in them is valid until the next batch is asked for, and may be changed
/// until then.
/// </summary>
public sealed class ImageBatch
{
    internal ImageBatch(int batchSize, int resolution, int channels)
    {
        (Resolution, Channels) = (resolution, channels);
        Images = new float[batchSize * resolution * resolution * channels];
        Labels = new int[batchSize];
        OtherLabels = new int[batchSize];
    }

    /// <summary>Pictures in the batch; arrays are longer where it isn't a full one.</summary>
    public int Count { get; internal set; }

    /// <summary>Height and width of each picture in pixels.</summary>
    public int Resolution { get; }

    /// <summary>Channels of each picture.</summary>
    public int Channels { get; }

    /// <summary>Normalised values of shape (at least count, resolution, resolution, channels), row-major.</summary>
    public float[] Images { get; }

    /// <summary>Class of each picture.</summary>
    public int[] Labels { get; }

    /// <summary>With mixup the class of the picture that was mixed in; otherwise the same as <see cref="Labels"/>.</summary>
    public int[] OtherLabels { get; }

    /// <summary>Share of the picture itself and of <see cref="Labels"/> in the mix, 0 to 1; 1 without mixup.</summary>
    public float Lambda { get; internal set; } = 1;

    internal Span<float> Picture(int index)
    {
        var length = Resolution * Resolution * Channels;
        return Images.AsSpan(index * length, length);
    }
}

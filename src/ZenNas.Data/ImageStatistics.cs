using System.Collections.Immutable;

namespace ZenNas.Data;

/// <summary>Mean and standard deviation of the values of each channel, where 0 is black and 1 is white; immutable.</summary>
public sealed class ImageStatistics
{
    private const double White = byte.MaxValue;
    private const int Levels = byte.MaxValue + 1;

    /// <summary>Makes statistics of numbers.</summary>
    /// <param name="mean">Mean of each of 1 or 3 channels, 0 to 1.</param>
    /// <param name="standardDeviation">Standard deviation of each, above 0 and at most 1.</param>
    /// <exception cref="ArgumentException">The numbers aren't such.</exception>
    public ImageStatistics(ImmutableArray<float> mean, ImmutableArray<float> standardDeviation)
    {
        if (mean.IsDefault || mean.Length is not (1 or 3) || !mean.All(value => value is >= 0 and <= 1))
        {
            throw new ArgumentException("there have to be 1 or 3 means of 0 to 1", nameof(mean));
        }

        if (standardDeviation.IsDefault || standardDeviation.Length != mean.Length || !standardDeviation.All(value => value is > 0 and <= 1))
        {
            throw new ArgumentException("there have to be as many deviations as means, above 0 and at most 1", nameof(standardDeviation));
        }

        (Mean, StandardDeviation) = (mean, standardDeviation);
    }

    /// <summary>CIFAR-10, training part.</summary>
    public static ImageStatistics Cifar10 { get; } = new([0.4914f, 0.4822f, 0.4465f], [0.2470f, 0.2435f, 0.2616f]);

    /// <summary>CIFAR-100, training part.</summary>
    public static ImageStatistics Cifar100 { get; } = new([0.5071f, 0.4865f, 0.4409f], [0.2673f, 0.2564f, 0.2762f]);

    /// <summary>MNIST, training part.</summary>
    public static ImageStatistics Mnist { get; } = new([0.1307f], [0.3081f]);

    /// <summary>Fashion-MNIST, training part.</summary>
    public static ImageStatistics FashionMnist { get; } = new([0.2860f], [0.3530f]);

    /// <summary>ImageNet-1k; usual for any photographs.</summary>
    public static ImageStatistics ImageNet { get; } = new([0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]);

    /// <summary>Mean of each channel.</summary>
    public ImmutableArray<float> Mean { get; }

    /// <summary>Standard deviation of each channel.</summary>
    public ImmutableArray<float> StandardDeviation { get; }

    /// <summary>Statistics of all pixels of a dataset. Every picture is read once. A channel of one value only gets a deviation of 1.</summary>
    /// <exception cref="BrokenPictureException">A picture can't be read.</exception>
    public static ImageStatistics Measure(IImageDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        var counts = new long[dataset.Channels][];
        for (var c = 0; c < counts.Length; c++)
        {
            counts[c] = new long[Levels];
        }

        for (var i = 0; i < dataset.Count; i++)
        {
            Add(dataset.Read(i), counts);
        }

        var statistics = counts.Select(Measure).ToArray();
        return new ImageStatistics([.. statistics.Select(s => s.Mean)], [.. statistics.Select(s => s.Deviation)]);
    }

    private static void Add(Picture picture, long[][] counts)
    {
        var pixels = picture.Pixels.Span;
        for (var c = 0; c < counts.Length; c++)
        {
            var channel = counts[c];
            for (var i = c; i < pixels.Length; i += counts.Length)
            {
                channel[pixels[i]]++;
            }
        }
    }

    private static (float Mean, float Deviation) Measure(long[] counts)
    {
        double pixels = counts.Sum();
        var mean = counts.Select((count, level) => count * level / White).Sum() / pixels;
        var variance = counts.Select((count, level) => count * (level / White - mean) * (level / White - mean)).Sum() / pixels;
        return ((float)mean, variance > 0 ? (float)Math.Sqrt(variance) : 1);
    }
}

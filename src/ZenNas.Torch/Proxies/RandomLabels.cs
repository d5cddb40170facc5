using ZenNas.Search;

namespace ZenNas.Torch.Proxies;

/// <summary>Labels of random images.</summary>
internal static class RandomLabels
{
    // Keeps labels apart from weights and images, which start at number 0 of the same seed.
    private const ulong Purpose = 1;

    /// <summary>Uniform over the classes.</summary>
    public static long[] Draw(int classes, int count, ulong seed)
    {
        var random = new StepRandom(seed, Purpose);
        var labels = new long[count];
        for (var i = 0; i < count; i++)
        {
            labels[i] = random.Next(classes);
        }

        return labels;
    }
}

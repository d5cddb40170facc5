namespace ZenNas.Data.Loading;

/// <summary>How batches are made.</summary>
public sealed record BatchLoaderSettings
{
    private const int MostBatchSize = 65_536;
    private const int MostWorkers = 256;
    private const int MostBatchesAhead = 64;
    private const double LeastMixupAlpha = 1e-3;
    private const double MostMixupAlpha = 100;

    /// <summary>Pictures in a batch.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Channels that the network takes: those of the dataset, or 3 for a dataset of grey pictures, which are then repeated.</summary>
    public required int InputChannels { get; init; }

    /// <summary>Seed of order, augmentation and mixup.</summary>
    public ulong Seed { get; init; }

    /// <summary>Threads that prepare batches. Their number has no influence on what is in a batch.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Batches that are prepared, or being prepared, while another is used.</summary>
    public int BatchesAhead { get; init; } = 4;

    /// <summary>α of mixup (Zhang et al., 2018), whose share is drawn from Beta(α, α) for each batch; 0 for none.</summary>
    public double MixupAlpha { get; init; }

    /// <summary>What is done about pictures that can't be read.</summary>
    public BrokenPictureHandling BrokenPictures { get; init; }

    /// <summary>Throws where a setting can't be used.</summary>
    /// <exception cref="InvalidInputException">A number lies outside its range.</exception>
    public void Check()
    {
        Guard.InRange(BatchSize, 1, MostBatchSize, "batch size");
        Guard.OneOf(InputChannels, [1, 3], "number of input channels");
        Guard.InRange(Workers, 1, MostWorkers, "number of loading threads");
        Guard.InRange(BatchesAhead, 1, MostBatchesAhead, "number of batches ahead");
        if (MixupAlpha != 0)
        {
            Guard.InRange(MixupAlpha, LeastMixupAlpha, MostMixupAlpha, "mixup's alpha, where it isn't 0,");
        }
    }
}

using System.Collections.Immutable;
using ZenNas.Data.Augmentation;

namespace ZenNas.Data.Loading;

/// <summary>
/// Batches of one part of a dataset, prepared ahead by worker threads and handed out in order. What is in a batch depends on dataset, settings,
/// seed, epoch and the batch's position alone, neither on the number of threads nor on what was enumerated before.
/// </summary>
public sealed class BatchLoader
{
    private const long MostNumbers = 1 << 28;

    private readonly IImageDataset _dataset;
    private readonly AugmentationSettings _augmentation;
    private readonly ImageStatistics _statistics;
    private readonly BatchLoaderSettings _settings;
    private readonly PictureSource _source;

    /// <summary>Prepares nothing yet.</summary>
    /// <param name="dataset">The pictures.</param>
    /// <param name="augmentation">How each picture is prepared.</param>
    /// <param name="statistics">Statistics that pictures are normalised by; those of <see cref="DatasetPair.Statistics"/>.</param>
    /// <param name="settings">How batches are made.</param>
    /// <exception cref="InvalidInputException">Settings can't be used, or don't fit the dataset.</exception>
    public BatchLoader(IImageDataset dataset, AugmentationSettings augmentation, ImageStatistics statistics, BatchLoaderSettings settings)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(augmentation);
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(settings);
        augmentation.Check();
        settings.Check();
        Check(dataset, augmentation, statistics, settings);
        (_dataset, _augmentation, _statistics, _settings) = (dataset, augmentation, statistics, settings);
        _source = new PictureSource(dataset, settings.BrokenPictures);
    }

    /// <summary>Batches of an epoch; the incomplete last one is dropped.</summary>
    public int TrainingBatches => _dataset.Count / _settings.BatchSize;

    /// <summary>Batches of an evaluation of all pictures; the last one may be smaller.</summary>
    public int EvaluationBatches => (_dataset.Count - 1) / _settings.BatchSize + 1;

    /// <summary>
    /// A sentence for each broken picture that was skipped so far, in the order of the dataset. Pictures of batches that are being prepared may be among them.
    /// </summary>
    public ImmutableArray<string> BrokenPictures => _source.Broken;

    /// <summary>Full batches of pictures in an order of their own for each epoch, changed at random. Leaving the enumeration early ends the work.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="cancellation">Ends the enumeration.</param>
    /// <exception cref="InvalidInputException">There are fewer pictures than a batch needs, or a picture can't be read.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IEnumerable<ImageBatch> TrainingEpoch(int epoch, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        if (TrainingBatches == 0)
        {
            throw new InvalidInputException($"batch size is {_settings.BatchSize}; allowed are at most the {_dataset.Count} pictures of {_dataset.Name}");
        }

        return TrainingBatchesOf(epoch, cancellation);
    }

    /// <summary>Batches of all pictures in the order of the dataset, unchanged but for their size. Leaving the enumeration early ends the work.</summary>
    /// <param name="cancellation">Ends the enumeration.</param>
    /// <exception cref="InvalidInputException">A picture can't be read.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IEnumerable<ImageBatch> EvaluationPass(CancellationToken cancellation = default) => Prefetch(
        EvaluationBatches,
        maker => (number, batch, stop) => maker.Evaluate(_dataset, number, batch, stop),
        cancellation).Where(batch => batch.Count > 0);

    private IEnumerable<ImageBatch> TrainingBatchesOf(int epoch, CancellationToken cancellation)
    {
        var order = Randomness.OrderOfEpoch(_dataset.Count, _settings.Seed, epoch);
        var batches = Prefetch(TrainingBatches, maker => (number, batch, stop) => maker.Train(order, epoch, number, batch, stop), cancellation);
        foreach (var batch in batches)
        {
            yield return batch;
        }
    }

    private IEnumerable<ImageBatch> Prefetch(int count, Func<BatchMaker, OrderedPrefetch<ImageBatch>.Fill> fill, CancellationToken cancellation) =>
        OrderedPrefetch<ImageBatch>.Run(
            count,
            _settings.BatchesAhead,
            _settings.Workers,
            () => new ImageBatch(_settings.BatchSize, _augmentation.Resolution, _settings.InputChannels),
            () => fill(new BatchMaker(
                _source, _settings, new PicturePipeline(_augmentation, _statistics, _dataset.Size, _settings.InputChannels))),
            cancellation);

    private static void Check(IImageDataset dataset, AugmentationSettings augmentation, ImageStatistics statistics, BatchLoaderSettings settings)
    {
        if (statistics.Mean.Length != dataset.Channels)
        {
            throw new ArgumentException($"there are statistics of {statistics.Mean.Length} channels for pictures of {dataset.Channels}", nameof(statistics));
        }

        if (settings.InputChannels < dataset.Channels)
        {
            throw new InvalidInputException($"number of input channels is {settings.InputChannels}; allowed for {dataset.Name} are {dataset.Channels}");
        }

        if (augmentation.PcaLighting > 0 && settings.InputChannels != 3)
        {
            throw new InvalidInputException($"number of input channels is {settings.InputChannels}; allowed with PCA lighting are 3");
        }

        var numbers = (long)settings.BatchSize * augmentation.Resolution * augmentation.Resolution * settings.InputChannels;
        if (numbers > MostNumbers)
        {
            throw new InvalidInputException(
                $"a batch of {settings.BatchSize} pictures of resolution {augmentation.Resolution} has {numbers} numbers; allowed are {MostNumbers}");
        }
    }
}

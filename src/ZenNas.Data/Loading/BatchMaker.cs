using ZenNas.Data.Augmentation;

namespace ZenNas.Data.Loading;

/// <summary>Fills batches, for one thread. What gets into one depends on seed, epoch and number alone.</summary>
internal sealed class BatchMaker
{
    private readonly PictureSource _source;
    private readonly BatchLoaderSettings _settings;
    private readonly PicturePipeline _pipeline;

    public BatchMaker(PictureSource source, BatchLoaderSettings settings, PicturePipeline pipeline) =>
        (_source, _settings, _pipeline) = (source, settings, pipeline);

    /// <summary>Fills a batch for training.</summary>
    /// <param name="order">The epoch's order of the pictures.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="number">Number of the batch in the epoch.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="cancellation">Ends the work early.</param>
    public void Train(ReadOnlySpan<int> order, int epoch, int number, ImageBatch batch, CancellationToken cancellation)
    {
        batch.Count = _settings.BatchSize;
        for (var i = 0; i < batch.Count; i++)
        {
            var index = order[number * _settings.BatchSize + i];
            var (picture, label) = _source.ReadOrNext(index, cancellation);
            _pipeline.Train(picture, Randomness.OfPicture(_settings.Seed, epoch, index), batch.Picture(i));
            batch.Labels[i] = batch.OtherLabels[i] = label;
        }

        if (_settings.MixupAlpha > 0)
        {
            var random = Randomness.OfMixup(_settings.Seed, epoch, number);
            Mixup.Apply(batch, _settings.MixupAlpha, ref random);
        }
    }

    /// <summary>Fills a batch with pictures in the order of the dataset.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="number">Number of the batch.</param>
    /// <param name="batch">The batch; holds fewer pictures, or none, where some are broken and skipped.</param>
    /// <param name="cancellation">Ends the work early.</param>
    public void Evaluate(IImageDataset dataset, int number, ImageBatch batch, CancellationToken cancellation)
    {
        var begin = number * _settings.BatchSize;
        var end = (int)Math.Min((long)begin + _settings.BatchSize, dataset.Count);
        batch.Count = 0;
        for (var index = begin; index < end; index++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (_source.Read(index) is { } picture)
            {
                _pipeline.Evaluate(picture, batch.Picture(batch.Count));
                batch.Labels[batch.Count] = batch.OtherLabels[batch.Count] = dataset.Label(index);
                batch.Count++;
            }
        }
    }
}

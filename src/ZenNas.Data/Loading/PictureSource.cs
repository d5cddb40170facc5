using System.Collections.Immutable;

namespace ZenNas.Data.Loading;

/// <summary>Reads pictures of a dataset for many threads, and remembers the broken ones where they are skipped.</summary>
internal sealed class PictureSource
{
    private readonly IImageDataset _dataset;
    private readonly BrokenPictureHandling _handling;
    private readonly SortedDictionary<int, string> _broken = [];
    private readonly Lock _gate = new();

    public PictureSource(IImageDataset dataset, BrokenPictureHandling handling) => (_dataset, _handling) = (dataset, handling);

    /// <summary>A sentence for each broken picture met so far, in the order of the dataset.</summary>
    public ImmutableArray<string> Broken
    {
        get
        {
            lock (_gate)
            {
                return [.. _broken.Values];
            }
        }
    }

    /// <summary>The picture, or null where it is broken and skipped.</summary>
    /// <exception cref="BrokenPictureException">It is broken and not skipped.</exception>
    public Picture? Read(int index)
    {
        try
        {
            return _dataset.Read(index);
        }
        catch (BrokenPictureException e) when (_handling == BrokenPictureHandling.Skip)
        {
            lock (_gate)
            {
                _broken.TryAdd(index, e.Message);
            }

            return null;
        }
    }

    /// <summary>The picture and its class, or those of the next good one of the dataset; the first follows the last.</summary>
    /// <exception cref="InvalidInputException">There is no good one, or it is broken and not skipped.</exception>
    public (Picture Picture, int Label) ReadOrNext(int index, CancellationToken cancellation)
    {
        for (var i = 0; i < _dataset.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var at = (int)(((long)index + i) % _dataset.Count);
            if (Read(at) is { } picture)
            {
                return (picture, _dataset.Label(at));
            }
        }

        throw new InvalidInputException($"{_dataset.Name}: none of {_dataset.Count} pictures can be read; allowed is a dataset with at least one");
    }
}

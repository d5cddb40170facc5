using System.Collections.Immutable;
using ZenNas.Data;
using ZenNas.Data.Augmentation;
using ZenNas.Data.Loading;
using ZenNas.Torch;
using ZenNas.Weights;
using static TorchSharp.torch;

namespace ZenNas.Training;

/// <summary>How well a network tells pictures apart.</summary>
public sealed class Accuracy
{
    internal Accuracy(int images, double top1, double top5, double loss, ImmutableArray<ImmutableArray<int>> confusion) =>
        (Images, Top1, Top5, Loss, Confusion) = (images, top1, top5, loss, confusion);

    /// <summary>Pictures.</summary>
    public int Images { get; }

    /// <summary>Share of pictures whose class is the network's first guess, 0 to 1.</summary>
    public double Top1 { get; }

    /// <summary>Share of pictures whose class is among its first five guesses, 0 to 1.</summary>
    public double Top5 { get; }

    /// <summary>Mean cross-entropy in nats.</summary>
    public double Loss { get; }

    /// <summary>Pictures of each class (row) that were taken for each class (column).</summary>
    public ImmutableArray<ImmutableArray<int>> Confusion { get; }
}

/// <summary>How an evaluation runs.</summary>
/// <param name="Batch">Pictures at once.</param>
/// <param name="Threads">Threads of torch.</param>
/// <param name="Device">Torch device.</param>
/// <param name="BrokenPictures">What to do about pictures that can't be read.</param>
/// <param name="Crop">Share of the shorter side that is evaluated; null for 1 where pictures have the network's size, otherwise 0.875.</param>
public sealed record EvaluationSettings(int Batch, int Threads, string Device, BrokenPictureHandling BrokenPictures, double? Crop);

/// <summary>Evaluates weights on pictures.</summary>
public static class NetworkEvaluation
{
    private const int Guesses = 5;
    private const double DefaultCrop = 0.875;

    /// <summary>Evaluates on test pictures, resized where they haven't the network's resolution.</summary>
    /// <param name="weights">The network.</param>
    /// <param name="data">The pictures.</param>
    /// <param name="settings">Batch, threads, device.</param>
    /// <param name="evaluated">Told the number of pictures after every batch.</param>
    /// <param name="broken">A sentence for each picture that was skipped since it can't be read.</param>
    /// <param name="cancellation">Ends it between batches.</param>
    /// <exception cref="InvalidInputException">The data have other classes, a picture is broken, or the device isn't there.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static Accuracy Run(
        NetworkWeights weights, DatasetPair data, EvaluationSettings settings, Action<int>? evaluated, out ImmutableArray<string> broken, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(settings);
        var architecture = weights.Network.Architecture;
        if (architecture.Classes != data.Test.ClassNames.Length)
        {
            throw new InvalidInputException($"the network has {architecture.Classes} classes; allowed are the {data.Test.ClassNames.Length} of {data.Test.Name}");
        }

        var isOwnSize = data.Test.Size is { } size && size.Height == architecture.Resolution && size.Width == architecture.Resolution;
        var loader = new BatchLoader(
            data.Test,
            new AugmentationSettings { Resolution = architecture.Resolution, EvaluationCropShare = settings.Crop ?? (isOwnSize ? 1 : DefaultCrop) },
            data.Statistics,
            new BatchLoaderSettings { InputChannels = architecture.InputChannels, BatchSize = settings.Batch, Workers = settings.Threads, BrokenPictures = settings.BrokenPictures });
        TorchRuntime.Initialize();
        Accuracy? accuracy = null;
        TensorThreads.Run(
            1, 1,
            _ => accuracy = WithThreads(
                settings.Threads, () => Run(weights, loader.EvaluationPass(cancellation), TorchDevices.Parse(settings.Device), evaluated)),
            cancellation);
        broken = loader.BrokenPictures;
        return accuracy!;
    }

    /// <summary>Runs with so many threads of torch; scores and training rely on there being one otherwise.</summary>
    internal static Accuracy WithThreads(int threads, Func<Accuracy> evaluate)
    {
        set_num_threads(threads);
        try
        {
            return evaluate();
        }
        finally
        {
            set_num_threads(1);
        }
    }

    /// <summary>Runs all batches through a network; on the CPU with as many threads as torch was told.</summary>
    /// <param name="weights">The network, its batch normalisations by their running statistics.</param>
    /// <param name="batches">The pictures.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="evaluated">Told the number of pictures after every batch.</param>
    internal static Accuracy Run(NetworkWeights weights, IEnumerable<ImageBatch> batches, Device device, Action<int>? evaluated)
    {
        var classes = weights.Network.Architecture.Classes;
        var confusion = new int[classes, classes];
        var (images, inTop5, loss) = (0, 0, 0.0);
        using var network = new InferenceNetwork(weights.FoldBatchNorms(), ScalarType.Float32, device);
        foreach (var batch in batches)
        {
            using var mode = inference_mode();
            using var scope = NewDisposeScope();
            var logits = network.Logits(BatchTensors.Images(batch, device));
            loss += batch.Count * nn.functional.cross_entropy(logits, BatchTensors.Labels(batch.Labels, batch.Count, device)).Number();
            Count(logits.cpu().contiguous().data<float>().ToArray(), batch, confusion, ref inTop5);
            images += batch.Count;
            evaluated?.Invoke(images);
        }

        if (images == 0)
        {
            throw new InvalidInputException("none of the test pictures can be read; allowed is a folder with at least one");
        }

        var right = Enumerable.Range(0, classes).Sum(c => confusion[c, c]);
        return new Accuracy(
            images, (double)right / images, (double)inTop5 / images, loss / images,
            [.. Enumerable.Range(0, classes).Select(row => Enumerable.Range(0, classes).Select(column => confusion[row, column]).ToImmutableArray())]);
    }

    private static void Count(float[] logits, ImageBatch batch, int[,] confusion, ref int inTop5)
    {
        var classes = confusion.GetLength(0);
        for (var i = 0; i < batch.Count; i++)
        {
            var row = logits.AsSpan(i * classes, classes);
            var label = batch.Labels[i];
            var (better, best) = (0, 0);
            for (var c = 0; c < classes; c++)
            {
                best = row[c] > row[best] ? c : best;
                better += row[c] > row[label] || (row[c] == row[label] && c < label) ? 1 : 0;
            }

            confusion[label, best]++;
            inTop5 += float.IsFinite(row[label]) && better < Guesses ? 1 : 0;
        }
    }
}

using System.Collections.Immutable;
using TorchSharp;
using ZenNas.Architectures;
using ZenNas.Scores;
using ZenNas.Torch;
using ZenNas.Training.Lanes;
using ZenNas.Training.Recipes;
using ZenNas.Training.Teachers;
using ZenNas.Weights;
using static TorchSharp.torch;

namespace ZenNas.Training;

/// <summary>The tensors of a training, and their way to and from checkpoints.</summary>
internal sealed class TrainingSession : IDisposable
{
    private const string Parameters = "parameters";
    private const string Velocity = "velocity";
    private const string Statistics = "statistics";
    private const string Average = "average";
    private const string AverageStatistics = "average_statistics";

    private readonly TrainableNetwork _network;
    private readonly NesterovDescent _descent;
    private readonly IGradientPass _pass;

    /// <param name="plan">What is trained, and how.</param>
    /// <param name="start">Weights to start from; null for untrained ones.</param>
    /// <param name="teacher">Stays the caller's; null for none.</param>
    /// <param name="device">Where to compute.</param>
    public TrainingSession(TrainingPlan plan, NetworkWeights? start, ITeacher? teacher, Device device)
    {
        var recipe = plan.Recipe;
        var weights = (start ?? Untrained(Network.Lower(plan.Architecture), recipe, plan.Seed)).WithEpsilon(recipe.BatchNormEpsilon);
        var distillation = teacher is null ? null : new Distillation(teacher, recipe.Distillation, weights.Network);
        var type = plan.Precision == Precision.Bf16 ? ScalarType.BFloat16 : ScalarType.Float32;
        _network = new TrainableNetwork(weights, recipe.BatchNormMomentum, distillation?.Projections(plan.Seed) ?? [], type, device);
        _descent = new NesterovDescent(_network, recipe.Momentum, recipe.WeightDecay, recipe.AverageDecay);
        var loss = new TrainingLoss(recipe.LabelSmoothing, distillation);
        _pass = device.type == DeviceType.CPU ? new LanePass(_network, loss, LanesOf(plan)) : new AutogradPass(_network, loss, device);
        Step = new TrainingStep(_pass, _descent);
    }

    /// <summary>Threads among which a plan shares its batches: as many as it has on the CPU, one that feeds any other device.</summary>
    public static int LanesOf(TrainingPlan plan) => TorchDevices.Parse(plan.Device).type == DeviceType.CPU ? Math.Min(plan.Threads, plan.Recipe.Batch) : 1;

    /// <summary>Bytes of the largest map of a whole batch in single precision, as it is evaluated after each epoch.</summary>
    public static long LargestMapOf(TrainingPlan plan) =>
        plan.Recipe.Batch * sizeof(float) * Network.Lower(plan.Architecture).Layers.Max(layer => layer.OutputElements);

    public TrainingStep Step { get; }

    /// <summary>Names and lengths of a checkpoint's tensors.</summary>
    public IReadOnlyDictionary<string, long> TensorLengths => Tensors().ToDictionary(t => t.Name, t => t.Tensor.numel());

    /// <summary>The weights as they are to be used: the moving average where there is one.</summary>
    public NetworkWeights Evaluated() => _network.ToWeights(_descent.Average ?? _network.Parameters, _descent.AverageStatistics ?? _network.Statistics);

    /// <summary>Whether all numbers that go on are finite.</summary>
    public bool IsFinite()
    {
        using var scope = NewDisposeScope();
        return Tensors().All(t => t.Tensor.isfinite().all().item<bool>());
    }

    public Checkpoint Checkpoint(ImmutableArray<EpochRow> rows) => new(
        rows.Length, rows, Tensors().ToImmutableSortedDictionary(t => t.Name, t => Numbers(t.Tensor), StringComparer.Ordinal));

    public void Restore(Checkpoint checkpoint)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, values) in Tensors())
        {
            values.copy_(tensor(checkpoint.Tensors[name]));
        }
    }

    public void Dispose()
    {
        _pass.Dispose();
        _descent.Dispose();
        _network.Dispose();
    }

    private static NetworkWeights Untrained(Network network, Recipe recipe, ulong seed)
    {
        var weights = recipe.Initialization == Initialization.Xavier ? NetworkWeights.Xavier(network, seed) : NetworkWeights.Random(network, seed);
        return recipe.ZeroResidualScales ? weights.WithZeroResidualScales() : weights;
    }

    private IEnumerable<(string Name, Tensor Tensor)> Tensors()
    {
        yield return (Parameters, _network.Parameters);
        yield return (Velocity, _descent.Velocity);
        yield return (Statistics, _network.Statistics);
        if (_descent.Average is not null)
        {
            yield return (Average, _descent.Average);
            yield return (AverageStatistics, _descent.AverageStatistics!);
        }
    }

    private static float[] Numbers(Tensor values)
    {
        using var local = values.cpu();
        return local.data<float>().ToArray();
    }
}

using System.Collections.Immutable;
using ZenNas.Data.Loading;
using ZenNas.Torch;
using static TorchSharp.torch;

namespace ZenNas.Training.Lanes;

/// <summary>
/// Forward and backward pass on the CPU: a batch is shared among the lanes of a team, convolutions are torch's, what lies between them is ours.
/// Gradients of lanes are added up in their order, so that a number of lanes always leads to the same weights.
/// </summary>
internal sealed class LanePass : IGradientPass
{
    private readonly TrainableNetwork _network;
    private readonly TrainingLoss _loss;
    private readonly Lane[] _lanes;
    private readonly ILaneNode[][] _nodes;
    private LaneTeam? _team;

    /// <param name="network">What is trained.</param>
    /// <param name="loss">What is made small.</param>
    /// <param name="lanes">Lanes of the team that will run it.</param>
    public LanePass(TrainableNetwork network, TrainingLoss loss, int lanes)
    {
        (_network, _loss) = (network, loss);
        var layers = network.Network.Layers;
        var steps = LaneStep.Of(network.Network, [.. loss.StudentLayers, layers.Length - 1]);
        (NormStatistics Forward, NormStatistics Backward)?[] shared =
            [.. steps.Select(step => step.Norm < 0 ? ((NormStatistics, NormStatistics)?)null : (Statistics(step), Statistics(step)))];
        NormStatistics Statistics(LaneStep step) => new(lanes, layers[step.Norm].OutChannels);
        _lanes = [.. Enumerable.Range(0, lanes).Select(lane => new Lane(lane, layers.Length, network.Layout.Parameters))];
        _nodes = [.. _lanes.Select(_ => steps.Select((step, i) => Node(step, shared[i])).ToArray())];
    }

    public (double Loss, Tensor Gradient) Run(LaneTeam team, ImageBatch batch)
    {
        if (team.Lanes != _lanes.Length)
        {
            throw new ArgumentException($"the team has {team.Lanes} lanes, the pass {_lanes.Length}", nameof(team));
        }

        _team = team;
        var losses = new double[_lanes.Length];
        team.Do(lane => losses[lane] = Run(_lanes[lane], batch));
        using var noGradient = no_grad();
        foreach (var lane in _lanes.Skip(1))
        {
            _lanes[0].Gradient.PlusInPlace(lane.Gradient);
        }

        return (losses.Sum(), _lanes[0].Gradient);
    }

    public void Dispose()
    {
        foreach (var lane in _lanes)
        {
            lane.Dispose();
        }
    }

    private ILaneNode Node(LaneStep step, (NormStatistics Forward, NormStatistics Backward)? shared)
    {
        void Meet() => _team!.Meet();
        return !step.IsFused ? new TorchNode(_network, step)
            : _network.Type == ScalarType.BFloat16 ? new ChannelNode<BFloat16Format>(_network, step, shared, Meet)
            : new ChannelNode<Float32Format>(_network, step, shared, Meet);
    }

    private double Run(Lane lane, ImageBatch batch)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var share = Share.Of(batch.Count, lane.Number, _lanes.Length);
        var images = BatchTensors.Images(batch, share, CPU);
        lane.Maps.Images = images.permute(0, 2, 3, 1).to_type(_network.Type);
        foreach (var node in _nodes[lane.Number])
        {
            node.Forward(lane);
        }

        var loss = LossAndSeeds(lane, batch, share, images);
        foreach (var node in _nodes[lane.Number].Reverse())
        {
            node.Backward(lane);
        }

        return loss;
    }

    /// <summary>The lane's part of the mean loss; its gradients go to the maps it reads.</summary>
    private double LossAndSeeds(Lane lane, ImageBatch batch, Share share, Tensor images)
    {
        using var scope = NewDisposeScope();
        ImmutableArray<int> read = [_network.Network.Layers.Length - 1, .. _loss.StudentLayers];
        Tensor[] leaves = [.. read.Select(layer => lane.Maps[layer].detach().requires_grad_())];
        using var gradient = enable_grad();
        Tensor[] features = [.. leaves.Skip(1).Select(map => map.permute(0, 3, 1, 2))];
        var loss = _loss.Of(batch, share, images, leaves[0], features, _network.Projections).Times((double)share.Count / batch.Count);
        var gradients = autograd.grad([loss], [.. leaves, .. _network.Projections]);
        for (var i = 0; i < leaves.Length; i++)
        {
            lane.Maps.Add(read[i], gradients[i].contiguous().MoveToOuterDisposeScope());
        }

        using var noGradient = no_grad();
        foreach (var (place, projection) in _network.Layout.Projections.Zip(gradients.Skip(leaves.Length)))
        {
            TrainableNetwork.View(lane.Gradient, place).copy_(projection);
        }

        return loss.Number();
    }
}

using static TorchSharp.torch;

namespace ZenNas.Training.Lanes;

/// <summary>A layer that torch computes, with a graph of its own for the gradient.</summary>
internal sealed class TorchNode : ILaneNode
{
    private readonly TrainableNetwork _network;
    private readonly LaneStep _step;
    private readonly int[] _sources;
    private Tensor[] _inputs = [];
    private Tensor? _output;

    /// <param name="network">Its weights.</param>
    /// <param name="step">Which layer.</param>
    public TorchNode(TrainableNetwork network, LaneStep step)
    {
        (_network, _step) = (network, step);
        _sources = step.Other is { } other ? [step.Source, other] : [step.Source];
    }

    public void Forward(Lane lane)
    {
        var maps = lane.Maps;
        using var scope = NewDisposeScope();
        _inputs = [.. _sources.Select(source => Leaf(maps[source], source >= 0))];
        using (enable_grad())
        {
            var result = _network.Apply(_step.Output, ChannelsFirst(_inputs[0]), _inputs.Length > 1 ? ChannelsFirst(_inputs[1]) : null);
            _output = result.dim() == 4 ? result.permute(0, 2, 3, 1).contiguous() : result;
        }

        maps[_step.Output] = _output.detach();
        maps[_step.Output].MoveToOuterDisposeScope();
        _output.MoveToOuterDisposeScope();
        foreach (var input in _inputs)
        {
            input.MoveToOuterDisposeScope();
        }
    }

    public void Backward(Lane lane)
    {
        var maps = lane.Maps;
        using var scope = NewDisposeScope();
        var parameters = _network.ParametersOf(_step.Output);
        var wanted = _inputs.Where(input => input.requires_grad).Concat(parameters.Select(p => p.Leaf)).ToArray();
        using (var gradient = maps.Take(_step.Output))
        {
            var gradients = autograd.grad([_output!], wanted, [gradient]);
            Distribute(lane, gradients, parameters);
        }

        _output!.Dispose();
        foreach (var input in _inputs)
        {
            input.Dispose();
        }

        maps.Drop(_step.Output);
    }

    private void Distribute(Lane lane, IList<Tensor> gradients, IReadOnlyList<(Part Place, Tensor Leaf)> parameters)
    {
        var next = 0;
        for (var i = 0; i < _inputs.Length; i++)
        {
            if (_inputs[i].requires_grad)
            {
                lane.Maps.Add(_sources[i], gradients[next++].contiguous().MoveToOuterDisposeScope());
            }
        }

        using var noGradient = no_grad();
        foreach (var (place, _) in parameters)
        {
            TrainableNetwork.View(lane.Gradient, place).copy_(gradients[next++]);
        }
    }

    private static Tensor Leaf(Tensor map, bool needsGradient)
    {
        var leaf = map.detach();
        leaf.requires_grad = needsGradient;
        return leaf;
    }

    private static Tensor ChannelsFirst(Tensor map) => map.permute(0, 3, 1, 2);
}

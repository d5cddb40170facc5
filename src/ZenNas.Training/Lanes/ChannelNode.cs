using ZenNas.Torch;
using ZenNas.Training.Kernels;
using static TorchSharp.torch;

namespace ZenNas.Training.Lanes;

/// <summary>Batch normalisation, addition and ReLU as far as they follow each other, in as few passes over memory as there can be.</summary>
/// <typeparam name="TFormat">Number format of the maps.</typeparam>
internal sealed unsafe class ChannelNode<TFormat> : ILaneNode
    where TFormat : struct, IMapFormat
{
    private readonly LaneStep _step;
    private readonly int _channels;
    private readonly Action _meet;
    private readonly NormNumbers<TFormat> _numbers;
    private readonly NormNode<TFormat>? _norm;

    /// <param name="network">The network.</param>
    /// <param name="step">What it computes.</param>
    /// <param name="shared">Sums that the lanes share; null without batch normalisation.</param>
    /// <param name="meet">Waits for the other lanes.</param>
    public ChannelNode(TrainableNetwork network, LaneStep step, (NormStatistics Forward, NormStatistics Backward)? shared, Action meet)
    {
        (_step, _meet) = (step, meet);
        _channels = network.Network.Layers[step.Output].OutChannels;
        _numbers = new NormNumbers<TFormat>(new RowShape(1, _channels));
        if (shared is { } sums)
        {
            _norm = new NormNode<TFormat>(network, step.Norm, sums, _numbers);
        }
        else
        {
            _numbers.Scale.Set(_ => 1);
        }
    }

    public void Forward(Lane lane)
    {
        var source = lane.Maps[_step.Source];
        var shape = Shape(source);
        var map = LaneMaps.Address(source);
        _norm?.Measure(map, shape, lane.Number, _meet);
        var output = empty(source.shape, source.dtype);
        var other = _step.Other is { } position ? LaneMaps.Address(lane.Maps[position]) : null;
        ChannelKernels<TFormat>.Forward(map, other, LaneMaps.Address(output), shape, _numbers, _step.Relu);
        lane.Maps[_step.Output] = output;
    }

    public void Backward(Lane lane)
    {
        var (gradient, second) = lane.Maps.TakeAddends(_step.Output);
        using (second)
        {
            if (_norm is null)
            {
                PassBack(lane, gradient, second);
            }
            else
            {
                PassBack(lane, gradient, second, _norm);
            }
        }

        lane.Maps.Drop(_step.Output);
    }

    private void PassBack(Lane lane, Tensor gradient, Tensor? second)
    {
        ChannelKernels<TFormat>.Gather(LaneMaps.Address(gradient), AddressOrNull(second), OutputOrNull(lane), gradient.numel());
        if (_step.Other is { } other)
        {
            lane.Maps.Add(other, gradient.clone());
        }

        lane.Maps.Add(_step.Source, gradient);
    }

    private void PassBack(Lane lane, Tensor gradient, Tensor? second, NormNode<TFormat> norm)
    {
        var source = lane.Maps[_step.Source];
        var result = _step.Other is null ? gradient : empty(source.shape, source.dtype);
        var gathers = second is not null || (_step.Relu && _step.Other is not null);
        norm.PassBack(
            LaneMaps.Address(gradient), AddressOrNull(second), OutputOrNull(lane), LaneMaps.Address(source), LaneMaps.Address(result), Shape(source), gathers, lane, _meet);
        if (_step.Other is { } other)
        {
            lane.Maps.Add(other, gradient);
        }

        lane.Maps.Add(_step.Source, result);
    }

    private RowShape Shape(Tensor map) => new(map.numel() / _channels, _channels);

    private byte* OutputOrNull(Lane lane) => _step.Relu ? LaneMaps.Address(lane.Maps[_step.Output]) : null;

    private static byte* AddressOrNull(Tensor? map) => map is null ? null : LaneMaps.Address(map);
}

using ZenNas.Torch;
using static TorchSharp.torch;

namespace ZenNas.Training.Lanes;

/// <summary>Maps of one lane and their gradients, as (pictures, height, width, channels) in this order in memory.</summary>
internal sealed class LaneMaps
{
    private readonly Tensor?[] _maps;
    private readonly (Tensor? First, Tensor? Second)[] _gradients;

    /// <param name="layers">Layers of the network.</param>
    public LaneMaps(int layers) => (_maps, _gradients) = (new Tensor[layers], new (Tensor?, Tensor?)[layers]);

    /// <summary>The pictures; set before a pass.</summary>
    public Tensor? Images { get; set; }

    /// <summary>Output of a layer, or the pictures for −1.</summary>
    public Tensor this[int layer]
    {
        get => (layer < 0 ? Images : _maps[layer]) ?? throw new InvalidOperationException($"layer {layer} isn't computed");
        set => _maps[layer] = value;
    }

    /// <summary>Gives back the memory of a map that nobody reads any more.</summary>
    public void Drop(int layer)
    {
        _maps[layer]?.Dispose();
        _maps[layer] = null;
    }

    /// <summary>Adds to a map's gradient. The tensor is taken over: nobody else may use it.</summary>
    public void Add(int layer, Tensor gradient)
    {
        if (layer < 0)
        {
            gradient.Dispose();
            return;
        }

        ref var sum = ref _gradients[layer];
        if (sum.First is null)
        {
            sum.First = gradient;
        }
        else if (sum.Second is null)
        {
            sum.Second = gradient;
        }
        else
        {
            using (gradient)
            {
                sum.Second.PlusInPlace(gradient);
            }
        }
    }

    /// <summary>Hands a map's gradient over as one or two addends.</summary>
    /// <exception cref="InvalidOperationException">No gradient came: nothing reads the map.</exception>
    public (Tensor First, Tensor? Second) TakeAddends(int layer)
    {
        var (first, second) = _gradients[layer];
        _gradients[layer] = default;
        return (first ?? throw new InvalidOperationException($"layer {layer} has no gradient"), second);
    }

    /// <summary>Hands a map's gradient over.</summary>
    public Tensor Take(int layer)
    {
        var (first, second) = TakeAddends(layer);
        using (second)
        {
            return second is null ? first : first.PlusInPlace(second);
        }
    }

    /// <summary>Where a map lies in memory. Maps may be longer than a span can be.</summary>
    public static unsafe byte* Address(Tensor map)
    {
        using var first = map.narrow(0, 0, 1);
        fixed (byte* address = first.bytes)
        {
            return address;
        }
    }
}

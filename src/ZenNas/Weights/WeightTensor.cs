using System.Collections.Immutable;

namespace ZenNas.Weights;

/// <summary>A tensor of a network's weights, as files hold it.</summary>
public sealed class WeightTensor
{
    internal WeightTensor(int layer, string name, ImmutableArray<int> shape, ImmutableArray<float> values) =>
        (Layer, Name, Shape, Values) = (layer, name, shape, values);

    /// <summary>Position of its layer in <see cref="Architectures.Network.Layers"/>.</summary>
    public int Layer { get; }

    /// <summary>Name of the layer, a dot, and <c>weight</c>, <c>bias</c>, <c>running_mean</c> or <c>running_var</c>.</summary>
    public string Name { get; }

    /// <summary>Shape, as <see cref="LayerWeights"/> says.</summary>
    public ImmutableArray<int> Shape { get; }

    /// <summary>The numbers, row-major.</summary>
    public ImmutableArray<float> Values { get; }
}

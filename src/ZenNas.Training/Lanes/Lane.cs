using static TorchSharp.torch;

namespace ZenNas.Training.Lanes;

/// <summary>What one thread of a team works with.</summary>
internal sealed class Lane : IDisposable
{
    /// <param name="number">Number of the lane from 0.</param>
    /// <param name="layers">Layers of the network.</param>
    /// <param name="parameters">Its parameters.</param>
    public Lane(int number, int layers, long parameters)
    {
        (Number, Maps) = (number, new LaneMaps(layers));
        Gradient = zeros([parameters], ScalarType.Float32).DetachFromDisposeScope();
    }

    /// <summary>Number from 0.</summary>
    public int Number { get; }

    /// <summary>Its maps.</summary>
    public LaneMaps Maps { get; }

    /// <summary>
    /// Gradient of all parameters, in the layout's order, for the pictures of this lane; scales and shifts of batch normalisations are those of all
    /// pictures in lane 0, and 0 in the others.
    /// </summary>
    public Tensor Gradient { get; }

    public void Dispose() => Gradient.Dispose();
}

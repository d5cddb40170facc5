using static TorchSharp.torch;

namespace ZenNas.Torch.Proxies;

/// <summary>
/// How often each two images of a mini-batch agree in which units are active: K = Σ over ReLUs of x·xᵀ + (1−x)·(1−x)ᵀ, x the binary map
/// (N × units). Counts are exact whole numbers.
/// </summary>
internal sealed class ActivationKernel(int images)
{
    // Whole numbers up to here are exact in single precision.
    private const long ExactInSingle = 1 << 24;

    private readonly double[,] _agreements = new double[images, images];
    private long _units;

    /// <summary>Adds the output of a ReLU, (N, …).</summary>
    public void Add(Tensor rectified)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var units = rectified.numel() / images;
        var active = rectified.detach().flatten(1).IsAbove(0).to_type(units < ExactInSingle ? ScalarType.Float32 : ScalarType.Float64);
        var both = active.matmul(active.t()).to_type(ScalarType.Float64).cpu().data<double>().ToArray();
        for (var i = 0; i < images; i++)
        {
            for (var j = 0; j < images; j++)
            {
                // Both inactive: all units, less those active in i, less those in j, and what was taken away twice.
                _agreements[i, j] += units - both[i * images + i] - both[j * images + j] + 2 * both[i * images + j];
            }
        }

        _units += units;
    }

    /// <summary>Number of different activation patterns: the linear regions that the images fall into.</summary>
    public int Regions() => Enumerable.Range(0, images).Count(i => TwinBefore(i) is null);

    /// <summary>The first two images in the same linear region, or null.</summary>
    public (int First, int Second)? Twins()
    {
        for (var i = 1; i < images; i++)
        {
            if (TwinBefore(i) is { } twin)
            {
                return (twin, i);
            }
        }

        return null;
    }

    /// <summary>Eigenvalues, ascending.</summary>
    public double[] Eigenvalues() => Spectrum.Of(_agreements);

    private int? TwinBefore(int image)
    {
        for (var other = 0; other < image; other++)
        {
            if (_agreements[image, other].Equals(_units))
            {
                return other;
            }
        }

        return null;
    }
}

using ZenNas.Scores;

namespace ZenNas.Torch;

/// <summary>Δ of Algorithm 1: mean over images of a norm of f(x) − f(x + αε).</summary>
/// <typeparam name="TFormat">Number format of the map.</typeparam>
internal static unsafe class DifferenceNorm<TFormat>
    where TFormat : struct, IMapFormat
{
    /// <summary>The first half of the map holds f(x), the second f(x + αε).</summary>
    public static double Of(byte* map, int images, long elementsPerImage, Convention convention)
    {
        var perturbed = map + images * elementsPerImage * TFormat.Size;
        double sum = 0;
        for (var image = 0; image < images; image++)
        {
            var start = image * elementsPerImage;
            sum += convention == Convention.Paper
                ? Frobenius(map, perturbed, start, elementsPerImage)
                : Absolute(map, perturbed, start, elementsPerImage);
        }

        return sum / images;
    }

    private static double Frobenius(byte* a, byte* b, long start, long count)
    {
        double sum = 0;
        for (var i = (nint)start; i < start + count; i++)
        {
            double difference = TFormat.LoadOne(a, i) - TFormat.LoadOne(b, i);
            sum += difference * difference;
        }

        return Math.Sqrt(sum);
    }

    private static double Absolute(byte* a, byte* b, long start, long count)
    {
        double sum = 0;
        for (var i = (nint)start; i < start + count; i++)
        {
            sum += Math.Abs(TFormat.LoadOne(a, i) - TFormat.LoadOne(b, i));
        }

        return sum;
    }
}

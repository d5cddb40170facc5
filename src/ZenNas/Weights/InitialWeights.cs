using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ZenNas.Architectures;
using ZenNas.Search;

namespace ZenNas.Weights;

/// <summary>Untrained weights of single layers; every layer draws from its own sequence.</summary>
internal static class InitialWeights
{
    private const double LinearDeviation = 0.01;

    // Zen-NAS, released code.
    private const double XavierGain = 3.26033;

    private const int RepeatedNumbers = 1 << 14;
    private static readonly Lazy<ImmutableArray<float>> Repeated = new(() => Normal(RepeatedNumbers, 1, seed: 0, position: 0));

    public static LayerWeights? Draw(Layer layer, ulong seed, int position) =>
        Of(layer, HeDeviation, (count, deviation) => Normal(count, deviation, seed, position));

    public static LayerWeights? DrawXavier(Layer layer, ulong seed, int position) =>
        Of(layer, XavierDeviation, (count, deviation) => Normal(count, deviation, seed, position));

    /// <summary>Numbers that repeat: as good as others where only time counts, and there at once.</summary>
    public static LayerWeights? Repeat(Layer layer) => Of(layer, HeDeviation, Tile);

    private static LayerWeights? Of(Layer layer, Func<Layer, double> deviation, Func<long, double, ImmutableArray<float>> numbers) => layer.Kind switch
    {
        LayerKind.Convolution or LayerKind.Linear => new LayerWeights(numbers(layer.Weights, deviation(layer)), Bias(layer)),
        LayerKind.BatchNorm => new LayerWeights(
            Constant(layer.OutChannels, 1), Constant(layer.OutChannels, 0), Constant(layer.OutChannels, 0), Constant(layer.OutChannels, 1)),
        _ => null,
    };

    private static double HeDeviation(Layer layer) => layer.Kind == LayerKind.Linear
        ? LinearDeviation
        : Math.Sqrt(2.0 * layer.Groups / (layer.Kernel * layer.Kernel * layer.OutChannels));

    /// <summary>Of a convolution's fans, the one in counts the channels of a group, the one out all channels, as the weights' shape does.</summary>
    private static double XavierDeviation(Layer layer) =>
        XavierGain * Math.Sqrt(2.0 / (layer.Kernel * layer.Kernel * (layer.InChannels / layer.Groups + layer.OutChannels)));

    private static ImmutableArray<float>? Bias(in Layer layer) => layer.Bias ? Constant(layer.OutChannels, 0) : null;

    private static ImmutableArray<float> Constant(int count, float value) => [.. Enumerable.Repeat(value, count)];

    private static ImmutableArray<float> Tile(long count, double deviation)
    {
        var values = new float[count];
        for (long i = 0; i < count; i++)
        {
            values[i] = (float)deviation * Repeated.Value[(int)(i % RepeatedNumbers)];
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(values);
    }

    /// <summary>Normal numbers by the method of Box and Muller.</summary>
    private static ImmutableArray<float> Normal(long count, double deviation, ulong seed, int position)
    {
        var random = new StepRandom(seed, (ulong)position);
        var values = new float[count];
        for (long i = 0; i < count; i += 2)
        {
            var radius = deviation * Math.Sqrt(-2 * Math.Log(Uniform(ref random)));
            var (sine, cosine) = Math.SinCos(2 * Math.PI * Uniform(ref random));
            values[i] = (float)(radius * cosine);
            if (i + 1 < count)
            {
                values[i + 1] = (float)(radius * sine);
            }
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(values);
    }

    /// <summary>In (0, 1].</summary>
    private static double Uniform(ref StepRandom random) => ((random.NextBits() >> 11) + 1) * (1.0 / (1UL << 53));
}

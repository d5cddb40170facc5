using ZenNas.Search;

namespace ZenNas.Torch.Tests.Kernels;

/// <summary>Normally distributed numbers, the same in every run.</summary>
internal static class NormalNumbers
{
    public static float[] Draw(int count, ulong seed, double mean = 0, double deviation = 1)
    {
        var random = new StepRandom(seed, 0);
        var numbers = new float[count];
        for (var i = 0; i < count; i++)
        {
            var radius = Math.Sqrt(-2 * Math.Log(1 - Uniform(ref random)));
            numbers[i] = (float)(mean + deviation * radius * Math.Cos(2 * Math.PI * Uniform(ref random)));
        }

        return numbers;
    }

    private static double Uniform(ref StepRandom random) => (random.NextBits() >> 11) * Math.Pow(2, -53);
}

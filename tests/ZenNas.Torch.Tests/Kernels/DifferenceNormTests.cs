using ZenNas.Scores;

namespace ZenNas.Torch.Tests.Kernels;

/// <summary>Δ of Algorithm 1 against plain sums.</summary>
public sealed unsafe class DifferenceNormTests
{
    private const int Images = 3;
    private const int Elements = 37;

    public DifferenceNormTests() => TorchRuntime.Initialize();

    [Fact]
    public void Should_average_frobenius_norms_of_single_precision()
    {
        var map = NormalNumbers.Draw(2 * Images * Elements, 1);

        Assert.Equal(Expected(map, d => Math.Sqrt(d.Sum(x => x * x))), OfSingle(map, Convention.Paper), 1e-6);
    }

    [Fact]
    public void Should_average_sums_of_absolute_values_in_the_convention_of_the_released_program()
    {
        var map = NormalNumbers.Draw(2 * Images * Elements, 2);

        Assert.Equal(Expected(map, d => d.Sum(Math.Abs)), OfSingle(map, Convention.ReleasedCode), 1e-5);
    }

    [Theory, InlineData(Convention.Paper), InlineData(Convention.ReleasedCode)]
    public void Should_read_bfloat16(Convention convention)
    {
        var bits = TorchBFloat16.FromSingle(NormalNumbers.Draw(2 * Images * Elements, 3));
        var map = TorchBFloat16.ToSingle(bits);

        fixed (ushort* start = bits)
        {
            Assert.Equal(OfSingle(map, convention), DifferenceNorm<BFloat16Format>.Of((byte*)start, Images, Elements, convention));
        }
    }

    [Theory, InlineData(Convention.Paper), InlineData(Convention.ReleasedCode)]
    public void Should_be_zero_between_equal_maps(Convention convention)
    {
        var half = NormalNumbers.Draw(Images * Elements, 4);

        Assert.Equal(0, OfSingle([.. half, .. half], convention));
    }

    private static double OfSingle(float[] map, Convention convention)
    {
        fixed (float* start = map)
        {
            return DifferenceNorm<Float32Format>.Of((byte*)start, Images, Elements, convention);
        }
    }

    private static double Expected(float[] map, Func<double[], double> norm)
    {
        double sum = 0;
        for (var image = 0; image < Images; image++)
        {
            var clean = map[(image * Elements)..((image + 1) * Elements)];
            var perturbed = map[((Images + image) * Elements)..((Images + image + 1) * Elements)];
            sum += norm([.. clean.Zip(perturbed, (a, b) => (double)a - b)]);
        }

        return sum / Images;
    }
}

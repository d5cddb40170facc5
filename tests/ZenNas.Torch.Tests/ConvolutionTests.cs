using static TorchSharp.torch;

namespace ZenNas.Torch.Tests;

/// <summary>
/// Convolutions of libtorch in single precision against its own in double precision, which take another path: where a machine hides its
/// caches, oneDNN as shipped gives wrong values for some shapes and stops the process for others.
/// </summary>
public sealed class ConvolutionTests
{
    private const int Convolutions = 300;

    // Single precision over at most 512·9 products of normal numbers.
    private const double Tolerance = 1e-4;

    public ConvolutionTests() => TorchRuntime.Initialize();

    [Theory, InlineData(false), InlineData(true)]
    public void Should_agree_with_double_precision(bool isChannelsLast)
    {
        using var mode = inference_mode();
        using var generator = new Generator(7);
        var random = new Random(7);
        for (var i = 0; i < Convolutions; i++)
        {
            var shape = ConvolutionShape.Draw(random);
            var difference = Difference(shape, isChannelsLast, generator);
            Assert.True(difference < Tolerance, $"{shape}: relative difference {difference}");
        }
    }

    private static double Difference(ConvolutionShape shape, bool isChannelsLast, Generator generator)
    {
        using var scope = NewDisposeScope();
        var input = randn([2, shape.Inputs, shape.Resolution, shape.Resolution], ScalarType.Float32, generator: generator);
        var weight = randn([shape.Outputs, shape.Inputs / shape.Groups, shape.Kernel, shape.Kernel], ScalarType.Float32, generator: generator);
        var given = isChannelsLast ? input.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2) : input;
        var single = shape.Convolve(given, weight).to(ScalarType.Float64);
        var exact = shape.Convolve(input.to(ScalarType.Float64), weight.to(ScalarType.Float64));
        return (single - exact).abs().max().item<double>() / exact.abs().max().item<double>();
    }

    private sealed record ConvolutionShape(int Inputs, int Outputs, int Kernel, int Stride, int Groups, int Resolution)
    {
        private static readonly int[] Widths = [3, 8, 24, 32, 40, 64, 96, 128, 256, 512];
        private static readonly int[] Kernels = [1, 1, 3, 5, 7];
        private static readonly int[] Resolutions = [4, 7, 8, 14, 16, 28, 32];

        public static ConvolutionShape Draw(Random random)
        {
            var (inputs, outputs) = (Pick(Widths, random), Pick(Widths, random));
            var isDepthwise = random.Next(4) == 0;
            return new(
                inputs, isDepthwise ? inputs : outputs, Pick(Kernels, random), 1 + random.Next(2), isDepthwise ? inputs : 1, Pick(Resolutions, random));
        }

        public Tensor Convolve(Tensor input, Tensor weight) =>
            nn.functional.conv2d(input, weight, null, [Stride, Stride], [Kernel / 2, Kernel / 2], [1, 1], Groups);

        private static int Pick(int[] choices, Random random) => choices[random.Next(choices.Length)];
    }
}

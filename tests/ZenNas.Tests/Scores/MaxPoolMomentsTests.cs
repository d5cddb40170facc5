using ZenNas.Architectures;
using ZenNas.Scores;
using ZenNas.Tests.Search;

namespace ZenNas.Tests.Scores;

public sealed class MaxPoolMomentsTests
{
    private const int Samples = 200_000;

    /// <summary>Windows of 4, 6 and 9 positions.</summary>
    public static TheoryData<int> Windows => [4, 6, 9];

    [Theory, MemberData(nameof(Windows))]
    public void Should_have_the_moments_of_a_sampled_maximum(int positions)
    {
        var mean = new Sample();
        var second = new Sample();
        var normal = new NormalNumbers(1);
        for (var i = 0; i < Samples; i++)
        {
            double maximum = 0;
            for (var j = 0; j < positions; j++)
            {
                maximum = Math.Max(maximum, normal.Next());
            }

            mean.Add(maximum);
            second.Add(maximum * maximum);
        }

        AssertNear(mean, Of(positions, m => m.Mean));
        AssertNear(second, Of(positions, m => m.SecondMoment));
    }

    [Theory]
    [InlineData(4, 1e-3, 0)]
    [InlineData(4, 1e-2, 0)]
    [InlineData(4, 5e-2, 0)]
    [InlineData(6, 1e-3, 0)]
    [InlineData(6, 1e-2, 0)]
    [InlineData(6, 5e-2, 0)]
    [InlineData(9, 1e-3, 0)]
    [InlineData(9, 1e-2, 0)]
    [InlineData(9, 5e-2, 0)]
    // Beyond, the interpolation to e = 1 is within 1 %. The two leading terms alone are 7 % too small for 9 positions at e = 0.3
    // and 41 % at e = 1.
    [InlineData(4, 0.3, 0.01)]
    [InlineData(6, 0.3, 0.01)]
    [InlineData(9, 0.3, 0.01)]
    [InlineData(4, 0.7, 0.01)]
    [InlineData(9, 0.7, 0.01)]
    [InlineData(9, 1, 0)]
    public void Should_have_the_squared_difference_of_sampled_maxima(int positions, double e, double tolerance)
    {
        var difference = new Sample();
        var normal = new NormalNumbers(2);
        for (var i = 0; i < Samples; i++)
        {
            double first = 0, other = 0;
            for (var j = 0; j < positions; j++)
            {
                var z = normal.Next();
                first = Math.Max(first, z);
                other = Math.Max(other, (1 - e) * z + Math.Sqrt(e * (2 - e)) * normal.Next());
            }

            difference.Add((first - other) * (first - other));
        }

        AssertNear(difference, Of(positions, m => m.SquaredDifference(e)), tolerance);
    }

    [Theory]
    [InlineData(3, 2, 7)]
    [InlineData(5, 3, 6)]
    public void Should_average_over_the_windows_of_a_padded_map(int kernel, int stride, int size)
    {
        const double E = 0.02;
        var moments = MaxPoolMoments.Of(kernel, stride, size);
        var normal = new NormalNumbers(3);
        var (mean, second, difference) = (new Sample(), new Sample(), new Sample());
        var (map, perturbed) = (new double[size, size], new double[size, size]);
        for (var repeat = 0; repeat < 40_000; repeat++)
        {
            for (var i = 0; i < size * size; i++)
            {
                var z = normal.Next();
                map[i / size, i % size] = Math.Max(0, z);
                perturbed[i / size, i % size] = Math.Max(0, (1 - E) * z + Math.Sqrt(E * (2 - E)) * normal.Next());
            }

            // One window of each map, at a random place: neighbouring windows are not independent.
            var outputs = (size - 1) / stride + 1;
            var (row, column) = (repeat % outputs * stride, repeat / outputs % outputs * stride);
            var (a, b) = (Largest(map, kernel, row, column), Largest(perturbed, kernel, row, column));
            mean.Add(a);
            second.Add(a * a);
            difference.Add((a - b) * (a - b));
        }

        AssertNear(mean, moments.Mean);
        AssertNear(second, moments.SecondMoment);
        AssertNear(difference, moments.SquaredDifference(E));
    }

    [Fact]
    public void Should_be_a_plain_relu_where_a_window_holds_one_position()
    {
        var moments = MaxPoolMoments.Of(7, 4, 1);
        Assert.Equal(ReluMoments.Variance, moments.Variance, tolerance: 1e-12);
        Assert.Equal(0.5, moments.SecondMoment, tolerance: 1e-12);
        foreach (var e in new[] { 1e-6, 1e-3, 0.05, 0.3, 1 })
        {
            Assert.Equal(1, moments.SquaredDifference(e) / (2 * Quadrature.HalfSquaredDifferenceOfRelus(e)), tolerance: 0.005);
        }
    }

    [Fact]
    public void Should_change_scores_little_from_depth_to_depth_before_a_pool()
    {
        // The deeper the trunk, the less x and x + αε correlate; a pool keeps somewhat less of that than a ReLU, at every depth.
        var effects = Enumerable.Range(1, 40).Select(depth =>
        {
            var trunk = new ConvolutionBlock(3, 32, 1, depth);
            return Score(trunk, new MaxPoolBlock(7, 1, 32), new ConvolutionBlock(1, 32)) - Score(trunk, new ConvolutionBlock(1, 32));
        }).ToArray();
        Assert.All(effects.Zip(effects[1..]), p => Assert.InRange(p.Second - p.First, -0.06, 0.06));

        static double Score(params Block[] blocks) =>
            new ClosedFormZenScore().Score(Network.Lower(new Architecture([.. blocks], 32, 10)).Vanilla);
    }

    /// <summary>
    /// A value for a single window size. Padded 3×3 pools of 2, 3 and 4 pixels average over 4 windows of 4; 4 of 4, 4 of 6, 1 of 9; and
    /// 4 of 4, 8 of 6, 4 of 9.
    /// </summary>
    private static double Of(int positions, Func<MaxPoolMoments, double> value)
    {
        var four = value(MaxPoolMoments.Of(3, 1, 2));
        var ofThree = 9 * value(MaxPoolMoments.Of(3, 1, 3)) - 4 * four;
        var ofFour = 16 * value(MaxPoolMoments.Of(3, 1, 4)) - 4 * four;
        var nine = (ofFour - 2 * ofThree) / 2;
        return positions switch
        {
            4 => four,
            6 => (ofThree - nine) / 4,
            _ => nine,
        };
    }

    private static double Largest(double[,] map, int kernel, int row, int column)
    {
        double largest = 0;
        for (var i = row - kernel / 2; i <= row + kernel / 2; i++)
        {
            for (var j = column - kernel / 2; j <= column + kernel / 2; j++)
            {
                largest = i >= 0 && j >= 0 && i < map.GetLength(0) && j < map.GetLength(1) ? Math.Max(largest, map[i, j]) : largest;
            }
        }

        return largest;
    }

    /// <summary>Within four standard errors and a relative tolerance.</summary>
    private static void AssertNear(Sample sample, double value, double tolerance = 0) =>
        Assert.Equal(sample.Mean, value, tolerance: 4 * sample.StandardError + tolerance * sample.Mean);

    private sealed class Sample
    {
        private double _sum;
        private double _squares;
        private int _count;

        public double Mean => _sum / _count;

        public double StandardError => Math.Sqrt((_squares / _count - Mean * Mean) / _count);

        public void Add(double value)
        {
            _sum += value;
            _squares += value * value;
            _count++;
        }
    }
}

using ZenNas.Search.Optimal;

namespace ZenNas.Tests.Search.Optimal;

public sealed class EllipsoidTests
{
    /// <summary>max over i of |a·(z − z*)|, whose minimum is 0 at z*.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Should_enclose_the_minimum_of_a_convex_function(int variables)
    {
        var random = new Random(variables);
        double[] minimum = [.. Enumerable.Range(0, variables).Select(_ => 100 * random.NextDouble())];
        var ellipsoid = new Ellipsoid(new double[variables], [.. Enumerable.Repeat(1000.0, variables)]);
        var best = double.PositiveInfinity;
        for (var i = 0; i < 150 * variables; i++)
        {
            double[] offsets = [.. minimum.Select((m, d) => (d + 1) * (ellipsoid.Centre[d] - m))];
            var steepest = Enumerable.Range(0, variables).MaxBy(d => Math.Abs(offsets[d]));
            var gradient = new double[variables];
            gradient[steepest] = (steepest + 1) * (offsets[steepest] > 0 ? 1 : -1);
            best = Math.Min(best, Math.Abs(offsets[steepest]));
            if (best < 1e-6 || !ellipsoid.Cut(gradient, Math.Abs(offsets[steepest]) - best))
            {
                break;
            }
        }

        Assert.InRange(best, 0, 0.01);
    }
}

namespace ZenNas.Cli.Tests;

public sealed class CompareCommandTests : IDisposable
{
    private const string Small = "SuperConvK3BNRELU(3,16,1,1)SuperResK3K3(16,24,2,16,1)";
    private const string Larger = "SuperConvK3BNRELU(3,24,1,1)SuperResK1K3K1(24,48,2,16,2)SuperConvK1BNRELU(48,64,1,1)";
    private static readonly string[] Proxies =
        ["closed-form", "finite-width", "measured", "flops", "params", "grad-norm", "synflow", "naswot", "te-nas", "random", "entropy"];

    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task Should_give_every_proxy_with_value_error_and_time()
    {
        var json = (await ZenNasProgram.Run(
            _temp.Path, "compare", Small, Larger, "--scores", "all", "--resolution", "16", "--classes", "10", "--batch", "6", "--repeats", "3", "--json")).Json;

        var names = json.GetProperty("scores").EnumerateArray().Select(s => s.GetProperty("name").GetString()!).ToArray();
        Assert.Empty(Proxies.Except(names));
        Assert.All(json.GetProperty("scores").EnumerateArray(), s => s.AssertHas(
            ("name", "string"), ("summary", "string"), ("source", "string"), ("largerIsBetter", "boolean"), ("needsGradients", "boolean"),
            ("dependsOnClasses", "boolean"), ("random", "boolean")));
        foreach (var network in json.GetProperty("networks").EnumerateArray())
        {
            foreach (var (name, random) in json.GetProperty("scores").EnumerateArray().Select(s => (s.GetProperty("name").GetString()!, s.GetProperty("random").GetBoolean())))
            {
                var value = network.GetProperty("values").GetProperty(name);
                Assert.True(double.IsFinite(value.GetProperty("mean").GetDouble()));
                Assert.Equal(random ? 3 : 0, value.GetProperty("repeats").GetInt32());
                Assert.Equal(random, value.GetProperty("standardError").GetDouble() > 0);
                Assert.InRange(value.GetProperty("seconds").GetProperty("median").GetDouble(), 0, 60);
            }

            Assert.Equal(network.GetProperty("macs").GetInt64(), network.GetProperty("values").GetProperty("flops").GetProperty("mean").GetDouble());
        }

        var ranks = json.GetProperty("combinedRanks")[0].GetProperty("ranks").EnumerateArray().Select(r => r.GetDouble()).ToArray();
        Assert.Equal(6, ranks.Sum());
    }

    [Theory]
    [InlineData("--scores", "flops,magic")]
    [InlineData("--entropy-weights", "1,x")]
    [InlineData("--entropy-weights", "0,0")]
    [InlineData("--precision", "bf16")]
    public async Task Should_refuse_what_it_cannot_compute(string option, string value) =>
        Assert.Null((await ZenNasProgram.Run(_temp.Path, "compare", Small, "--resolution", "8", option, value)).WhyNotRefused());
}

using System.Text.Json;

namespace ZenNas.Cli.Tests;

public sealed class ScoreCommandTests : IDisposable
{
    private const string Small = "SuperConvK3BNRELU(3,16,1,1)SuperResK3K3(16,24,2,16,1)";
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("closed-form", true, false)]
    [InlineData("measured", false, true)]
    [InlineData("both", true, true)]
    [InlineData(null, true, true)]
    public async Task Should_print_the_methods_asked_for(string? method, bool closedForm, bool measured)
    {
        string[] arguments = ["score", Small, "--resolution", "16", "--repeats", "3", "--batch", "4", "--threads", "2", "--seed", "9", "--json"];

        var json = (await ZenNasProgram.Run(_temp.Path, method is null ? arguments : [.. arguments, "--method", method])).Json;

        var properties = new List<(string, string)> { ("structure", "string"), ("resolution", "integer"), ("classes", "integer"), ("alpha", "number"), ("scores", "array") };
        if (closedForm)
        {
            properties.Add(("closedForm", "number"));
        }

        if (measured)
        {
            properties.Add(("measured", "object"));
            AssertMeasured(json.GetProperty("measured"));
            Assert.Equal((3, 4, 9, 2), (
                json.GetProperty("measured").GetProperty("repeats").GetInt32(), json.GetProperty("measured").GetProperty("batch").GetInt32(),
                json.GetProperty("measured").GetProperty("seed").GetInt32(), json.GetProperty("measured").GetProperty("threads").GetInt32()));
        }

        json.AssertHas([.. properties]);
        Assert.Equal((Small, 16, 0.01), (json.GetProperty("structure").GetString(), json.GetProperty("resolution").GetInt32(), json.GetProperty("alpha").GetDouble()));
    }

    /// <summary>Numbers that the paper's authors' program gives: 192.16 as printed in Algorithm 1, 122.20 as the program prints, spread 1.6 and 1.2.</summary>
    [Theory]
    [InlineData("paper", 192.16)]
    [InlineData("released-code", 122.20)]
    public async Task Should_measure_in_both_conventions(string convention, double expected)
    {
        var json = (await ZenNasProgram.Run(
            _temp.Path, "score", "zennet_cifar_model_size1M_res32", "--repeats", "4", "--seed", "1", "--convention", convention, "--json")).Json;

        Assert.Equal(188.011, json.GetProperty("closedForm").GetDouble(), 0.01);
        Assert.Equal(convention, json.GetProperty("measured").GetProperty("convention").GetString());
        Assert.Equal(expected, json.GetProperty("measured").GetProperty("mean").GetDouble(), 3.0);
    }

    [Theory]
    [InlineData("phi", false)]
    [InlineData("phi-bn", false)]
    [InlineData("phi", true)]
    public async Task Should_print_the_phi_score_and_whether_it_overflowed(string method, bool overflows)
    {
        var network = overflows ? "SuperConvK3BNRELU(3,64,1,60)" : Small;

        var json = (await ZenNasProgram.Run(
            _temp.Path, "score", network, "--resolution", "8", "--method", method, "--repeats", "2", "--batch", "2", "--json")).Json;

        json.AssertHas(("structure", "string"), ("resolution", "integer"), ("classes", "integer"), ("alpha", "number"), ("scores", "array"), (method, "object"));
        var phi = json.GetProperty(method);
        Assert.Equal(overflows, phi.GetProperty("overflow").GetBoolean());
        Assert.Equal(overflows ? JsonValueKind.Null : JsonValueKind.Number, phi.GetProperty("mean").ValueKind);
        Assert.Equal(overflows ? JsonValueKind.Object : JsonValueKind.Null, phi.GetProperty("failure").ValueKind);
        if (overflows)
        {
            Assert.Equal("the forward pass overflowed", phi.GetProperty("failure").GetProperty("reason").GetString());
            var text = (await ZenNasProgram.Run(_temp.Path, "score", network, "--resolution", "8", "--method", method, "--repeats", "2", "--batch", "2")).Output;
            Assert.Contains("overflow ", text, StringComparison.Ordinal);
            Assert.Contains("phi has no value: the forward pass overflowed", text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("flops", "")]
    [InlineData("params", "")]
    [InlineData("random", "seed")]
    [InlineData("entropy", "entropyWeights,entropyTimesOutput")]
    [InlineData("measured", "batch,precision,device,convention,seed")]
    [InlineData("phi-bn", "batch,precision,device,seed")]
    [InlineData("grad-norm", "batch,precision,device,seed")]
    [InlineData("synflow", "batch,precision,device,seed")]
    [InlineData("naswot", "batch,precision,device,seed")]
    [InlineData("te-nas", "batch,precision,device,seed")]
    public async Task Should_tell_the_settings_that_apply_and_what_the_method_is(string method, string settings)
    {
        string[] arguments = ["score", Small, "--resolution", "8", "--classes", "10", "--method", method, "--repeats", "2", "--batch", "4"];

        var json = (await ZenNasProgram.Run(_temp.Path, [.. arguments, "--json"])).Json;
        var text = string.Join(' ', (await ZenNasProgram.Run(_temp.Path, arguments)).Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

        string[] always = ["mean", "standardDeviation", "standardError", "repeats", "method", "failure", "seconds", "overflow", "threads", "secondsPerRepeat", "parts"];
        Assert.Equal(
            settings.Split(',', StringSplitOptions.RemoveEmptyEntries).Order(),
            json.GetProperty(method).EnumerateObject().Select(p => p.Name).Except(always).Order());
        var isZen = method is "measured" or "phi-bn";
        Assert.Equal(isZen, json.TryGetProperty("alpha", out _));
        Assert.Equal((isZen, method == "measured"), (text.Contains('α'), text.Contains("Algorithm 1", StringComparison.Ordinal)));
        Assert.Equal(method is "flops" or "params" or "random" or "grad-norm", !text.Contains("natural logarithms", StringComparison.Ordinal));
        Assert.Equal(method == "synflow", text.Contains("negated", StringComparison.Ordinal));
        var score = json.GetProperty("scores")[0];
        Assert.Equal(method, score.GetProperty("name").GetString());
        Assert.Equal(score.GetProperty("needsGradients").GetBoolean(), text.Contains("needs gradients", StringComparison.Ordinal));
        Assert.Equal(score.GetProperty("dependsOnClasses").GetBoolean(), text.Contains("depends on the classes", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Should_refuse_te_nas_of_a_single_image() =>
        Assert.Null((await ZenNasProgram.Run(_temp.Path, "score", Small, "--resolution", "8", "--method", "te-nas", "--batch", "1")).WhyNotRefused());

    [Fact]
    public async Task Should_have_no_standard_error_for_a_single_repeat()
    {
        var json = (await ZenNasProgram.Run(_temp.Path, "score", Small, "--resolution", "16", "--method", "measured", "--repeats", "1", "--json")).Json;

        Assert.Equal(JsonValueKind.Null, json.GetProperty("measured").GetProperty("standardError").ValueKind);
        Assert.Equal(JsonValueKind.Number, json.GetProperty("measured").GetProperty("mean").ValueKind);
    }

    /// <summary>A process knows nothing of what others measured: only the seed decides.</summary>
    [Fact]
    public async Task Should_give_the_same_in_every_process_whatever_the_number_of_threads()
    {
        var means = new List<double>();
        foreach (var threads in new[] { "1", "1", "2", "3" })
        {
            means.Add((await ZenNasProgram.Run(
                _temp.Path, "score", Small, "--resolution", "16", "--method", "measured", "--repeats", "5", "--seed", "4", "--threads", threads, "--json"))
                .Json.GetProperty("measured").GetProperty("mean").GetDouble());
        }

        Assert.Single(means.Distinct());
    }

    private static void AssertMeasured(JsonElement measured)
    {
        measured.AssertHas(
            ("mean", "number"), ("standardDeviation", "number"), ("standardError", "number"), ("repeats", "integer"), ("overflow", "boolean"),
            ("convention", "string"), ("batch", "integer"), ("precision", "string"), ("seed", "integer"), ("device", "string"), ("threads", "integer"),
            ("secondsPerRepeat", "number"), ("method", "string"), ("failure", "null"), ("seconds", "object"));
        Assert.Equal(
            measured.GetProperty("standardDeviation").GetDouble() / Math.Sqrt(measured.GetProperty("repeats").GetInt32()),
            measured.GetProperty("standardError").GetDouble(), 1e-9);
    }
}

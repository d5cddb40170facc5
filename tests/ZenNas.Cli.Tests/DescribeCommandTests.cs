using System.Text.Json;

namespace ZenNas.Cli.Tests;

public sealed class DescribeCommandTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    /// <summary>Parameters and convolutions as torch reports them, MACs and the released counting as the paper's authors' program does.</summary>
    [Theory]
    [InlineData("zennet_cifar_model_size1M_res32", 994_674, 159_213_568, 18, 98)]
    [InlineData("zennet_imagenet1k_flops400M_res224", 5_698_208, 400_213_376, null, 74)]
    [InlineData("resnet-18", 11_689_512, 1_814_073_344, 9, 17)]
    [InlineData("resnet-50", 25_557_032, 4_089_184_256, 17, 49)]
    public async Task Should_count_published_networks(string name, long parameters, long macs, int? layers, int convolutions)
    {
        var json = (await ZenNasProgram.Run(_temp.Path, "describe", name, "--json")).Json;

        AssertDescription(json, withLayers: false);
        Assert.Equal((parameters, macs), (json.GetProperty("parameters").GetInt64(), json.GetProperty("macs").GetInt64()));
        Assert.Equal((layers ?? json.GetProperty("layers").GetInt32(), convolutions), (json.GetProperty("layers").GetInt32(), json.GetProperty("convLayers").GetInt32()));
    }

    [Theory]
    [InlineData("resnet-18")]
    [InlineData("zennet_imagenet1k_flops400M_res224", "--se")]
    [InlineData("zennet_cifar_model_size05M_res32", "--counting", "released-code")]
    [InlineData("regnety-200mf", "--counting", "pycls")]
    public async Task Should_list_layers_that_add_up(params string[] arguments)
    {
        var json = (await ZenNasProgram.Run(_temp.Path, ["describe", .. arguments, "--layers", "--json"])).Json;

        AssertDescription(json, withLayers: true);
        var rows = json.GetProperty("perLayer").EnumerateArray().ToArray();
        Assert.All(rows, row => row.AssertHas(
            ("name", "string"), ("kind", "string"), ("inChannels", "integer"), ("outChannels", "integer"), ("kernel", "integer"), ("stride", "integer"),
            ("groups", "integer"), ("inSize", "integer"), ("outSize", "integer"), ("parameters", "integer"), ("macs", "integer"), ("activations", "integer")));
        foreach (var total in new[] { "parameters", "macs", "activations" })
        {
            Assert.Equal(json.GetProperty(total).GetInt64(), rows.Sum(row => row.GetProperty(total).GetInt64()));
        }

        Assert.Equal(rows.Length, rows.Select(row => row.GetProperty("name").GetString()).Distinct().Count());
    }

    [Fact]
    public async Task Should_count_with_excitation_and_as_the_released_program_does()
    {
        const string Name = "zennet_imagenet1k_flops400M_res224";
        var plain = (await ZenNasProgram.Run(_temp.Path, "describe", Name, "--json")).Json;
        var excited = (await ZenNasProgram.Run(_temp.Path, "describe", Name, "--se", "--json")).Json;
        var released = (await ZenNasProgram.Run(_temp.Path, "describe", Name, "--counting", "released-code", "--json")).Json;

        Assert.True(excited.GetProperty("parameters").GetInt64() > plain.GetProperty("parameters").GetInt64());
        Assert.Equal(("true", "released-code"), (plain.GetProperty("counting").GetString(), released.GetProperty("counting").GetString()));
        Assert.NotEqual(plain.GetProperty("parameters").GetInt64(), released.GetProperty("parameters").GetInt64());
        Assert.Equal(JsonValueKind.Null, excited.GetProperty("structure").ValueKind);
    }

    /// <summary>As in the table of RegNet's authors.</summary>
    [Theory]
    [InlineData("regnetx-400mf", 5_157_512, 397_678_568, 3_143_272)]
    [InlineData("regnety-32gf", 145_046_770, 32_279_583_362, 30_261_570)]
    public async Task Should_count_as_pycls_does(string name, long parameters, long flops, long activations)
    {
        var json = (await ZenNasProgram.Run(_temp.Path, "describe", name, "--counting", "pycls", "--json")).Json;

        Assert.Equal("pycls", json.GetProperty("counting").GetString());
        Assert.Equal(
            (parameters, flops, activations),
            (json.GetProperty("parameters").GetInt64(), json.GetProperty("macs").GetInt64(), json.GetProperty("activations").GetInt64()));
        var shown = await ZenNasProgram.Run(_temp.Path, "describe", name, "--counting", "pycls");
        Assert.Contains("counted as pycls does", shown.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("resnet18")]
    [InlineData("ResNet-18")]
    [InlineData("RESNET_18")]
    public async Task Should_find_zoo_networks_in_other_spellings(string name) =>
        Assert.Equal(
            (await ZenNasProgram.Run(_temp.Path, "describe", "resnet-18", "--json")).Output, (await ZenNasProgram.Run(_temp.Path, "describe", name, "--json")).Output);

    [Fact]
    public async Task Should_read_files_of_both_formats()
    {
        const string Structure = "SuperConvK3BNRELU(3,8,1,1)SuperResIDWE6K5(8,16,2,16,2)";
        var direct = await ZenNasProgram.Run(_temp.Path, "describe", Structure, "--resolution", "48", "--classes", "5", "--json");
        _temp.Write("structure.txt", $"\n  {Structure}\r\n\n");
        _temp.Write("best.json", direct.Json.GetProperty("architecture").GetRawText());

        var text = await ZenNasProgram.Run(_temp.Path, "describe", "structure.txt", "--resolution", "48", "--classes", "5", "--json");
        var json = await ZenNasProgram.Run(_temp.Path, "describe", _temp["best.json"], "--json");
        var resized = await ZenNasProgram.Run(_temp.Path, "describe", "best.json", "--resolution", "24", "--json");

        Assert.Equal(direct.Output, text.Output);
        Assert.Equal(direct.Output, json.Output);
        Assert.Equal(24, resized.Json.GetProperty("resolution").GetInt32());
        Assert.Equal(5, resized.Json.GetProperty("classes").GetInt32());
    }

    /// <summary>Networks beyond the grammar of structure strings survive as JSON.</summary>
    [Fact]
    public async Task Should_read_back_a_network_without_structure_string()
    {
        var direct = await ZenNasProgram.Run(_temp.Path, "describe", "resnet-50", "--se", "--layers", "--json");
        _temp.Write("net.json", direct.Json.GetProperty("architecture").GetRawText());

        Assert.Equal(direct.Output, (await ZenNasProgram.Run(_temp.Path, "describe", "net.json", "--layers", "--json")).Output);
    }

    private static void AssertDescription(JsonElement json, bool withLayers) => json.AssertHas(
    [
        ("structure", "string|null"), ("resolution", "integer"), ("classes", "integer"), ("counting", "string"), ("parameters", "integer"),
        ("macs", "integer"), ("activations", "integer"), ("layers", "integer"), ("convLayers", "integer"), ("architecture", "object"),
        .. withLayers ? [("perLayer", "array")] : Array.Empty<(string, string)>(),
    ]);
}

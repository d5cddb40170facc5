using System.Text;

namespace ZenNas.Cli.Tests;

public sealed class CorrelateCommandTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task Should_rank_networks_and_name_the_rows_that_failed()
    {
        WriteTable();

        var json = (await ZenNasProgram.Run(_temp.Path, Correlate("flops,closed-form,naswot", "study"))).Json;

        Assert.Equal(8, json.GetProperty("networks").GetInt32());
        Assert.Equal([9, 10], json.GetProperty("unusedRows").EnumerateArray().Select(r => r.GetProperty("row").GetInt32()));
        // The accuracy in the table grows with the width, and so do the MACs.
        var flops = json.GetProperty("correlations").EnumerateArray().First(c =>
            (c.GetProperty("group").GetString(), c.GetProperty("score").GetString(), c.GetProperty("statistic").GetString()) == ("all", "flops", "kendall"));
        Assert.Equal((1.0, 8, 0), (flops.GetProperty("value").GetDouble(), flops.GetProperty("networks").GetInt32(), flops.GetProperty("failed").GetInt32()));
        Assert.Contains(json.GetProperty("correlations").EnumerateArray(), c => c.GetProperty("bin").GetString() == "within bins");
        Assert.Contains(json.GetProperty("correlations").EnumerateArray(), c => c.GetProperty("group").GetString() == "b");
        Assert.Equal(
            [("all", 8, 2), ("a", 4, 0), ("b", 4, 0)],
            json.GetProperty("groups").EnumerateArray().Select(g => (g.GetProperty("group").GetString()!, g.GetProperty("networks").GetInt32(), g.GetProperty("bins").GetInt32())));
        Assert.DoesNotContain(
            json.GetProperty("correlations").EnumerateArray(), c => c.GetProperty("group").GetString() == "a" && c.GetProperty("bin").GetString() != "all");
        json.GetProperty("settings").AssertHas(
            ("batch", "integer"), ("alpha", "number"), ("convention", "string"), ("precision", "string"), ("entropyWeights", "array"), ("entropyTimesOutput", "boolean"),
            ("device", "string"), ("seed", "integer"), ("repeats", "integer"), ("table", "string"), ("networkColumn", "string"), ("targetColumn", "string"),
            ("groupColumn", "string|null"), ("lowerIsBetter", "boolean"), ("resolution", "integer|null"), ("classes", "integer|null"), ("bins", "integer"), ("binBy", "string"));
        Assert.Equal(9, File.ReadAllLines(_temp["study/values.csv"]).Length);
        Assert.StartsWith("group,bin,score,statistic", File.ReadAllText(_temp["study/correlations.csv"]), StringComparison.Ordinal);
        Assert.Equal([0x89, 0x50, 0x4E, 0x47], File.ReadAllBytes(_temp["study/correlations.png"])[..4]);
    }

    /// <summary>What was computed is kept, so a second run only reads it; other settings have to go elsewhere.</summary>
    [Fact]
    public async Task Should_go_on_from_the_values_of_its_folder()
    {
        WriteTable();
        var first = (await ZenNasProgram.Run(_temp.Path, Correlate("flops,naswot", "study"))).Json;
        var values = File.ReadAllText(_temp["study/values.json"]);

        var second = (await ZenNasProgram.Run(_temp.Path, Correlate("flops,naswot", "study"))).Json;

        Assert.Equal(first.ToString(), second.ToString());
        Assert.Equal(values, File.ReadAllText(_temp["study/values.json"]));
        Assert.Null((await ZenNasProgram.Run(_temp.Path, [.. Correlate("flops", "study"), "--seed", "9"])).WhyNotRefused());
        File.WriteAllText(_temp["study/values.json"], values[..(values.Length / 2)]);
        Assert.Null((await ZenNasProgram.Run(_temp.Path, Correlate("flops", "study"))).WhyNotRefused());
    }

    [Theory]
    [InlineData("name,accuracy\n", "--network-column", "structure")]
    [InlineData("name,accuracy\nresnet-18,70\n", "--target-column", "top1")]
    [InlineData("name,accuracy\nnonsense,70\n", "--target-column", "accuracy")]
    [InlineData("", "--target-column", "accuracy")]
    [InlineData("name,accuracy\nresnet-18,70\nresnet-34,73\n", "--target-column", "accuracy")]
    [InlineData("name,accuracy\nresnet-18,70\nresnet-34,70\nresnet-50,70\n", "--target-column", "accuracy")]
    [InlineData("name,name,accuracy\nresnet-18,a,70\nresnet-34,b,71\nresnet-50,c,72\n", "--target-column", "accuracy")]
    public async Task Should_refuse_a_table_it_cannot_use(string table, string option, string value)
    {
        File.WriteAllText(_temp["t.csv"], table);
        string[] arguments = ["correlate", "t.csv", "--network-column", "name", "--target-column", "accuracy", "--scores", "flops", "--out", "study"];
        arguments[Array.IndexOf(arguments, option) + 1] = value;

        Assert.Null((await ZenNasProgram.Run(_temp.Path, arguments)).WhyNotRefused());
        Assert.False(Directory.Exists(_temp["study"]));
    }

    [Theory]
    [InlineData("all", "column family is 'all' in row 2; allowed is any name but 'all'")]
    [InlineData("", "column family is '' in row 2; allowed is any name but 'all'")]
    public async Task Should_refuse_a_group_without_a_name_of_its_own(string group, string sentence)
    {
        File.WriteAllText(_temp["nets.csv"], $"structure,error,family\nresnet-18,30,a\nno-such-network,27,{group}\nresnet-50,24,a\nresnet-101,23,a\n");

        var outcome = await ZenNasProgram.Run(_temp.Path, Correlate("flops", "study"));

        Assert.Null(outcome.WhyNotRefused());
        Assert.Contains(sentence, outcome.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_temp["study"]));
    }

    [Fact]
    public async Task Should_refuse_a_cell_that_is_too_large_in_a_sentence_of_its_own()
    {
        File.WriteAllText(_temp["nets.csv"], $"structure,error,family\nresnet-18,30,a\n{new string('x', 1_000_000)},27,a\n");

        var outcome = await ZenNasProgram.Run(_temp.Path, Correlate("flops", "study"));

        Assert.Null(outcome.WhyNotRefused());
        Assert.Contains("has a cell of more than 262144 characters in line 3; allowed", outcome.Error, StringComparison.Ordinal);
    }

    [Theory, InlineData("nets.csv"), InlineData("nets.csv/study")]
    public async Task Should_refuse_a_folder_that_cannot_be(string folder)
    {
        WriteTable();
        var table = File.ReadAllText(_temp["nets.csv"]);

        var outcome = await ZenNasProgram.Run(_temp.Path, Correlate("flops", folder));

        Assert.Null(outcome.WhyNotRefused());
        Assert.StartsWith($"zennas: --out is '{folder}', which ", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(table, File.ReadAllText(_temp["nets.csv"]));
    }

    [Fact]
    public async Task Should_show_intervals_of_every_statistic_and_what_has_no_value()
    {
        WriteTable();
        var table = File.ReadAllText(_temp["nets.csv"]).Replace(",39,b", ",39,alone", StringComparison.Ordinal);
        File.WriteAllText(_temp["nets.csv"], "\uFEFF" + table);

        var outcome = await ZenNasProgram.Run(_temp.Path, Correlate("flops,synflow", "study")[..^1]);

        Assert.True(outcome.ExitCode == 0, outcome.Error);
        foreach (var name in new[] { "Kendall τ", "Spearman ρ", "Pearson r" })
        {
            Assert.Contains($"all, {name} with 95 % interval: 8 networks, 2 bins of about equal MACs\n", outcome.Output, StringComparison.Ordinal);
            Assert.Contains($"alone, {name} with 95 % interval: 1 network, too few for bins\n", outcome.Output, StringComparison.Ordinal);
        }

        Assert.Matches(@"synflow +│ +-1\.000 \[-1\.000, -1\.000\] │ +-2\.000 \[-2\.000, -2\.000\] │ +-1\.000 \[", outcome.Output);
        Assert.Contains("no value", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("1 repeat of scores with noise", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("synflow: −ln of the synaptic flow; larger is better, the published quantity being negated", outcome.Output, StringComparison.Ordinal);
    }

    private static string[] Correlate(string scores, string folder) =>
    [
        "correlate", "nets.csv", "--network-column", "structure", "--target-column", "error", "--lower-is-better", "--group-column", "family",
        "--scores", scores, "--resolution", "8", "--classes", "10", "--batch", "6", "--bins", "2", "--out", folder, "--json",
    ];

    private void WriteTable()
    {
        var table = new StringBuilder("structure,error,family\n");
        for (var i = 0; i < 8; i++)
        {
            table.Append($"\"SuperConvK3BNRELU(3,{16 + 8 * i},1,1)SuperConvK3BNRELU({16 + 8 * i},32,2,1)\",{40 - i},{(i % 2 == 0 ? "a" : "b")}\n");
        }

        File.WriteAllText(_temp["nets.csv"], table.Append("no-such-network,30,a\nresnet-18,good,b\n").ToString());
    }
}

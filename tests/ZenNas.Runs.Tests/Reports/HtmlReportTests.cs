using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using ZenNas.Architectures;
using ZenNas.Complexity;
using ZenNas.Runs.Reports;
using ZenNas.Scores;

namespace ZenNas.Runs.Tests.Reports;

public sealed class HtmlReportTests
{
    private const string Hostile = "<img src=x onerror=alert(1)>\"'</script>&";

    [Fact]
    public void Should_refer_to_nothing_outside_the_page()
    {
        var page = HtmlReport.Render(ReportSample.Create());

        Assert.DoesNotMatch(@"(src|href|action)\s*=\s*(?![""']?data:)", WithoutScripts(page));
        Assert.DoesNotMatch(@"url\(|@import", page);
    }

    [Fact]
    public void Should_encode_texts_of_the_user_everywhere()
    {
        var report = ReportSample.Create() with
        {
            SpaceName = Hostile,
            ScoreName = Hostile,
            Preset = Hostile,
            Command = Hostile,
            Version = Hostile,
            Failures = [ReportSample.Failed(Hostile, 1)],
        };

        var page = HtmlReport.Render(report);

        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.Equal(Count(HtmlReport.Render(ReportSample.Create()), "</script>"), Count(page, "</script>"));
        Assert.Equal(Hostile, ChartData(page).GetProperty("scoreName").GetString());
    }

    [Fact]
    public void Should_not_depend_on_the_order_of_the_population()
    {
        var report = ReportSample.Create();

        Assert.Equal(HtmlReport.Render(report), HtmlReport.Render(report with { Population = [.. report.Population.Reverse()] }));
    }

    [Fact]
    public void Should_not_depend_on_the_culture()
    {
        var expected = HtmlReport.Render(ReportSample.Create());
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat = new NumberFormatInfo { NumberDecimalSeparator = ",", NumberGroupSeparator = ".", NegativeSign = "~" };

        Assert.Equal(expected, InCulture(culture, () => HtmlReport.Render(ReportSample.Create())));
    }

    [Fact]
    public void Should_not_show_the_closed_form_as_measured()
    {
        var page = HtmlReport.Render(ReportSample.Create());

        Assert.Contains("<dt>Zen-Score, closed form</dt><dd><b>123.457</b>", page, StringComparison.Ordinal);
        Assert.Contains("<dt>Zen-Score, measured</dt><dd><b>–</b> <span>not measured in this run</span>", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(16, 2.0, "<b>120.500 ± 0.500</b> <span>mean ± standard error of 16 repeats")]
    [InlineData(16, 0.001, "<b>120.500 ± &lt;0.001</b>")]
    [InlineData(1, double.NaN, "<b>120.500</b> <span>1 repeat, standard error unknown")]
    public void Should_show_a_measurement_with_its_uncertainty(int repeats, double deviation, string expected)
    {
        var page = HtmlReport.Render(ReportSample.WithMeasurement(new ScoreValue(120.5, deviation, repeats)));

        Assert.Contains(expected, page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1_000_000, 999_796, "999,796 of 1,000,000 parameters, 99.98\u00A0%")]
    [InlineData(1_000_000, 999_999, "999,999 of 1,000,000 parameters, 99.99\u00A0%")]
    [InlineData(1_000_000, 1_000_000, "1,000,000 of 1,000,000 parameters, 100.00\u00A0%")]
    public void Should_compare_the_best_network_with_the_limits(long limit, long used, string expected)
    {
        var report = ReportSample.Create();
        var best = report.Best[0].Candidate;
        var changed = best with { Cost = best.Cost with { Parameters = used } };

        var page = HtmlReport.Render(report with { Budget = new Budget(limit), Best = [report.Best[0] with { Candidate = changed }] });

        Assert.Contains(expected, page, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_say_that_there_was_no_limit() =>
        Assert.Contains("no limit on parameters", HtmlReport.Render(ReportSample.Create() with { Budget = new Budget() }), StringComparison.Ordinal);

    [Fact]
    public void Should_group_blocks_by_the_resolution_they_put_out()
    {
        var page = HtmlReport.Render(ReportSample.Create(ModelZoo.Find("resnet-50")!.Architecture));

        var panels = Regex.Matches(page, "<h3>Stage [^<]*<span>([^<]*)</span></h3><ol>(.*?)</ol>", RegexOptions.Singleline);

        Assert.Equal(["112", "56", "28", "14", "7"], panels.Select(p => p.Groups[1].Value.Split('\u00A0')[0]));
        Assert.Equal([1, 2, 1, 1, 1], panels.Select(p => Count(p.Groups[2].Value, "<li")));
    }

    [Fact]
    public void Should_offer_the_structure_string_to_copy()
    {
        var page = HtmlReport.Render(ReportSample.Create());

        Assert.Contains($"<pre class=\"copyable\"><code>{ReportSample.Structure}</code></pre>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_give_json_where_no_structure_string_exists()
    {
        var architecture = ModelZoo.Find("resnet-18")!.Architecture;

        var page = HtmlReport.Render(ReportSample.Create(architecture));

        var json = Regex.Match(page, "<pre class=\"copyable\"><code>(\\{.*?)</code>", RegexOptions.Singleline).Groups[1].Value;
        Assert.Equal(architecture, ArchitectureJson.Parse(System.Net.WebUtility.HtmlDecode(json)));
    }

    [Fact]
    public void Should_chart_the_population_and_the_limits()
    {
        var data = ChartData(HtmlReport.Render(ReportSample.Create()));

        Assert.Equal([123.4567, 20], data.GetProperty("population").GetProperty("score").EnumerateArray().Select(s => s.GetDouble()));
        Assert.Equal(1_000_000, data.GetProperty("limits").GetProperty("parameters").GetInt64());
        Assert.Equal(JsonValueKind.Null, data.GetProperty("limits").GetProperty("macs").ValueKind);
    }

    [Fact]
    public void Should_write_a_report_without_population_convergence_and_time()
    {
        var empty = ReportSample.Create() with { Population = [], Convergence = [], Counts = default, SearchSeconds = 0 };

        var page = HtmlReport.Render(empty);

        Assert.Contains("No scores were recorded", page, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", WithoutScripts(page), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_have_a_column_for_a_search_score_that_is_not_the_closed_form()
    {
        var report = ReportSample.Create() with { ScoreName = "zen" };
        var apart = report with { Best = [report.Best[0] with { ClosedForm = 99 }] };

        Assert.DoesNotContain("Search score", HtmlReport.Render(report), StringComparison.Ordinal);
        Assert.Contains("Search score (zen)", HtmlReport.Render(apart), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_head_with_the_score_that_was_maximised_where_it_is_not_the_closed_form()
    {
        var report = ReportSample.Create() with { ScoreName = "naswot" };
        var best = report.Best[0] with { ClosedForm = 99 };

        Assert.DoesNotContain("what the search maximised", HtmlReport.Render(report), StringComparison.Ordinal);
        var page = HtmlReport.Render(report with { Best = [best] });
        Assert.Contains("<dt>Search score, naswot</dt><dd><b>123.457</b> <span>what the search maximised</span>", page, StringComparison.Ordinal);
        Assert.Contains("<dt>Zen-Score, closed form</dt><dd><b>99.000</b>", page, StringComparison.Ordinal);
    }

    /// <summary>Scores go from a condition number's logarithm to FLOPs.</summary>
    [Theory]
    [InlineData(33_420_880, "33,420,880")]
    [InlineData(12, "12.000")]
    [InlineData(-482.4853, "-482.485")]
    [InlineData(0, "0.000")]
    [InlineData(0.000123456, "1.2346e-4")]
    [InlineData(2.5e17, "2.5e+17")]
    public void Should_write_scores_of_any_size(double score, string expected)
    {
        var report = ReportSample.Create() with { ScoreName = "flops", Convergence = [new ConvergencePoint(0, score, score)] };
        var best = report.Best[0] with { Candidate = report.Best[0].Candidate with { Score = score }, ClosedForm = 99 };

        var page = HtmlReport.Render(report with { Best = [best] });

        Assert.Contains($"<dt>Search score, flops</dt><dd><b>{expected}</b>", page, StringComparison.Ordinal);
        Assert.Contains($"<td>{expected}</td>", page, StringComparison.Ordinal);
        Assert.Contains($"The best score went from {expected} at step 0", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_count_networks_without_a_score_by_reason()
    {
        var report = ReportSample.Create();

        Assert.DoesNotContain("without a score", HtmlReport.Render(report), StringComparison.Ordinal);
        var page = HtmlReport.Render(report with { Failures = [ReportSample.Failed("it is singular", 1200), ReportSample.Failed("it is too large", 1)] });
        Assert.Contains("<dt>it is singular</dt><dd>1,200 networks <span>first at step 12</span>", page, StringComparison.Ordinal);
        Assert.Contains("<dt>it is too large</dt><dd>1 network <span>first at step 12</span>", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SqueezeExcitation.None, null)]
    [InlineData(SqueezeExcitation.Quarter, "1/4")]
    [InlineData(SqueezeExcitation.InputQuarter, "1/4 of input")]
    public void Should_name_the_kind_of_squeeze_and_excitation(SqueezeExcitation kind, string? expected)
    {
        var page = HtmlReport.Render(ReportSample.Create(new Architecture([new BasicBlock(3, 16, 1, 8, squeezeExcitation: kind)], 32, 10)));

        var shown = Regex.Match(page, "<dt>Squeeze-exc.</dt><dd>([^<]*)</dd>");
        Assert.Equal(expected, shown.Success ? shown.Groups[1].Value : null);
    }

    private static string WithoutScripts(string page) => Regex.Replace(page, "<script.*?</script>", "", RegexOptions.Singleline);

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private static JsonElement ChartData(string page)
    {
        var json = Regex.Match(page, "<script type=\"application/json\" id=\"report-data\">(.*?)</script>").Groups[1].Value;
        return JsonDocument.Parse(json).RootElement;
    }

    private static string InCulture(CultureInfo culture, Func<string> render)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = culture;
        try
        {
            return render();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Text;
using ZenNas.Architectures;
using ZenNas.Search;
using ZenNas.Spaces;
using ZenNas.Tests.Architectures;
using ZenNas.Tests.Reference;
using ZenNas.Tests.Spaces;

namespace ZenNas.Tests.Json;

/// <summary>Whatever a file holds, a parser returns a value or one sentence for the user.</summary>
public sealed class HostileInputTests
{
    private const long MostBytes = 64 << 20;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    [Fact]
    public void Should_survive_40_000_damaged_structure_strings() => Survive(
        40_000, [.. ZooRow.All.Select(r => r.Structure), "SuperConvK3BNRELU(stem|3,8,1,1)SuperResK3K3(8,8,1,8,1)\n"],
        text => StructureString.Parse(text, 32, 10), a => StructureString.Parse(StructureString.TryFormat(a)!, 32, 10));

    [Fact]
    public void Should_survive_30_000_damaged_architecture_files() => Survive(
        30_000, [.. ArchitectureVariants.All.Select(ArchitectureJson.Write), ArchitectureJson.Write(ModelZoo.Find("resnet-50")!.Architecture)],
        ArchitectureJson.Parse, a => ArchitectureJson.Parse(ArchitectureJson.Write(a)));

    [Fact]
    public void Should_survive_30_000_damaged_space_files() => Survive(
        30_000, [TestSpaces.Flat, TestSpaces.Narrow, .. SearchSpaceJson.BuiltinNames.Select(n => SearchSpaceJson.BuiltinText(n)!)],
        SearchSpaceJson.Parse, s => s);

    /// <summary>Cases that random damage seldom makes.</summary>
    public static TheoryData<string> Nasty =>
    [
        "", " ", "null", "1", "[]", "{}", "\"\"", "{", "\0", "\ufeff{}", "\ud800", "{\"\ud800\":1}", "{\"\\ud800\":1}", "{\"\\ud800\":1,\"\\ud800\":1}",
        "{\"format\":\"\\ud800\"}", "{\"a\\u0000\\n\\u2028b\":1}", "{\"a\\u001b[2J\\n\":1,\"a\\u001b[2J\\n\":2}", "{\"format\":\"a\\n\\u0000b\u2028c\u202e\"}",
        "{\"format\":1e400}", "{\"format\":{\"a\":[1,2]}}", "{\"format\":\"zennas/architecture\",\"version\":1e0}",
        "{\"format\":\"zennas/architecture\",\"version\":99999999999999999999999}", "{\"format\":\"zennas/space\",\"version\":-0}", "{'format':1}",
        "{\"format\":1,}", "/*a*/{}", "{\"format\":NaN}", "{\"blocks\":[{\"type\":1}]}", "(", ")", "SuperConvK3BNRELU", "SuperConvK3BNRELU(",
        "SuperConvK3BNRELU()", "SuperConvK3BNRELU(|)", "SuperConvK3BNRELU(a|b|3,8,1,1)", "SuperConvK3BNRELU(3,8,1,1", "SuperConvK3BNRELU(3,8,1,1))",
        "SuperConvK3BNRELU(3,8,1,1),", "SuperConvK3BNRELU(-3,8,1,1)", "SuperConvK3BNRELU(3 ,8,1,1)", "SuperConvK3BNRELU(３,8,1,1)",
        "SuperConvK3BNRELU(3,8,1,1,1,1,1,1)", "SuperConvK3BNRELU(3,8,1)", "SuperConvK9BNRELU(3,8,1,1)", "SuperResK3K5(3,8,1,8,1)",
        "SuperResIDWE3K3(3,8,1,8,1)", "SuperResIDWE6K\u2028(3,8,1,8,1)", "Super\u202eConvK3BNRELU(3,8,1,1)", "SuperConvK3BNRELU(0,8,1,1)",
        "SuperConvK3BNRELU(3,2147483647,1,1)", "SuperConvK3BNRELU(3,2147483648,1,1)", "SuperConvK3BNRELU(3,8,1,1)SuperConvK3BNRELU(9,8,1,1)",
    ];

    [Theory, MemberData(nameof(Nasty), DisableDiscoveryEnumeration = true)]
    public void Should_answer_nasty_texts_with_one_sentence(string text)
    {
        if (!text.Contains('|', StringComparison.Ordinal))
        {
            AssertRefused(() => StructureString.Parse(text, 32, 10));
        }

        AssertRefused(() => ArchitectureJson.Parse(text));
        AssertRefused(() => SearchSpaceJson.Parse(text));
    }

    [Fact]
    public void Should_refuse_files_above_the_limit_and_read_files_at_it()
    {
        var json = ArchitectureJson.Write(new Architecture([new ConvolutionBlock(3, 8)], 32, 10));
        Assert.Equal(1, ArchitectureJson.Parse(json.PadRight(Limits.FileSize)).Layers);
        AssertRefused(() => ArchitectureJson.Parse(json.PadRight(Limits.FileSize + 1)));

        // Fewer characters than the limit, more bytes.
        AssertRefused(() => ArchitectureJson.Parse("\"" + new string('€', Limits.FileSize / 2) + "\""));
        const string Structure = "SuperConvK3BNRELU(3,8,1,1)";
        Assert.Equal(1, StructureString.Parse(Structure.PadRight(Limits.FileSize), 32, 10).Layers);
        AssertRefused(() => StructureString.Parse(Structure.PadRight(Limits.FileSize + 1), 32, 10));
    }

    /// <summary>Texts as long as allowed, of the parts that cost most.</summary>
    public static TheoryData<string, string, string> LongTexts => new()
    {
        { "", "[", "" },
        { "", "{\"a\":", "" },
        { "[", "1,", "1]" },
        { "{", "\"a\":1,", "\"b\":1}" },
        { "{\"format\":\"", "\\n", "\"}" },
        { "{\"format\":\"zennas/architecture\",\"version\":1,\"resolution\":1,\"classes\":1,\"blocks\":[", "{},", "{}]}" },
        { "{\"format\":\"zennas/space\",\"version\":1,\"blocks\":[", "\"basic\",", "\"basic\"]}" },
        { "", "9", "" },
        { "SuperConvK1BNRELU(", "1", ",1,1,1)" },
        { "SuperConvK1BNRELU(", "1,", "1)" },
        { "SuperConvK1BNRELU(", "a", "|1,1,1,1)" },
        { "", "SuperConvK1BNRELU(1,1,1,1)", "" },
        { "", "(", "" },
        { "", "A", "" },
        { "A(", "|", "" },
    };

    [Theory, MemberData(nameof(LongTexts))]
    public void Should_refuse_long_texts_at_little_cost(string before, string part, string after)
    {
        var times = (Limits.FileSize - before.Length - after.Length) / part.Length;
        var text = before + new StringBuilder(part.Length * times).Insert(0, part, times) + after;
        var start = Stopwatch.GetTimestamp();
        AssertRefused(() => StructureString.Parse(text, 32, 10));
        AssertRefused(() => ArchitectureJson.Parse(text));
        AssertRefused(() => SearchSpaceJson.Parse(text));
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Should_read_the_largest_architecture_at_little_cost()
    {
        var block = new InvertedBottleneckBlock(6, 7, Limits.Width, 1, Limits.Width, 4, Projection.FirstUnit, SqueezeExcitation.Quarter);
        var json = ArchitectureJson.Write(new Architecture([.. Enumerable.Repeat(block, Limits.Blocks)], Limits.Resolution, Limits.Classes));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var layers = Network.Lower(ArchitectureJson.Parse(json)).Layers.Length;
        Assert.True(layers > 1_024 * 36);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < MostBytes);
    }

    private static void Survive<T>(int count, string[] valid, Func<string, T> parse, Func<T, T> roundTrip)
    {
        Assert.All(valid, text => Assert.NotNull(parse(text)));
        var (accepted, start) = (0, Stopwatch.GetTimestamp());
        for (var i = 0; i < count; i++)
        {
            var random = new StepRandom(42, (ulong)i);
            var text = TextMutator.Mutate(valid[random.Next(valid.Length)], ref random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                var value = parse(text);
                accepted++;
                Assert.Equal(value, roundTrip(value));
            }
            catch (InvalidInputException e)
            {
                AssertSentence(e.Message);
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"{e.GetType().Name} for: {Shown(text)}");
            }

            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < MostBytes, Shown(text));
        }

        // Some damage is harmless, most isn't: otherwise this would test less than it says.
        Assert.InRange(accepted, count / 100, count / 2);
        Assert.True(Stopwatch.GetElapsedTime(start) < Longest);
    }

    private static void AssertRefused(Action parse)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        AssertSentence(Assert.Throws<InvalidInputException>(parse).Message);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < MostBytes);
    }

    private static void AssertSentence(string message)
    {
        Assert.InRange(message.Length, 10, 399);
        Assert.DoesNotContain(message, c => char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate);
    }

    private static string Shown(string text) =>
        string.Concat(text.Take(2_000).Select(c => c is >= ' ' and < '\u007f' ? c.ToString() : $"\\u{(int)c:x4}"));
}

using System.Security.Cryptography;
using System.Text;
using ZenNas.Architectures;
using ZenNas.Json;
using ZenNas.Latency;

namespace ZenNas.Tests.Latency;

public sealed class LatencyProfileJsonTests
{
    private static readonly LatencyProfile Profile = SyntheticDevice.Profile(networks: 12);
    private static readonly string Text = LatencyProfileJson.Write(Profile);

    [Fact]
    public void Should_read_what_it_wrote()
    {
        var read = LatencyProfileJson.Parse(Text);

        Assert.Equal((Profile.Machine, Profile.Conditions, Profile.Scope), (read.Machine, read.Conditions, read.Scope));
        Assert.Equal(Profile.Samples, read.Samples);
        Assert.Equal(Profile.MsPerMac, read.MsPerMac);
        var network = Network.Lower(SyntheticDevice.Sampler(9).Random(0));
        Assert.Equal(Profile.Predictor().Ms(network), read.Predictor().Ms(network));
        Assert.Equal(Text, LatencyProfileJson.Write(read));
    }

    [Theory]
    [InlineData(ThreadWaiting.Sleep, "2 threads that sleep,")]
    [InlineData(ThreadWaiting.Spin, "2 threads that spin,")]
    [InlineData(null, "2 threads,")]
    public void Should_keep_what_threads_did_between_kernels(ThreadWaiting? waiting, string shown)
    {
        var conditions = Profile.Conditions with { Waiting = waiting, Threads = 2 };
        var node = LatencyProfileJson.ToNode(conditions);

        Assert.Equal(conditions, StrictJson.Read(node.ToJsonString(), "conditions", 10_000, LatencyProfileJson.ReadConditions));
        Assert.Contains(shown, conditions.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Then there was no choice, and ONNX Runtime's threads spun.</summary>
    [Fact]
    public void Should_take_conditions_of_earlier_runs_for_threads_that_spin()
    {
        var node = LatencyProfileJson.ToNode(Profile.Conditions with { Threads = 2 });
        Assert.True(node.Remove("waiting"));

        Assert.Equal(ThreadWaiting.Spin, StrictJson.Read(node.ToJsonString(), "conditions", 10_000, LatencyProfileJson.ReadEarlierConditions).Waiting);
    }

    /// <summary>Runs keep their profile's text, and shall go on.</summary>
    [Fact]
    public void Should_predict_from_version_2_as_before()
    {
        var content = Text[(Text.IndexOf("\"content\": ", StringComparison.Ordinal) + "\"content\": ".Length)..].TrimEnd()[..^1].Replace(",\"waiting\":\"sleep\"", "", StringComparison.Ordinal);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
        var read = LatencyProfileJson.Parse($$"""{"format": "{{LatencyProfileJson.Format}}", "version": 2, "sha256": "{{hash}}", "content": {{content}}}""");

        var network = Network.Lower(SyntheticDevice.Sampler(9).Random(0));
        Assert.Equal(Profile.Predictor().Ms(network), read.Predictor().Ms(network));
    }

    [Fact]
    public void Should_refuse_a_text_that_was_cut_off_anywhere()
    {
        var random = new Random(1);
        for (var i = 0; i < 50; i++)
        {
            var length = random.Next(Text.Length - 3);
            Assert.Throws<InvalidInputException>(() => LatencyProfileJson.Parse(Text[..length]));
        }
    }

    [Fact]
    public void Should_refuse_a_text_whose_numbers_were_edited()
    {
        var random = new Random(2);
        var start = Text.IndexOf("\"kernels\"", StringComparison.Ordinal);
        for (var i = 0; i < 50; i++)
        {
            var place = random.Next(start, Text.Length);
            while (!char.IsAsciiDigit(Text[place]))
            {
                place = random.Next(start, Text.Length);
            }

            var edited = Text[..place] + (char)('0' + (Text[place] - '0' + 1) % 10) + Text[(place + 1)..];
            Assert.Contains("checksum", Assert.Throws<InvalidInputException>(() => LatencyProfileJson.Parse(edited)).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("\"version\": 3", "\"version\": 4", "latency profile, version: is 4; allowed is a whole number from 2 to 3")]
    [InlineData("zennas/latency-profile", "zennas/run", "latency profile, format: is \"zennas/run\"; allowed is \"zennas/latency-profile\"")]
    public void Should_refuse_other_formats_and_versions(string part, string other, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<InvalidInputException>(() => LatencyProfileJson.Parse(Text.Replace(part, other, StringComparison.Ordinal))).Message);
}

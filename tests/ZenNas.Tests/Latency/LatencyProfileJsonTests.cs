using ZenNas.Architectures;
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
    [InlineData("\"version\": 3", "\"version\": 4", "latency profile, version: is 4; allowed is a whole number from 3 to 3")]
    [InlineData("zennas/latency-profile", "zennas/run", "latency profile, format: is \"zennas/run\"; allowed is \"zennas/latency-profile\"")]
    public void Should_refuse_other_formats_and_versions(string part, string other, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<InvalidInputException>(() => LatencyProfileJson.Parse(Text.Replace(part, other, StringComparison.Ordinal))).Message);
}

using System.Buffers.Binary;
using System.Text.Json.Nodes;
using ZenNas.Architectures;
using ZenNas.Search;
using ZenNas.Weights;

namespace ZenNas.Tests.Weights;

public sealed class WeightsFileTests
{
    private const string First = "block1.unit1.conv1.weight";
    private const string Variance = "block1.unit1.bn1.running_var";

    private static readonly Architecture Small = new(
        [
            new ConvolutionBlock(3, 4), new MaxPoolBlock(3, 2, 4), new BottleneckBlock(3, 6, 2, 4, 1, 1, groupWidth: 2, squeezeExcitation: SqueezeExcitation.InputQuarter),
            new InvertedBottleneckBlock(2, 3, 6, 1, 4, squeezeExcitation: SqueezeExcitation.Quarter),
        ],
        16, 5);

    private static readonly Network Net = Network.Lower(Small);
    private static readonly byte[] Valid = WeightsFile.ToBytes(NetworkWeights.Random(Net, 1));

    [Theory, InlineData(false), InlineData(true)]
    public void Should_read_back_what_was_written(bool folded)
    {
        var drawn = new NetworkWeights(Net, NetworkWeights.Random(Net, 3).Layers, epsilon: 1.0 / 3000);
        var weights = folded ? drawn.FoldBatchNorms() : drawn;
        var file = WeightsFile.ToBytes(weights);

        var read = Read(file);

        Assert.Equal(weights.Layers.AsEnumerable(), read.Layers);
        Assert.Equal((weights.Epsilon, folded), (read.Epsilon, read.IsFolded));
        Assert.Equal(file, WeightsFile.ToBytes(read));
    }

    [Theory, InlineData("zennet_cifar_model_size1M_res32"), InlineData("resnet-18")]
    public void Should_read_back_published_networks(string name)
    {
        var weights = NetworkWeights.Random(Network.Lower(ModelZoo.Find(name)!.Architecture), 1);
        var other = Network.Lower(weights.Network.Architecture.With(resolution: 96));

        Assert.Equal(weights.Layers.AsEnumerable(), WeightsFile.Read(other, new MemoryStream(WeightsFile.ToBytes(weights))).Layers);
    }

    /// <summary>The layout, by hand: header length, header, numbers in the order of the layers, each where its offsets say.</summary>
    [Fact]
    public void Should_lay_the_file_out_as_documented()
    {
        var (header, numbers) = SafeTensorsBytes.Of(Valid);

        var tensor = header[First]!;
        Assert.Equal("""{"dtype":"F32","shape":[4,3,3,3],"data_offsets":[0,432]}""", tensor.ToJsonString());
        Assert.Equal(NetworkWeights.Random(Net, 1).Layers[0]!.Weight[107], BinaryPrimitives.ReadSingleLittleEndian(numbers.AsSpan(428)));
        Assert.Equal(0, SafeTensorsBytes.HeaderLength(Valid) % 8);
        var metadata = header["__metadata__"]!;
        Assert.Equal(Small, ArchitectureJson.Parse((string)metadata["zennas.architecture"]!));
        Assert.Equal(("1E-05", "kept"), ((string)metadata["zennas.epsilon"]!, (string)metadata["zennas.batch_norm"]!));
        Assert.Equal(numbers.Length, (long)header["head.linear1.bias"]!["data_offsets"]![1]!);
    }

    /// <summary>Files of other programs say nothing about the network, or other things.</summary>
    [Theory, InlineData(null), InlineData("""{"format":"pt"}""")]
    public void Should_read_files_without_our_metadata(string? metadata)
    {
        var read = Read(Edited(header =>
        {
            header.Remove("__metadata__");
            if (metadata is not null)
            {
                header["__metadata__"] = JsonNode.Parse(metadata);
            }
        }));

        Assert.Equal(NetworkWeights.DefaultEpsilon, read.Epsilon);
        Assert.Equal(Read(Valid).Layers.AsEnumerable(), read.Layers);
    }

    /// <summary>PyTorch's state has a counter beside every batch normalisation, here the first tensor of the file.</summary>
    [Fact]
    public void Should_pass_over_the_counters_of_PyTorch()
    {
        var (header, numbers) = SafeTensorsBytes.Of(Valid);
        foreach (var (_, tensor) in header.Where(entry => entry.Key != "__metadata__"))
        {
            tensor!["data_offsets"] = new JsonArray((long)tensor["data_offsets"]![0]! + 8, (long)tensor["data_offsets"]![1]! + 8);
        }

        header["block1.unit1.bn1.num_batches_tracked"] = JsonNode.Parse("""{"dtype":"I64","shape":[],"data_offsets":[0,8]}""");

        Assert.Equal(Read(Valid).Layers.AsEnumerable(), Read(new SafeTensorsBytes(header, [1, 2, 3, 4, 5, 6, 7, 8, .. numbers]).Join()).Layers);
    }

    public static TheoryData<string, string, string> Edits => new()
    {
        { First, "null", "weights file, block1.unit1.conv1.weight: is missing" },
        { "extra", """{"dtype":"F32","shape":[1],"data_offsets":[0,4]}""", "weights file, extra: is unknown here; remove it" },
        { First, "[]", "weights file, block1.unit1.conv1.weight: is a list of 0 items; allowed is an object" },
        { First + "/dtype", "\"F16\"", "weights file, block1.unit1.conv1.weight.dtype: is \"F16\"; allowed is \"F32\"" },
        { First + "/shape", "[3,4,3,3]", "weights file, block1.unit1.conv1.weight.shape: is 3×4×3×3; allowed is 4×3×3×3" },
        { First + "/shape", "[108]", "weights file, block1.unit1.conv1.weight.shape: is 108; allowed is 4×3×3×3" },
        { First + "/shape", "[4,-3]", "weights file, block1.unit1.conv1.weight.shape[1]: is -3; allowed is a whole number from 0 to 9223372036854775807" },
        { First + "/data_offsets", "[0,428]", "weights file, block1.unit1.conv1.weight.data_offsets: is 0 to 428; allowed are begin and end of 432 bytes" },
        { First + "/data_offsets", "[9223372036854775807,0]", "weights file, block1.unit1.conv1.weight.data_offsets: is 9223372036854775807 to 0; allowed are begin and end of 432 bytes" },
        { First + "/data_offsets", "[4,436]", "weights file, block1.unit1.conv1.weight: begins at byte 4 of the numbers; allowed is 0, as tensors neither overlap nor leave gaps" },
        { First + "/data_offsets", "[1000000,1000432]", "weights file, block1.unit1.bn1.weight: begins at byte 432 of the numbers; allowed is 0, as tensors neither overlap nor leave gaps" },
        { Variance + "/data_offsets", "[464,480]", "weights file, block1.unit1.bn1.running_var: begins at byte 464 of the numbers; allowed is 480, as tensors neither overlap nor leave gaps" },
        { First + "/more", "1", "weights file, block1.unit1.conv1.weight.more: is unknown here; remove it" },
        { "__metadata__/zennas.epsilon", "\"0\"", "weights file, zennas.epsilon: is '0'; allowed is a number above 0 and at most 1" },
        { "__metadata__/zennas.epsilon", "1", "weights file, __metadata__.zennas.epsilon: is 1; allowed is a text of at most 524288 characters" },
        { "__metadata__/zennas.batch_norm", "\"gone\"", "weights file, zennas.batch_norm: is 'gone'; allowed is one of kept, folded" },
        { "__metadata__/zennas.batch_norm", "\"folded\"", "weights file, block1.unit1.conv1.bias: is missing" },
        { "__metadata__/zennas.architecture", "\"{}\"", "architecture file, format: is missing" },
    };

    [Theory, MemberData(nameof(Edits))]
    public void Should_say_what_is_wrong_and_what_is_allowed(string path, string value, string message)
    {
        var file = Edited(header =>
        {
            var names = path.Split('/');
            var parent = names.Length == 1 ? header : header[names[0]]!.AsObject();
            parent.Remove(names[^1]);
            if (JsonNode.Parse(value) is { } node)
            {
                parent[names[^1]] = node;
            }
        });

        Assert.Equal(message, Refusal(file));
    }

    public static TheoryData<byte[], string> Broken => new()
    {
        { [], "weights file ends after 0 of 8 bytes of the length of its header; allowed is a whole file" },
        { Valid[..7], "weights file ends after 7 of 8 bytes of the length of its header; allowed is a whole file" },
        { Valid[..20], $"weights file ends after 12 of {SafeTensorsBytes.HeaderLength(Valid)} bytes of its header; allowed is a whole file" },
        { Valid[..^1], "weights file ends after 19 of 20 bytes of head.linear1.bias; allowed is a whole file" },
        { [.. Valid, 0], $"weights file goes on after its last tensor; allowed are {SafeTensorsBytes.Of(Valid).Numbers.Length} bytes of numbers" },
        { [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], "weights file has a header of 18446744073709551615 bytes; allowed are 2 to 33554432" },
        { new byte[100], "weights file has a header of 0 bytes; allowed are 2 to 33554432" },
        { SafeTensorsBytes.Join([0xFF, 0xFE], []), "weights file has a header that isn't UTF-8 text; allowed is JSON" },
        { SafeTensorsBytes.Join("{}}"u8.ToArray(), []), "weights file, line 1: not valid JSON of at most 16 levels" },
        { SafeTensorsBytes.Join("[1]"u8.ToArray(), []), "weights file is a list of 1 items; allowed is an object" },
        { SafeTensorsBytes.Join("""{"a":1,"a":2}"""u8.ToArray(), []), "weights file, a: is given twice; allowed is once" },
        { WithNumber(First, 2, float.NaN), "weights file, block1.unit1.conv1.weight: holds NaN at position 2; allowed are finite numbers" },
        { WithNumber(Variance, 3, -0.5f), "weights file, block1.unit1.bn1.running_var: holds -0.5 at position 3; allowed are finite numbers from 0" },
    };

    [Theory, MemberData(nameof(Broken), DisableDiscoveryEnumeration = true)]
    public void Should_refuse_broken_files(byte[] file, string message) => Assert.Equal(message, Refusal(file));

    public static TheoryData<Architecture, string> Others => new()
    {
        { Small.With(classes: 6), "weights file holds the weights of another network: classes is 5; allowed is 6" },
        { new Architecture(Small.Blocks, 16, 5, inputChannels: 4), "weights file holds the weights of another network: input channels is 3; allowed is 4" },
        { new Architecture(Small.Blocks[..3], 16, 5), "weights file holds the weights of another network: number of blocks is 4; allowed is 3" },
        {
            new Architecture(Small.Blocks.SetItem(0, new ConvolutionBlock(3, 4, stride: 2)), 16, 5),
            "weights file holds the weights of another network: block 1 isn't the same; allowed is that of the network the weights are for"
        },
    };

    [Theory, MemberData(nameof(Others), DisableDiscoveryEnumeration = true)]
    public void Should_refuse_the_weights_of_another_network(Architecture architecture, string message) => Assert.Equal(
        message, Assert.Throws<InvalidInputException>(() => WeightsFile.Read(Network.Lower(architecture), new MemoryStream(Valid))).Message);

    /// <summary>Whatever is cut off, put in or flipped: one sentence, or weights that are valid and survive another round trip.</summary>
    [Fact]
    public void Should_survive_4_000_damaged_files()
    {
        var accepted = 0;
        for (var i = 0; i < 4_000; i++)
        {
            var random = new StepRandom(9, (ulong)i);
            var file = Damage(Valid, ref random);
            try
            {
                var read = Read(file);
                accepted++;
                Assert.Equal(read.Layers.AsEnumerable(), Read(WeightsFile.ToBytes(read)).Layers);
                Assert.All(read.Tensors(), tensor => Assert.All(tensor.Values, value => Assert.True(float.IsFinite(value))));
            }
            catch (InvalidInputException e)
            {
                Assert.InRange(e.Message.Length, 10, 399);
                Assert.DoesNotContain(e.Message, char.IsControl);
            }
        }

        // Flipped bits of numbers are harmless, most of the rest isn't.
        Assert.InRange(accepted, 400, 3_000);
    }

    [Fact]
    public void Should_refuse_networks_too_large_for_a_file()
    {
        var network = Network.Lower(new Architecture([new ConvolutionBlock(7, Limits.Width), new ConvolutionBlock(7, Limits.Width, repeats: 100)], 32, 10));

        var message = Assert.Throws<InvalidInputException>(() => NetworkWeights.Random(network, 1)).Message;

        Assert.Equal(message, Assert.Throws<InvalidInputException>(() => WeightsFile.Read(network, new MemoryStream(Valid))).Message);
        Assert.Matches("^the network has [0-9,]+ weights; allowed are at most 500,000,000$", message);
    }

    private static byte[] Damage(byte[] file, ref StepRandom random)
    {
        var damaged = file.ToArray();
        switch (random.Next(6))
        {
            case 0:
                return damaged[..random.Next(damaged.Length)];
            case 1:
                return [.. damaged, .. damaged[..random.Next(1, 64)]];
            case 2:
                var at = random.Next(damaged.Length);
                return [.. damaged[..at], (byte)random.Next(256), .. damaged[at..]];
            default:
                var begin = random.Next(2) == 0 ? 0 : SafeTensorsBytes.HeaderLength(file) + 8;
                for (var left = random.Next(1, 3); left > 0; left--)
                {
                    damaged[random.Next(begin, damaged.Length - 1)] ^= (byte)(1 << random.Next(8));
                }

                return damaged;
        }
    }

    private static byte[] Edited(Action<JsonObject> edit)
    {
        var parts = SafeTensorsBytes.Of(Valid);
        edit(parts.Header);
        return parts.Join();
    }

    private static byte[] WithNumber(string tensor, int position, float value)
    {
        var parts = SafeTensorsBytes.Of(Valid);
        var begin = (int)parts.Header[tensor]!["data_offsets"]![0]!;
        BinaryPrimitives.WriteSingleLittleEndian(parts.Numbers.AsSpan(begin + position * sizeof(float)), value);
        return parts.Join();
    }

    private static NetworkWeights Read(byte[] file) => WeightsFile.Read(Net, new MemoryStream(file));

    private static string Refusal(byte[] file) => Assert.Throws<InvalidInputException>(() => Read(file)).Message;
}

using System.Collections.Immutable;

namespace ZenNas.Training.Tests;

public sealed class CheckpointFileTests : IDisposable
{
    private static readonly Dictionary<string, long> Lengths = new() { ["parameters"] = 3, ["velocity"] = 2 };

    private static readonly Checkpoint Sample = new(
        1, [new EpochRow(1, 0.1, 2.25, 1.5, 0.5, 0.875, 12.5, 1.25, 60_000)],
        ImmutableSortedDictionary<string, float[]>.Empty.Add("parameters", [1, float.MinValue, 1e-30f]).Add("velocity", [0, -1]));

    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Should_read_what_it_writes()
    {
        CheckpointFile.Write(_path, Sample);
        var read = CheckpointFile.Read(_path, Lengths);

        Assert.Equal(Sample.Rows, read.Rows);
        Assert.Equal(Sample.Tensors["parameters"], read.Tensors["parameters"]);
        Assert.Equal(Sample.Tensors["velocity"], read.Tensors["velocity"]);
    }

    [Fact]
    public void Should_hold_a_training_that_has_not_finished_an_epoch()
    {
        CheckpointFile.Write(_path, new Checkpoint(0, [], Sample.Tensors));

        Assert.Empty(CheckpointFile.Read(_path, Lengths).Rows);
    }

    /// <summary>Every byte that is changed, and every length that is cut to, is noticed.</summary>
    [Fact]
    public void Should_refuse_damaged_files()
    {
        CheckpointFile.Write(_path, Sample);
        var whole = File.ReadAllBytes(_path);
        var numbers = 8 + (int)BitConverter.ToInt64(whole);
        foreach (var position in Enumerable.Range(numbers, whole.Length - numbers))
        {
            var damaged = (byte[])whole.Clone();
            damaged[position] ^= 1;
            AssertRefused(damaged);
        }

        foreach (var length in Enumerable.Range(0, whole.Length))
        {
            AssertRefused(whole[..length]);
        }

        AssertRefused([.. whole, 0]);
    }

    [Fact]
    public void Should_refuse_a_checkpoint_of_another_network()
    {
        CheckpointFile.Write(_path, Sample);

        Assert.Throws<InvalidInputException>(() => CheckpointFile.Read(_path, new Dictionary<string, long> { ["parameters"] = 4, ["velocity"] = 2 }));
        Assert.Throws<InvalidInputException>(() => CheckpointFile.Read(_path, new Dictionary<string, long> { ["parameters"] = 3 }));
    }

    private void AssertRefused(byte[] content)
    {
        File.WriteAllBytes(_path, content);
        Assert.Throws<InvalidInputException>(() => CheckpointFile.Read(_path, Lengths));
    }
}

using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ZenNas.Json;

namespace ZenNas.Training;

/// <summary>A training between two epochs: all tensors that go on, bit for bit.</summary>
/// <param name="epoch">Epochs finished.</param>
/// <param name="rows">A row for each of them.</param>
/// <param name="tensors">Numbers by name.</param>
internal sealed class Checkpoint(int epoch, ImmutableArray<EpochRow> rows, ImmutableSortedDictionary<string, float[]> tensors)
{
    public int Epoch { get; } = epoch;

    public ImmutableArray<EpochRow> Rows { get; } = rows;

    public ImmutableSortedDictionary<string, float[]> Tensors { get; } = tensors;
}

/// <summary>
/// Checkpoints in the safetensors format, with the epoch, the rows and a checksum over all numbers in the metadata; version 1. A file is written
/// beside its target and renamed.
/// </summary>
internal static class CheckpointFile
{
    private const string Format = "zennas/checkpoint";
    private const int Version = 1;
    private const string What = "checkpoint";
    private const int MostEpochs = 100_000;
    private const int MostHeader = 64 << 20;
    private const int Alignment = 8;

    public static void Write(string path, Checkpoint checkpoint)
    {
        var header = Header(checkpoint);
        var temporary = path + ".tmp";
        using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            stream.Write(BitConverter.GetBytes((long)header.Length));
            stream.Write(header);
            foreach (var (_, values) in checkpoint.Tensors)
            {
                stream.Write(MemoryMarshal.AsBytes(values.AsSpan()));
            }

            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    /// <exception cref="InvalidInputException">It can't be read, is damaged, or belongs to another training.</exception>
    /// <param name="path">The file.</param>
    /// <param name="expected">Names and lengths that the training needs.</param>
    public static Checkpoint Read(string path, IReadOnlyDictionary<string, long> expected)
    {
        try
        {
            using var stream = File.OpenRead(path);
            using var reader = new BinaryReader(stream);
            var length = reader.ReadInt64();
            if (length is <= 0 or > MostHeader || length > stream.Length)
            {
                throw Damaged(path);
            }

            var header = Encoding.UTF8.GetString(reader.ReadBytes((int)length));
            return StrictJson.Read(header, What, MostHeader, root => ReadContent(path, root, stream, expected));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"checkpoint '{path}' can't be read ({e.Message}); allowed is the file that a training wrote", e);
        }
    }

    /// <summary>Epochs that a checkpoint has finished, after its numbers were compared with its checksum.</summary>
    /// <exception cref="InvalidInputException">It is no checkpoint, or a damaged one.</exception>
    public static int EpochsOf(ReadOnlySpan<byte> content)
    {
        var length = content.Length < sizeof(long) ? 0 : BitConverter.ToInt64(content);
        if (length is <= 0 or > MostHeader || length > content.Length - sizeof(long))
        {
            throw Damaged(What);
        }

        var (epochs, checksum) = StrictJson.Read(Encoding.UTF8.GetString(content.Slice(sizeof(long), (int)length)), What, MostHeader, root =>
        {
            var (epoch, _, sha256) = root.Object("__metadata__", ReadMetadata);
            root.IgnoreRest();
            return (epoch, sha256);
        });
        return Convert.ToHexStringLower(SHA256.HashData(content[(sizeof(long) + (int)length)..])) == checksum ? epochs : throw Damaged(What);
    }

    private static Checkpoint ReadContent(string path, JsonObjectReader root, Stream stream, IReadOnlyDictionary<string, long> expected)
    {
        var (epoch, rows, checksum) = root.Object("__metadata__", ReadMetadata);
        var tensors = ImmutableSortedDictionary.CreateBuilder<string, float[]>(StringComparer.Ordinal);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, count) in expected.OrderBy(e => e.Key, StringComparer.Ordinal))
        {
            root.Object(name, o =>
            {
                o.OneOf("dtype", "F32");
                o.Numbers("shape", 1, count, count);
                return o.Numbers("data_offsets", 2, 0, long.MaxValue);
            });
            var values = new float[count];
            stream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes(values.AsSpan()));
            tensors.Add(name, values);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset()) == checksum && stream.Position == stream.Length
            ? new Checkpoint(epoch, rows, tensors.ToImmutable())
            : throw Damaged(path);
    }

    private static (int Epoch, ImmutableArray<EpochRow> Rows, string Checksum) ReadMetadata(JsonObjectReader o)
    {
        o.OneOf("format", Format);
        o.OneOf("version", $"{Version}");
        var checksum = o.Text("sha256", 64);
        var rows = StrictJson.Read(o.Verbatim("rows", MostHeader), What, MostHeader, root =>
            root.Has("rows") ? root.Objects("rows", MostEpochs, ReadRow) : []);
        return (rows.Length, rows, checksum);
    }

    private static EpochRow ReadRow(JsonObjectReader o) => new(
        o.Integer("epoch", 1, MostEpochs), o.Real("learningRate"), o.Real("trainingLoss"), o.Real("testLoss"), o.Real("top1"), o.Real("top5"), o.Real("seconds"),
        o.Real("evaluationSeconds"), o.Number("images", 1, long.MaxValue));

    private static byte[] Header(Checkpoint checkpoint)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var header = new JsonObject();
        long offset = 0;
        foreach (var (name, values) in checkpoint.Tensors)
        {
            var bytes = MemoryMarshal.AsBytes(values.AsSpan());
            hash.AppendData(bytes);
            header[name] = new JsonObject
            {
                ["dtype"] = "F32",
                ["shape"] = new JsonArray(values.Length),
                ["data_offsets"] = new JsonArray(offset, offset + bytes.Length),
            };
            offset += bytes.Length;
        }

        header["__metadata__"] = new JsonObject
        {
            ["format"] = Format,
            ["version"] = $"{Version}",
            ["sha256"] = Convert.ToHexStringLower(hash.GetHashAndReset()),
            ["rows"] = Rows(checkpoint.Rows).ToJsonString(),
        };
        var text = header.ToJsonString();
        return Encoding.UTF8.GetBytes(text.PadRight((text.Length + Alignment - 1) / Alignment * Alignment));
    }

    private static JsonObject Rows(ImmutableArray<EpochRow> rows) => rows.IsEmpty ? [] : new JsonObject
    {
        ["rows"] = new JsonArray([.. rows.Select(row => new JsonObject
        {
            ["epoch"] = row.Epoch,
            ["learningRate"] = row.LearningRate,
            ["trainingLoss"] = row.TrainingLoss,
            ["testLoss"] = row.TestLoss,
            ["top1"] = row.Top1,
            ["top5"] = row.Top5,
            ["seconds"] = row.Seconds,
            ["evaluationSeconds"] = row.EvaluationSeconds,
            ["images"] = row.Images,
        })]),
    };

    private static InvalidInputException Damaged(string path) =>
        new($"checkpoint '{path}' is damaged: its checksum doesn't hold; allowed is the file as a training wrote it");
}

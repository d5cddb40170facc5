using System.Buffers.Binary;
using System.IO.Compression;

namespace ZenNas.Cli.Tests;

/// <summary>A folder of pictures in MNIST's format that can be learnt: stripes whose width and direction are the class, under noise.</summary>
internal static class IdxPictures
{
    private const int Size = 28;
    private const int Classes = 10;

    public static void Write(string folder, int training, int test)
    {
        Directory.CreateDirectory(folder);
        Write(folder, "train", training, 1);
        Write(folder, "t10k", test, 2);
    }

    private static void Write(string folder, string part, int count, int seed)
    {
        var random = new Random(seed);
        var pixels = new byte[count * Size * Size];
        random.NextBytes(pixels);
        byte[] labels = [.. Enumerable.Range(0, count).Select(i => (byte)(i % Classes))];
        for (var i = 0; i < count; i++)
        {
            var (period, isVertical) = (1 + labels[i] % 5, labels[i] >= 5);
            for (var y = 0; y < Size; y++)
            {
                for (var x = 0; x < Size; x++)
                {
                    ref var pixel = ref pixels[(i * Size + y) * Size + x];
                    pixel = (byte)(pixel / 3 + ((isVertical ? x : y) / period % 2 == 0 ? 150 : 0));
                }
            }
        }

        WriteFile(Path.Combine(folder, $"{part}-images-idx3-ubyte.gz"), [count, Size, Size], pixels);
        WriteFile(Path.Combine(folder, $"{part}-labels-idx1-ubyte.gz"), [count], labels);
    }

    private static void WriteFile(string path, int[] shape, byte[] content)
    {
        using var stream = new GZipStream(File.Create(path), CompressionLevel.Fastest);
        stream.Write([0, 0, 8, (byte)shape.Length]);
        Span<byte> number = stackalloc byte[4];
        foreach (var size in shape)
        {
            BinaryPrimitives.WriteInt32BigEndian(number, size);
            stream.Write(number);
        }

        stream.Write(content);
    }
}

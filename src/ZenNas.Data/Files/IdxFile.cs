using System.Buffers.Binary;
using System.Collections.Immutable;
using System.IO.Compression;

namespace ZenNas.Data.Files;

/// <summary>A file in the IDX format of MNIST (LeCun): two zero bytes, type of the elements, number of dimensions, sizes in big-endian order, elements.</summary>
internal sealed class IdxFile
{
    public const string GzipEnding = ".gz";

    private const byte UnsignedByte = 8;

    // Deflate can't do better, so that a small file can't ask for a lot of memory.
    private const int LargestCompression = 1032;

    private IdxFile(ImmutableArray<int> sizes, byte[] elements) => (Sizes, Elements) = (sizes, elements);

    public ImmutableArray<int> Sizes { get; }

    /// <summary>The elements, row-major.</summary>
    public byte[] Elements { get; }

    /// <summary>Reads a file of unsigned bytes, compressed where its name ends so.</summary>
    /// <param name="path">The file.</param>
    /// <param name="dimensions">Number of dimensions it has to have.</param>
    /// <exception cref="InvalidInputException">It isn't a whole file of this format.</exception>
    public static IdxFile Read(string path, int dimensions)
    {
        try
        {
            using var file = DataFile.Open(path);
            if (!path.EndsWith(GzipEnding, StringComparison.Ordinal))
            {
                return Read(file, file.Length, path, dimensions);
            }

            using var content = new GZipStream(file, CompressionMode.Decompress);
            return Read(content, file.Length * LargestCompression, path, dimensions);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidInputException($"{DataFile.Shown(path)}: isn't a whole gzip file; allowed is one", e);
        }
        catch (Exception e) when (DataFile.IsFailure(e))
        {
            throw DataFile.Unreadable(path, e);
        }
    }

    private static IdxFile Read(Stream content, long mostBytes, string path, int dimensions)
    {
        var header = new byte[sizeof(int) * (1 + dimensions)];
        Fill(content, header, path);
        if (header is not [0, 0, UnsignedByte, var given, ..] || given != dimensions)
        {
            throw new InvalidInputException(
                $"{DataFile.Shown(path)}: begins with {Convert.ToHexString(header.AsSpan(0, sizeof(int)))}; allowed is 000008{dimensions:X2}");
        }

        var sizes = ImmutableArray.CreateBuilder<int>(dimensions);
        long bytes = 1;
        var most = Math.Min(mostBytes, Array.MaxLength);
        for (var i = 0; i < dimensions; i++)
        {
            var size = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(sizeof(int) * (1 + i)));
            bytes = size <= 0 || bytes > most / size ? most + 1 : bytes * size;
            sizes.Add(size);
        }

        if (bytes > most)
        {
            throw new InvalidInputException(
                $"{DataFile.Shown(path)}: says it has {string.Join('×', sizes)} elements; allowed are at least 1 and at most {most}, what a file of its size can hold");
        }

        var elements = new byte[bytes];
        Fill(content, elements, path);
        return content.ReadByte() < 0
            ? new IdxFile(sizes.MoveToImmutable(), elements)
            : throw new InvalidInputException($"{DataFile.Shown(path)}: goes on after {string.Join('×', sizes)} elements; allowed are no more");
    }

    private static void Fill(Stream content, byte[] bytes, string path)
    {
        var count = content.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (count < bytes.Length)
        {
            throw new InvalidInputException($"{DataFile.Shown(path)}: ends {bytes.Length - count} bytes too early; allowed is a whole file");
        }
    }
}

using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ZenNas.Data;

namespace ZenNas.Training;

/// <summary>
/// Tells data from other data under the same path, so that a training doesn't go on with what it didn't begin with: names, counts, classes, all labels, and
/// some pictures of each part.
/// </summary>
public static class DataFingerprint
{
    private const int PicturesOfEach = 64;

    /// <summary>SHA-256 in hexadecimal digits.</summary>
    public static string Of(DatasetPair data)
    {
        ArgumentNullException.ThrowIfNull(data);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, data.Training);
        Add(hash, data.Test);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>SHA-256 of a file in hexadecimal digits.</summary>
    /// <exception cref="InvalidInputException">It can't be read.</exception>
    public static string OfFile(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return Convert.ToHexStringLower(SHA256.HashData(stream));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"'{path}' can't be read ({e.Message}); allowed is a file", e);
        }
    }

    private static void Add(IncrementalHash hash, IImageDataset data)
    {
        hash.AppendData(Encoding.UTF8.GetBytes($"{data.Name}\n{data.Count}\n{data.Channels}\n{string.Join('\n', data.ClassNames)}\n"));
        Span<byte> label = stackalloc byte[sizeof(int)];
        for (var i = 0; i < data.Count; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(label, data.Label(i));
            hash.AppendData(label);
        }

        for (var i = 0; i < data.Count; i += Math.Max(1, data.Count / PicturesOfEach))
        {
            try
            {
                hash.AppendData(data.Read(i).Pixels.Span);
            }
            catch (BrokenPictureException)
            {
                // What to do about it is the training's choice; it is as broken the next time.
                hash.AppendData([0]);
            }
        }
    }
}

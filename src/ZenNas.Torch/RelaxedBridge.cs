using System.Buffers.Binary;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;

namespace ZenNas.Torch;

/// <summary>
/// A copy of TorchSharp's bridge library that loads where libstdc++ is older than GCC 13's (Debian 12, Ubuntu 22.04, RHEL 9).
/// </summary>
/// <remarks>
/// The shipped file asks for symbol version GLIBCXX_3.4.32 for a single symbol, std::ios_base_library_init(), a link-time marker that no
/// relocation uses. In the copy that one requirement carries the flag VER_FLG_WEAK, so that the loader doesn't insist on it.
/// </remarks>
[SupportedOSPlatform("linux")]
internal static class RelaxedBridge
{
    /// <summary>The version whose absence the copy tolerates.</summary>
    public const string Version = "GLIBCXX_3.4.32";

    private const uint SectionVersionNeeds = 0x6ffffffe;
    private const ushort Weak = 2;

    /// <summary>Writes the copy, where it isn't there yet, and returns its path.</summary>
    /// <remarks>
    /// The folder lies in the user's cache, is only this user's, and an existing file is used only when it holds exactly the expected bytes.
    /// </remarks>
    public static string CopyOf(string path)
    {
        var shipped = File.ReadAllBytes(path);
        var relaxed = Relax(shipped);
        var folder = PrivateFolder(Convert.ToHexStringLower(SHA256.HashData(shipped)));
        var copy = Path.Combine(folder, Path.GetFileName(path));
        if (!File.Exists(copy) || !File.ReadAllBytes(copy).AsSpan().SequenceEqual(relaxed))
        {
            var temporary = Path.Combine(folder, Path.GetRandomFileName());
            File.WriteAllBytes(temporary, relaxed);
            File.Move(temporary, copy, overwrite: true);
        }

        return copy;
    }

    /// <summary>Sets the weak flag on every requirement of <see cref="Version"/> in a 64-bit little-endian ELF file.</summary>
    internal static byte[] Relax(byte[] shipped)
    {
        var file = (byte[])shipped.Clone();
        if (!file.AsSpan().StartsWith("\u007fELF\u0002\u0001"u8))
        {
            throw new BadImageFormatException("the bridge library isn't a 64-bit little-endian ELF file");
        }

        var sections = (long)Read64(file, 0x28);
        var (size, count) = (Read16(file, 0x3A), Read16(file, 0x3C));
        for (var i = 0; i < count; i++)
        {
            var header = (int)(sections + i * size);
            if (Read32(file, header + 4) == SectionVersionNeeds)
            {
                var strings = (int)(sections + Read32(file, header + 0x28) * size);
                RelaxNeeds(file, (int)Read64(file, header + 0x18), (int)Read64(file, strings + 0x18));
            }
        }

        return file;
    }

    private static void RelaxNeeds(byte[] file, int need, int strings)
    {
        for (uint next = 1; next != 0; need += (int)next)
        {
            var auxiliary = need + (int)Read32(file, need + 8);
            for (uint step = 1; step != 0; auxiliary += (int)step)
            {
                if (NameAt(file, strings + (int)Read32(file, auxiliary + 8)) == Version)
                {
                    BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(auxiliary + 4), (ushort)(Read16(file, auxiliary + 4) | Weak));
                }

                step = Read32(file, auxiliary + 12);
            }

            next = Read32(file, need + 12);
        }
    }

    private static string PrivateFolder(string hash)
    {
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } set
            ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), ".cache");
        var folder = Path.Combine(AppContext.BaseDirectory, cache, "zennas", "native", hash);
        const UnixFileMode OnlyUser = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Directory.CreateDirectory(folder, OnlyUser);
        File.SetUnixFileMode(folder, OnlyUser);
        return folder;
    }

    private static string NameAt(byte[] file, int offset) =>
        Encoding.ASCII.GetString(file.AsSpan(offset, file.AsSpan(offset).IndexOf((byte)0)));

    private static ushort Read16(byte[] file, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(offset));

    private static uint Read32(byte[] file, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(offset));

    private static ulong Read64(byte[] file, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(offset));
}

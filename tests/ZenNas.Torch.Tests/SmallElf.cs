using System.Buffers.Binary;
using System.Text;

namespace ZenNas.Torch.Tests;

/// <summary>Writes the least of an ELF file that states which versions of which libraries it needs.</summary>
internal static class SmallElf
{
    private const int FileHeader = 64;
    private const int SectionHeader = 64;
    private const int Entry = 16;

    /// <summary>Each library with the versions asked of it; <paramref name="flags"/> is what each version's entry carries.</summary>
    public static byte[] Write((string Library, string[] Versions)[] needs, ushort flags = 0)
    {
        var strings = new List<byte> { 0 };
        var entries = new List<byte>();
        for (var i = 0; i < needs.Length; i++)
        {
            var (library, versions) = needs[i];
            var size = Entry * (1 + versions.Length);
            entries.AddRange(Bytes16(1, (ushort)versions.Length));
            entries.AddRange(Bytes32(Add(strings, library), Entry, i + 1 < needs.Length ? size : 0));
            for (var v = 0; v < versions.Length; v++)
            {
                entries.AddRange(Bytes32((int)Hash(versions[v])));
                entries.AddRange(Bytes16(flags, (ushort)(v + 2)));
                entries.AddRange(Bytes32(Add(strings, versions[v]), v + 1 < versions.Length ? Entry : 0));
            }
        }

        var sections = FileHeader + entries.Count + strings.Count;
        var file = new byte[sections + 3 * SectionHeader];
        byte[] start = [0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1];
        start.CopyTo(file, 0);
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(0x28), sections);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(0x3A), SectionHeader);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(0x3C), 3);
        entries.CopyTo(file, FileHeader);
        strings.CopyTo(file, FileHeader + entries.Count);
        WriteSection(file.AsSpan(sections + SectionHeader), 0x6ffffffe, FileHeader, entries.Count, link: 2);
        WriteSection(file.AsSpan(sections + 2 * SectionHeader), 3, FileHeader + entries.Count, strings.Count, link: 0);
        return file;
    }

    /// <summary>Hash of a name as the System V ABI defines it.</summary>
    public static uint Hash(string name)
    {
        uint hash = 0;
        foreach (var c in name)
        {
            hash = (hash << 4) + c;
            var high = hash & 0xF0000000;
            hash = (hash ^ (high >> 24)) & ~high;
        }

        return hash;
    }

    private static void WriteSection(Span<byte> header, uint type, int offset, int size, int link)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], type);
        BinaryPrimitives.WriteInt64LittleEndian(header[0x18..], offset);
        BinaryPrimitives.WriteInt64LittleEndian(header[0x20..], size);
        BinaryPrimitives.WriteInt32LittleEndian(header[0x28..], link);
    }

    private static int Add(List<byte> strings, string text)
    {
        var offset = strings.Count;
        strings.AddRange([.. Encoding.ASCII.GetBytes(text), 0]);
        return offset;
    }

    private static byte[] Bytes16(params ushort[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    private static byte[] Bytes32(params int[] values) => [.. values.SelectMany(BitConverter.GetBytes)];
}

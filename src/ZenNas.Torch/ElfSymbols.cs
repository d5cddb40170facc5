using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using System.Text;

namespace ZenNas.Torch;

/// <summary>Symbols of a 64-bit little-endian ELF file, local ones included.</summary>
internal static unsafe class ElfSymbols
{
    private const uint SectionSymbols = 2;
    private const int SymbolSize = 24;

    /// <summary>Values of the symbols that the file's table has; empty where it has been stripped.</summary>
    public static IReadOnlyDictionary<string, ulong> Find(string path, params string[] names)
    {
        using var file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        using var view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        try
        {
            return Find(start, (ulong)view.Capacity, names);
        }
        finally
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }

    private static Dictionary<string, ulong> Find(byte* file, ulong length, string[] names)
    {
        var found = new Dictionary<string, ulong>();
        var wanted = names.ToDictionary(n => n, n => Encoding.ASCII.GetBytes(n + "\0"));
        var sections = Read64(file + 0x28);
        var (size, count) = (*(ushort*)(file + 0x3A), *(ushort*)(file + 0x3C));
        for (var i = 0; i < count && sections + (ulong)(size * count) <= length; i++)
        {
            var header = file + sections + i * size;
            if (*(uint*)(header + 4) == SectionSymbols)
            {
                var strings = file + Read64(file + sections + *(uint*)(header + 0x28) * size + 0x18);
                Scan(file + Read64(header + 0x18), Read64(header + 0x20) / SymbolSize, strings, wanted, found);
            }
        }

        return found;
    }

    private static void Scan(byte* symbol, ulong count, byte* strings, Dictionary<string, byte[]> wanted, Dictionary<string, ulong> found)
    {
        for (ulong i = 0; i < count; i++, symbol += SymbolSize)
        {
            var name = strings + *(uint*)symbol;
            foreach (var (text, bytes) in wanted)
            {
                if (*name == bytes[0] && MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name).SequenceEqual(bytes.AsSpan()[..^1]))
                {
                    found[text] = Read64(symbol + 8);
                }
            }
        }
    }

    private static ulong Read64(byte* at) => *(ulong*)at;
}

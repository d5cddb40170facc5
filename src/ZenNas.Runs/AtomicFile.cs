using System.Text;

namespace ZenNas.Runs;

/// <summary>Writes files so that a reader, or a run after a crash, sees the old content or the new one, never a part.</summary>
public static class AtomicFile
{
    /// <summary>Writes a text beside the target, then renames it over the target.</summary>
    public static void Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text), overwrite: true);

    /// <summary>Writes bytes beside the target, then renames them over the target.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content) => Write(path, content, overwrite: true);

    /// <summary>The same for a text file that mustn't be there yet.</summary>
    /// <exception cref="IOException">It is there.</exception>
    internal static void WriteNew(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text), overwrite: false);

    /// <summary>Where the content stands before it is whole.</summary>
    internal static string TemporaryOf(string path) => path + ".tmp";

    private static void Write(string path, ReadOnlySpan<byte> content, bool overwrite)
    {
        var temporary = TemporaryOf(path);
        using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite);
    }
}

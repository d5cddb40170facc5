namespace ZenNas.Runs;

/// <summary>Writes files so that a reader, or a run after a crash, sees the old content or the new one, never a part.</summary>
public static class AtomicFile
{
    /// <summary>Writes a text beside the target, then renames it over the target.</summary>
    public static void Write(string path, string text)
    {
        var temporary = path + ".tmp";
        using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            using var writer = new StreamWriter(stream);
            writer.Write(text);
            writer.Flush();
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }
}

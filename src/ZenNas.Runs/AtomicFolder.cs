namespace ZenNas.Runs;

/// <summary>Writes folders so that a reader sees all their files or none.</summary>
public static class AtomicFolder
{
    /// <summary>Writes files into a folder beside the target, then renames it. Where that fails, nothing is left.</summary>
    /// <param name="path">The folder, which mustn't be there yet.</param>
    /// <param name="files">Name and content of every file.</param>
    /// <exception cref="IOException">Something of this name is there, or the folder can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be made there.</exception>
    public static void WriteNew(string path, IReadOnlyCollection<(string Name, byte[] Content)> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        var target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var temporary = Path.Combine(Path.GetDirectoryName(target)!, $".zennas-{Guid.NewGuid():N}");
        Directory.CreateDirectory(temporary);
        try
        {
            foreach (var (name, content) in files)
            {
                AtomicFile.Write(Path.Combine(temporary, name), content);
            }

            Directory.Move(temporary, target);
        }
        catch
        {
            Directory.Delete(temporary, recursive: true);
            throw;
        }
    }
}

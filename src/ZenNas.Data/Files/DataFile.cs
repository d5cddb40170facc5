namespace ZenNas.Data.Files;

/// <summary>Files of datasets, with failures as sentences for the user.</summary>
internal static class DataFile
{
    private const int LongestShown = 400;

    /// <summary>A path as it stands in messages.</summary>
    public static string Shown(string path) => Excerpt.Of(path, LongestShown);

    /// <exception cref="InvalidInputException">There is no such file, or it may not be read.</exception>
    public static FileStream Open(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception e) when (IsFailure(e))
        {
            throw Unreadable(path, e);
        }
    }

    /// <summary>The whole content.</summary>
    /// <exception cref="InvalidInputException">There is no such file, it may not be read, or is larger than allowed.</exception>
    public static byte[] Read(string path, int mostBytes)
    {
        try
        {
            using var file = Open(path);
            if (file.Length > mostBytes)
            {
                throw new InvalidInputException($"{Shown(path)}: has {file.Length} bytes; allowed are {mostBytes}");
            }

            var content = new byte[file.Length];
            file.ReadExactly(content);
            return content;
        }
        catch (Exception e) when (IsFailure(e))
        {
            throw Unreadable(path, e);
        }
    }

    /// <summary>Throws where one of the files that belong together isn't there.</summary>
    public static void CheckAllThere(string what, string folder, IEnumerable<string> names)
    {
        if (names.FirstOrDefault(name => !File.Exists(Path.Combine(folder, name))) is { } missing)
        {
            throw new InvalidInputException($"{Shown(folder)} holds {what} without {missing}; allowed is the whole dataset");
        }
    }

    /// <summary>Whether reading failed for a reason outside the program.</summary>
    public static bool IsFailure(Exception e) => e is IOException or UnauthorizedAccessException;

    /// <summary>The sentence for <see cref="IsFailure"/>.</summary>
    public static InvalidInputException Unreadable(string path, Exception e) =>
        new($"{Shown(path)}: can't be read ({Excerpt.Of(e.Message, LongestShown)}); allowed is a file that can", e);
}

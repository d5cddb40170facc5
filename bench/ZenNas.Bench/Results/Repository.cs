namespace ZenNas.Bench.Results;

/// <summary>Paths inside the repository, whichever folder the program is started from.</summary>
internal static class Repository
{
    private const string Marker = "bench/pytorch/zen_score.py";
    private static readonly Lazy<string> Root = new(Find);

    public static string Path(params string[] parts) => System.IO.Path.Combine([Root.Value, .. parts]);

    private static string Find()
    {
        foreach (var start in new[] { Directory.GetCurrentDirectory(), AppContext.BaseDirectory })
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(System.IO.Path.Combine(folder.FullName, Marker)))
                {
                    return folder.FullName;
                }
            }
        }

        throw new InvalidInputException($"{Marker} is neither above the current folder nor above the program; start it in the repository");
    }
}
